// Spans that a tracer made of what belongs to the runtime or to this agent: calls of the runtime's client, of the
// agent's own receivers, look-ups of local names, and the placeholder of the invocation.
//
// It refuses to judge anything but one span at a time. Called by trades. Facts: bottlecap, traces/trace_processor.rs;
// datadog-agent, pkg/serverless/trace.
#pragma once

#include <string>
#include <string_view>

#include "span.hpp"

namespace traces {

class InternalSpans {
 public:
  // "127.0.0.1:9001": where the runtime's client asks for events.
  explicit InternalSpans(std::string_view runtime_api = {}) : runtime_api_(runtime_api) {}

  bool contains(const Span& span) const;

 private:
  bool is_ours(std::string_view address) const;

  std::string runtime_api_;
};

}  // namespace traces
