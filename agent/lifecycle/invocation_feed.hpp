// The feed: each fact about an invocation goes through here into the model, and what follows from it to the plugins.
//
// Three mouths speak into it (lifecycle_loop, routes/tracer_routes, routes/telemetry_route); `changed` tells whoever
// waits for a state (the loop, for the end of an invocation) to look again. No I/O, no decision.
#pragma once

#include <string_view>

#include "invocation/attribution.hpp"
#include "invocation/invocations.hpp"
#include "net/task.hpp"
#include "plugin/plugin_set.hpp"

namespace agent {

class InvocationFeed {
 public:
  InvocationFeed(Loop& loop, Wall process_start, bool managed, PluginSet& plugins);

  void invoke(std::string_view request_id, std::string_view function_arn, Wall deadline, Wall now);
  // `payload` is what plugins see; a copy is kept in the record while it fits kInvocationPayloadBytesMax. The headers
  // that plugins want on the tracer's answer are appended to `reply`.
  void tracer_start(std::string_view request_id, TracerCall call, std::string_view payload,
                    PluginSet::ReplyHeaders& reply);
  void tracer_end(std::string_view request_id, TracerCall call, std::string_view payload, bool error);
  void started(std::string_view request_id, std::string_view version, Wall at, Wall now);
  void done(std::string_view request_id, const DoneFacts& facts, Wall at, Wall now);
  void reported(std::string_view request_id, const ReportFacts& facts, Wall at, Wall now);
  void expect_restore() { invocations_.expect_restore(); }
  void restore_started(Wall at) { invocations_.restore_started(at); }
  // Closes what is open, then tells SLS_SHUTDOWN.
  void shut_down(std::string_view reason, Wall deadline, Wall now);

  // An earlier life of the process knew of invocations, of this one last.
  void continue_earlier(std::string_view last_request_id, bool first) {
    if (!first) invocations_.continue_earlier();
    attribution_.started(last_request_id);
  }

  const Invocations& invocations() const { return invocations_; }
  // Attribution follows the platform's order of records, so telemetry_route drives it record by record.
  Attribution& attribution() { return attribution_; }
  Signal& changed() { return changed_; }

 private:
  void tell(Wall now, std::string_view payload = {}, PluginSet::ReplyHeaders* reply = nullptr);

  Invocations invocations_;
  Attribution attribution_;
  PluginSet& plugins_;
  Signal changed_;
  InvocationSteps steps_;
};

}  // namespace agent
