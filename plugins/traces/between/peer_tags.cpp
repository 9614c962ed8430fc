#include "between/peer_tags.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

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
// The keys by their length, and where each length begins: most tags are known to be none by one look.
struct ByLength {
  std::array<std::uint8_t, std::size(kPeerTagKeys)> keys{};
  std::array<std::uint8_t, sizeof kPeerTagKeys[0] + 1> begin{};
};
constexpr ByLength kByLength = [] {
  ByLength out;
  std::size_t n = 0;
  for (std::size_t length = 0; length < sizeof kPeerTagKeys[0]; ++length) {
    out.begin[length] = static_cast<std::uint8_t>(n);
    for (std::size_t i = 0; i < std::size(kPeerTagKeys); ++i)
      if (std::string_view(kPeerTagKeys[i]).size() == length) out.keys[n++] = static_cast<std::uint8_t>(i);
  }
  out.begin.back() = static_cast<std::uint8_t>(n);
  return out;
}();

bool is_peer_tag(std::string_view key) {
  const std::size_t length = key.size();
  if (length >= sizeof kPeerTagKeys[0]) return false;
  for (std::size_t i = kByLength.begin[length]; i < kByLength.begin[length + 1]; ++i) {
    const char* const each = kPeerTagKeys[kByLength.keys[i]];
    if (each[length - 1] == key[length - 1] && std::memcmp(each, key.data(), length) == 0) return true;
  }
  return false;
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
