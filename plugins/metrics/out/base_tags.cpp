#include "out/base_tags.hpp"

#include <algorithm>
#include <protozero/pbf_writer.hpp>

#include "between/tag_rules.hpp"

namespace metrics {

namespace {

constexpr std::uint32_t kProductServerless = 1, kCategoryLambda = 38;
constexpr std::uint32_t kServiceCustom = 472, kServiceEnhanced = 473, kServiceRuntime = 474;

std::string_view key_of(std::string_view tag) { return tag.substr(0, tag.find(':')); }

}  // namespace

BaseTags::BaseTags(std::vector<std::string> tags, const std::vector<std::string>& excluded) {
  std::erase_if(tags, [&excluded](const std::string& tag) {
    return std::find(excluded.begin(), excluded.end(), key_of(tag)) != excluded.end();
  });
  if (tags.size() > kBaseTagsMax) {
    left_out_ = tags.size() - kBaseTagsMax;
    tags.resize(kBaseTagsMax);
  }
  for (std::string& tag : tags) {
    Resource resource;
    (names_resource(tag, resource) ? resources_ : tags_).push_back(std::move(tag));
  }
  std::sort(tags_.begin(), tags_.end());
  tags_.erase(std::unique(tags_.begin(), tags_.end()), tags_.end());
  function_ = std::any_of(tags_.begin(), tags_.end(), [](const auto& tag) { return key_of(tag) == "function_arn"; });
}

EncodedTags::EncodedTags(const std::vector<std::string>& tags, std::uint32_t field) {
  protozero::pbf_writer writer(bytes_);
  for (const std::string& tag : tags) {
    writer.add_string(field, tag);
    ends_.push_back(bytes_.size());
  }
}

EntryOrigin origin_of(std::string_view name, const BaseTags& base) {
  if (!base.function() || name.starts_with("datadog.")) return {};
  if (name.starts_with("jvm.") || name.starts_with("runtime."))
    return {kProductServerless, kCategoryLambda, kServiceRuntime};
  return {kProductServerless, kCategoryLambda, name.starts_with("aws.lambda.") ? kServiceEnhanced : kServiceCustom};
}

}  // namespace metrics
