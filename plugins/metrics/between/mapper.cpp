#include "between/mapper.hpp"

#include <algorithm>

#include "spellings.hpp"

namespace metrics {

Mapping::Mapping(Wildcard wildcard, std::string_view name, const Tags& tags) {
  ByWildcard way{std::move(wildcard), GroupText(name), {}};
  for (const auto& [key, text] : tags) {
    keys_.push_back(key);
    way.tags.emplace_back(text);
  }
  way_ = std::move(way);
}

Mapping::Mapping(sls::Regex regex, std::string_view name, const Tags& tags) {
  ByRegex way{std::move(regex), {}, {}};
  way.name = sls::Replacement(name, way.pattern);
  for (const auto& [key, text] : tags) {
    keys_.push_back(key);
    way.tags.emplace_back(text, way.pattern);
  }
  way_ = std::move(way);
}

bool Mapping::apply(std::string_view from, std::string& name, std::string& tags) const {
  std::string text;
  tags.clear();
  // A comma ends a tag, so inside of one it cannot stand.
  const auto add_tag = [&](std::size_t i) {
    std::replace(text.begin(), text.end(), ',', '_');
    tags.append(tags.empty() ? "" : ",").append(keys_[i]).append(1, ':').append(text);
  };
  if (const auto* way = std::get_if<ByWildcard>(&way_)) {
    std::vector<std::string_view> groups;
    if (!way->pattern.matches(from, groups)) return false;
    way->name.expand(groups, name);
    for (std::size_t i = 0; i < keys_.size(); ++i) way->tags[i].expand(groups, text), add_tag(i);
    return true;
  }
  const auto& way = std::get<ByRegex>(way_);
  // The pattern is anchored at both ends, so what is replaced is the whole name.
  if (!way.name.replace_all(way.pattern, from, name)) return false;
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (way.tags[i].replace_all(way.pattern, from, text)) add_tag(i);
  return true;
}

Mapper::Mapper(std::vector<MapperProfile> profiles, std::size_t cached)
    : profiles_(std::move(profiles)), answers_(profiles_.empty() ? 0 : cached) {}

bool Mapper::ask(std::string_view name, Answer& out) const {
  out.matched = false;
  const auto profile = std::find_if(profiles_.begin(), profiles_.end(), [name](const MapperProfile& each) {
    return each.prefix == "*" || name.starts_with(each.prefix);
  });
  if (profile == profiles_.end()) return false;
  out.matched = std::any_of(profile->mappings.begin(), profile->mappings.end(),
                            [&](const Mapping& each) { return each.apply(name, out.name, out.tags); });
  return out.matched;
}

bool Mapper::map(std::string_view name, std::string_view& mapped, std::string_view& tags) {
  if (profiles_.empty()) return false;
  const std::size_t place = answers_.empty() ? 0 : Spelling(0, name, {}).hash % answers_.size();
  Answer* answer = answers_.empty() ? &spare_ : &answers_[place];
  if (!answer->known || answer->from != name) {
    ask(name, spare_);
    answer = &spare_;
    const bool short_enough =
        name.size() + (spare_.matched ? spare_.name.size() + spare_.tags.size() : 0) <= kCachedNameBytesMax;
    if (!answers_.empty() && short_enough) {
      answer = &answers_[place];
      *answer = {true, spare_.matched, std::string(name), spare_.matched ? spare_.name : std::string(),
                 spare_.matched ? spare_.tags : std::string()};
    }
  }
  mapped = answer->name;
  tags = answer->tags;
  return answer->matched;
}

}  // namespace metrics
