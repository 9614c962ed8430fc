// Where the context of the caller's trace is looked for, and in which order: the carrier of the trigger, ids that are
// made of what the event says, the event's headers, the tracer's request. The first that has one ends the search.
//
// Called once per start-invocation. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "carriers.hpp"
#include "propagation.hpp"

namespace traces::invocation {

std::optional<TraceContext> caller_context(const Carriers& carriers, const Carrier& request,
                                           const Propagation& propagation);

// Of a state machine's execution: SHA-256 of its names, as Step Functions' own spans have it.
std::optional<TraceContext> context_of(const StateMachineIds& ids);
// Of SQS's AWSTraceHeader, when a Datadog tracer wrote it: a 64-bit id behind eight zeros. A genuine X-Ray id is none.
std::optional<TraceContext> context_of_aws_header(std::string_view header);

}  // namespace traces::invocation
