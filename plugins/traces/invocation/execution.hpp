// What is known of one invocation on the way to its spans: one record per request id, written by the tracer's two
// calls, by its placeholder span and by the platform, in any order. Owns its texts.
//
// The placeholder is the span that a tracer opens for the handler and sends like any other; its tags become those of
// aws.lambda, and it is never shipped itself. Written by executions, read by execution_chunk. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sls/views.hpp"
#include "span.hpp"
#include "trace_context.hpp"
#include "trigger_facts.hpp"

namespace traces::invocation {

inline constexpr std::string_view kPlaceholderResource = "dd-tracer-serverless-span";

using OwnTexts = std::vector<std::pair<std::string, std::string>>;

struct Execution {
  std::string request_id, function_arn;
  bool invoked = false;  // the platform knows of it

  // start-invocation
  bool started = false;
  std::optional<TraceContext> caller;
  TriggerFacts facts;
  OwnTexts request;  // what of the event is captured

  // end-invocation
  bool ended = false;
  std::uint64_t span_id = 0;  // of aws.lambda
  TraceContext of_tracer;     // counts when there is no caller's
  bool error = false;         // by its headers, or by the response's status
  OwnTexts error_tags;        // error.msg, error.type, error.stack: those that came
  std::string http_status;    // of the response; empty: none
  OwnTexts response;          // what of the response is captured

  // the placeholder
  OwnTexts meta, meta_struct;
  std::vector<std::pair<std::string, double>> metrics;
  bool computed_stats = false;  // by the tracer that sent it

  // the platform
  bool done = false;
  std::int64_t start_ns = 0, duration_ns = 0;
  std::string status, error_type;
  bool cold_start = false, proactive_init = false;

  bool closed = false;  // its chunk was made, or nothing will be made of it

  std::uint64_t trace_id() const { return caller ? caller->trace_id : of_tracer.trace_id; }
  const TraceContext& context() const { return caller ? *caller : of_tracer; }
};

// end-invocation's headers and body; what an earlier one said is forgotten.
void take_end(Execution& execution, sls::Pairs headers, std::string_view response);
// A tracer's placeholder.
void take_placeholder(Execution& execution, const Span& placeholder, bool computed_stats);

}  // namespace traces::invocation
