// The host's own routes for tracing libraries on 8124: hello, flush, start-invocation, end-invocation.
//
// They only fill in the invocation's record and tell the plugins; the answer never waits for I/O, and a bad body is no
// reason for an error: headers are honoured, 200 {} is answered. Wire facts: the official extension's lifecycle API.
#pragma once

#include "lifecycle/invocation_feed.hpp"
#include "routes/dispatch.hpp"

namespace agent {

struct TracerRouteOptions {
  bool local_test =
      false;  // DD_LOCAL_TEST: under the emulator, which has no telemetry, flush means "the runtime is done"
};

void add_tracer_routes(Dispatch& dispatch, InvocationFeed& feed, TracerRouteOptions options);

}  // namespace agent
