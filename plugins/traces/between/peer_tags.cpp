#include "between/peer_tags.hpp"

#include <algorithm>

#include "between/ip_quantisation.hpp"

namespace traces {
namespace {

constexpr std::string_view kBaseService = "_dd.base_service";

bool same_letters(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; });
}
bool is_call(std::string_view kind) {
  return same_letters(kind, "client") || same_letters(kind, "producer") || same_letters(kind, "consumer");
}
bool is_peer_tag(std::string_view key) {
  return std::binary_search(std::begin(kPeerTagKeys), std::end(kPeerTagKeys), key,
                            [](std::string_view a, std::string_view b) { return a < b; });
}

}  // namespace

bool is_counted_kind(std::string_view kind) { return is_call(kind) || same_letters(kind, "server"); }

const std::vector<std::string_view>& PeerTags::of(const Span& span) {
  texts_.clear();
  found_.clear();
  tags_.clear();
  if (is_call(span.tag("span.kind"))) {
    for (const auto& [key, value] : span.meta)
      if (!value.empty() && is_peer_tag(key)) add(key, value);
    std::sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.key < b.key; });
  } else if (const std::string_view service = span.tag(kBaseService); !service.empty()) {
    add(kBaseService, service);
  }
  for (const Found& each : found_) tags_.push_back(std::string_view(texts_).substr(each.begin, each.end - each.begin));
  return tags_;
}

void PeerTags::add(std::string_view key, std::string_view value) {
  const std::size_t begin = texts_.size();
  texts_.append(key).append(":");
  quantise_peer_address(value, texts_);
  found_.push_back({key, begin, texts_.size()});
}

}  // namespace traces
