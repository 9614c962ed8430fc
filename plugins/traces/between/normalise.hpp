// Makes spans what the intake accepts: service, name, resource, type, times, and the tags that it reads itself.
//
// What cannot be mended (no ids, spans of different traces) condemns the whole trace. It refuses to shorten resources
// and tags in general (truncate does). Idempotent. Called by trades, first. Rules: datadog-agent, pkg/trace/agent,
// normalizer.go.
#pragma once

#include <cstdint>
#include <string_view>

#include "span.hpp"

namespace traces {

class Normaliser {
 public:
  explicit Normaliser(bool component_is_name = false) : component_is_name_(component_is_name) {}

  // False: the trace cannot be mended; some of its spans may have been changed. `language` is the tracer's, or empty;
  // `now_ns` is the wall clock, for spans that claim to be from before 2000.
  bool normalise(Chunk& chunk, std::string_view language, std::int64_t now_ns) const;

 private:
  void normalise(Span& span, Arena& arena, std::string_view language, std::int64_t now_ns) const;

  bool component_is_name_;  // feature component2name
};

}  // namespace traces
