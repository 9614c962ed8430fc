#include "between/enrich.hpp"

#include <algorithm>

namespace metrics {

namespace {

// The intake wants one letter.
bool acceptable(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return name.size() <= kNameBytesMax && std::any_of(name.begin(), name.end(), letter);
}

}  // namespace

// A comma ends a tag, so inside of one it cannot stand.
void Enricher::add_tags(const std::vector<std::string>& tags) {
  for (const std::string& each : tags) {
    if (each.empty()) continue;
    if (!tags_.empty()) tags_.push_back(',');
    tags_.append(each);
    std::replace(tags_.end() - static_cast<std::ptrdiff_t>(each.size()), tags_.end(), ',', '_');
  }
}

Enricher::Verdict Enricher::enrich(Origin origin, std::string_view name, std::string_view tags, Identity& out) {
  out.name.assign(name);
  if (origin == Origin::kPosted)
    return acceptable(name) && rules_.apply(tags, {}, out.tags) ? Verdict::kTaken : Verdict::kInvalid;
  std::string_view mapped, mapped_tags, more = tags_;
  if (mapper_.map(name, mapped, mapped_tags)) {
    out.name.assign(mapped);
    if (!mapped_tags.empty()) {
      more_tags_.assign(mapped_tags);
      if (!tags_.empty()) more_tags_.append(1, ',').append(tags_);
      more = more_tags_;
    }
  }
  namespace_.apply(out.name);
  if (filter_.drops(out.name)) return Verdict::kFiltered;
  if (origin == Origin::kCopy) out.name.insert(0, copy_prefix_);
  return acceptable(out.name) && rules_.apply(tags, more, out.tags) ? Verdict::kTaken : Verdict::kInvalid;
}

}  // namespace metrics
