// What the Extensions API answers to GET /event/next: an invocation, or the end of the sandbox.
//
// Text to value, nothing else: who asks again after an error, and what a missing deadline means, is decided in
// lifecycle. Unknown members are ignored. Called by lambda/extensions_api.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agent {

struct NextEvent {
  enum class Kind { kInvoke, kShutdown };
  Kind kind = Kind::kInvoke;
  std::int64_t deadline_ms = 0;         // since the epoch; 0: not told (SHUTDOWN only)
  std::string request_id;               // INVOKE
  std::string function_arn;             // INVOKE, as it came
  std::string trace_type, trace_value;  // INVOKE, where the platform traces: "X-Amzn-Trace-Id", "Root=…"
  std::string shutdown_reason;          // SHUTDOWN: spindown, timeout, failure; empty: not told
};

// An INVOKE must have its deadline, request id and function ARN; a SHUTDOWN counts with whatever it has, because the
// sandbox ends anyway. A number may stand as text. Error (kProtocol): what was missing or not understood.
Result<NextEvent> parse_next_event(std::string_view body);

}  // namespace agent
