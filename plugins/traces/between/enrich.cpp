#include "between/enrich.hpp"

namespace traces {
namespace {

constexpr std::string_view kLambda = "aws.lambda";

std::uint64_t shape_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto last = static_cast<unsigned char>(key.back());
  return std::uint64_t{1} << ((key.size() * 11 + last) & 63);
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
  for (const auto& tag : tags_) shapes_ |= shape_of(tag.first);
  seen_.resize(tags_.size());
}

void Enrichment::apply(Span& span, bool counted) {
  if (!service_.empty() && span.service == kLambda) span.service = service_;
  overwrite(span);
  for (std::size_t i = 0; i < tags_.size(); ++i)
    if (seen_[i] != span_) span.meta.emplace_back(tags_[i].first, tags_[i].second);
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
    is_inferred = is_inferred || key == "_inferred_span.tag_source";
    has_base = has_base || key == "_dd.base_service";
    if ((shapes_ & shape_of(key)) == 0) continue;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      if (tags_[i].first != key) continue;
      value = tags_[i].second;
      seen_[i] = span_;
      break;
    }
  }
  if (is_inferred && !has_base) span.meta.emplace_back("_dd.base_service", base_service_);
}

}  // namespace traces
