#include "between/chunk_fields.hpp"

#include <algorithm>
#include <cmath>

namespace traces {
namespace {

constexpr std::string_view kDecisionMaker = "_dd.p.dm";

std::optional<std::int32_t> priority_of(const Span& span) {
  const double* value = span.find_metric("_sampling_priority_v1");
  if (value == nullptr || !(std::fabs(*value) < 1e9)) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

std::size_t last_without_its_parent(std::span<const Span> spans) {
  std::vector<std::uint64_t> ids;
  ids.reserve(spans.size());
  for (const Span& span : spans) ids.push_back(span.span_id);
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = spans.size(); i-- > 0;)
    if (!std::binary_search(ids.begin(), ids.end(), spans[i].parent_id)) return i;
  return spans.size() - 1;
}

}  // namespace

std::size_t root_of(const Chunk& chunk) {
  const std::span<const Span> spans = chunk.spans();
  for (std::size_t i = spans.size(); i-- > 0;)
    if (spans[i].parent_id == 0) return i;
  return last_without_its_parent(spans);
}

void complete_fields(Chunk& chunk) {
  const std::span<const Span> spans = std::as_const(chunk).spans();
  const Span& root = spans[root_of(chunk)];
  if (!chunk.priority) chunk.priority = priority_of(root);
  for (std::size_t i = 0; !chunk.priority && i < spans.size(); ++i) chunk.priority = priority_of(spans[i]);
  if (chunk.origin.empty()) chunk.origin = root.tag("_dd.origin");
  for (const auto& tag : chunk.tags)
    if (tag.first == kDecisionMaker) return;
  std::string_view maker = root.tag(kDecisionMaker);
  for (std::size_t i = 0; maker.empty() && i < spans.size(); ++i) maker = spans[i].tag(kDecisionMaker);
  if (!maker.empty()) chunk.tags.emplace_back(kDecisionMaker, maker);
}

}  // namespace traces
