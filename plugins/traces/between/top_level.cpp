#include "between/top_level.hpp"

#include <algorithm>

namespace traces {
namespace {

constexpr std::string_view kMark = "_top_level", kTracersMark = "_dd.top_level";

}  // namespace

void TopLevel::mark(Chunk& chunk, bool computed_by_tracer) {
  if (!computed_by_tracer) return compute(chunk);
  for (Span& span : chunk.spans())
    if (const double* mark = span.find_metric(kTracersMark); mark != nullptr && *mark == 1) span.set_metric(kMark, 1);
}

void TopLevel::compute(Chunk& chunk) {
  const std::span<Span> spans = chunk.spans();
  ids_.clear();
  for (std::uint32_t i = 0; i < spans.size(); ++i) ids_.emplace_back(spans[i].span_id, i);
  std::sort(ids_.begin(), ids_.end());
  for (Span& span : spans) {
    const auto parent = std::lower_bound(ids_.begin(), ids_.end(), std::pair(span.parent_id, std::uint32_t{0}));
    const bool is_here = span.parent_id != 0 && parent != ids_.end() && parent->first == span.parent_id;
    if (!is_here || spans[parent->second].service != span.service) span.set_metric(kMark, 1);
  }
}

}  // namespace traces
