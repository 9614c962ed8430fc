#include "between/enrich.hpp"

#include <utility>

#include "equals.hpp"

namespace traces {
namespace {

constexpr std::string_view kLambda = "aws.lambda";

std::size_t shape_of(std::string_view key) {
  if (key.empty()) return 0;
  return (key.size() * 11 + static_cast<unsigned char>(key.back())) % 64;
}

void set_tag(std::vector<std::pair<std::string, std::string>>& tags, std::string_view key, std::string_view value) {
  for (auto& tag : tags)
    if (tag.first == key) {
      tag.second = value;
      return;
    }
  tags.emplace_back(key, value);
}

}  // namespace

Enrichment::Enrichment(FunctionFacts facts) : tags_(std::move(facts.tags)) {
  for (const auto& tag : tags_)
    if (tag.first == "service") service_ = tag.second;
  base_service_ = !facts.services_are_represented ? std::string(kLambda)
                  : !facts.service.empty()        ? std::move(facts.service)
                  : !facts.name.empty()           ? std::move(facts.name)
                                                  : std::string(kLambda);
  set_tag(tags_, "origin", "lambda");
  set_tag(tags_, "_dd.origin", "lambda");
  by_shape_.fill(kNone);
  next_.resize(tags_.size());
  for (std::size_t i = tags_.size(); i-- > 0;) next_[i] = std::exchange(by_shape_[shape_of(tags_[i].first)], i);
  seen_.resize(tags_.size());
}

void Enrichment::apply(Span& span, bool counted) {
  if (!service_.empty() && span.service == kLambda) span.service = service_;
  overwrite(span);
  std::size_t kept = span.meta.size();
  span.meta.resize(kept + tags_.size());
  for (std::size_t i = 0; i < tags_.size(); ++i)
    if (seen_[i] != span_) span.meta[kept++] = tags_[i];
  span.meta.resize(kept);
  if (!counted) span.set("_dd.compute_stats", "1");
}

// The tags that the span has already, in one walk; looks for what decides on the base service on the way.
void Enrichment::overwrite(Span& span) {
  if (++span_ == 0) {
    seen_.assign(seen_.size(), 0);
    span_ = 1;
  }
  bool is_inferred = false, has_base = false;
  for (auto& [key, value] : span.meta) {
    is_inferred = is_inferred || equals(key, "_inferred_span.tag_source");
    has_base = has_base || equals(key, "_dd.base_service");
    for (std::size_t i = by_shape_[shape_of(key)]; i < tags_.size(); i = next_[i]) {
      if (tags_[i].first != key) continue;
      value = tags_[i].second;
      seen_[i] = span_;
      break;
    }
  }
  if (is_inferred && !has_base) span.meta.emplace_back("_dd.base_service", base_service_);
}

}  // namespace traces
