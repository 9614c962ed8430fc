#include "between/tag_rules.hpp"

#include <algorithm>

#include "in/utf8.hpp"

namespace metrics {

namespace {

constexpr std::string_view kDevice = "device:", kResource = "dd.internal.resource:";

}  // namespace

bool is_instruction(std::string_view tag) {
  return tag.starts_with("host:") || (tag.starts_with("dd.internal.") && !tag.starts_with(kResource));
}

bool names_resource(std::string_view tag, Resource& out) {
  if (!tag.starts_with('d')) return false;
  if (tag.starts_with(kDevice)) {
    out = {"device", tag.substr(kDevice.size())};
  } else if (tag.starts_with(kResource)) {
    const std::string_view both = tag.substr(kResource.size());
    const std::size_t colon = both.find(':');
    out = {both.substr(0, colon), colon == both.npos ? std::string_view() : both.substr(colon + 1)};
  } else {
    return false;
  }
  return true;
}

bool TagRules::apply(std::string_view tags, std::string_view more, std::string& out) {
  mended_.clear();
  append_utf8(mended_, tags);
  if (!more.empty()) mended_.append(1, ',').append(more);
  views_.clear();
  for_each_tag(mended_, [this](std::string_view tag) {
    if (!is_instruction(tag)) views_.push_back(tag);
  });
  std::sort(views_.begin(), views_.end());
  views_.erase(std::unique(views_.begin(), views_.end()), views_.end());
  out.clear();
  for (const std::string_view tag : views_) {
    if (tag.size() > kTagBytesMax) return false;
    if (!out.empty()) out.push_back(',');
    out.append(tag);
  }
  return views_.size() <= kTagsMax;
}

}  // namespace metrics
