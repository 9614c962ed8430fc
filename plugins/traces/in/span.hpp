// A span as it came: views into the request's body. No rule of the trade stands here; what is absent is empty or 0.
//
// Filled by in/v04, read by out/agent_payload; reused from span to span, so that its vectors keep their room.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace traces {

using Texts = std::vector<std::pair<std::string_view, std::string_view>>;

struct SpanLink {
  std::uint64_t trace_id = 0, trace_id_high = 0, span_id = 0, flags = 0;
  std::string_view tracestate;
  Texts attributes;
};

struct Span {
  std::string_view service, name, resource, type;
  std::uint64_t trace_id = 0, span_id = 0, parent_id = 0;
  std::int64_t start = 0, duration = 0, error = 0;
  Texts meta, meta_struct;
  std::vector<std::pair<std::string_view, double>> metrics;
  std::vector<SpanLink> links;
  bool has_events = false;  // span events were there; they are not read yet

  void clear() {
    service = name = resource = type = {};
    trace_id = span_id = parent_id = 0;
    start = duration = error = 0;
    meta.clear(), meta_struct.clear(), metrics.clear(), links.clear();
    has_events = false;
  }
  // Of meta; empty: not there.
  std::string_view tag(std::string_view key) const {
    for (const auto& [name_, value] : meta)
      if (name_ == key) return value;
    return {};
  }
};

}  // namespace traces
