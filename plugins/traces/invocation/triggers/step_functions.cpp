// Step Functions: the context object of a state machine, at one of four places of the event. The state machine's own
// spans stand in front of the function, so there is none to infer.
#include "../letters.hpp"
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

// event.Payload._datadog, else event.Payload, else event._datadog, else event.
Node context_object(Node event) {
  const Node outer = event["Payload"].is_object() ? event["Payload"] : event;
  return outer["_datadog"].is_object() ? outer["_datadog"] : outer;
}

bool recognises(Node event) {
  const Node object = context_object(event), state = object["State"];
  return object["Execution"]["Id"].is_string() && state["Name"].exists() && state["EnteredTime"].exists();
}

std::uint32_t count(Node number) {
  std::uint32_t out = 0;
  for (const char c : number.words()) {
    if (!is_digit(c) || out > 65535) return 0;
    out = out * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return out;
}

void describe(Sighting& s) {
  const Node object = context_object(s.event), execution = object["Execution"], state = object["State"];
  s.source("states", object["StateMachine"]["Id"].text());
  StateMachineIds& ids = s.carriers.state_machine;
  ids = {.found = true,
         .execution_id = execution["Id"].text(),
         .root_execution_id = object["RootExecutionId"].text(),
         .state_name = state["Name"].text(),
         .entered_time = state["EnteredTime"].text(),
         .retry_count = count(state["RetryCount"]),
         .redrive_count = count(execution["RedriveCount"])};
  if (object["x-datadog-trace-id"].is_string() && object["x-datadog-tags"].is_string()) {
    ids.function_is_root = true;
    ids.trace_id = object["x-datadog-trace-id"].text();
    ids.tags = object["x-datadog-tags"].text();
  }
}

}  // namespace

const Trigger step_functions{"step-functions", recognises, describe};

}  // namespace traces::invocation::triggers
