#include "between/ip_quantisation.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace traces {
namespace {

constexpr std::string_view kBlocked = "blocked-ip-address";
constexpr std::size_t kElementsMax = 64;  // of a list; the rest of it stays unread and is left out

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint16_t, 8>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// An address at the beginning of `text`, and where it ends.
std::optional<V4> read_v4(std::string_view text, char between, std::size_t& end) {
  V4 out{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i != 0 && (at >= text.size() || text[at++] != between)) return std::nullopt;
    const std::size_t begin = at;
    unsigned value = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
      if (value > 255 || (at > begin && text[begin] == '0')) return std::nullopt;
    }
    if (at == begin) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(value);
  }
  end = at;
  return out;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The whole of `text`.
std::optional<V6> read_v6(std::string_view text) {
  text = text.substr(0, text.find('%'));
  V6 out{};
  std::size_t groups = 0, at = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) gap = 0, at = 2;
  while (at < text.size()) {
    std::size_t end = 0;
    if (groups == out.size()) return std::nullopt;
    const auto v4 = groups <= 6 ? read_v4(text.substr(at), '.', end) : std::nullopt;
    if (v4 && at + end == text.size()) {
      out[groups++] = static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]);
      out[groups++] = static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]);
      break;
    }
    std::size_t digits = 0;
    unsigned value = 0;
    for (; at < text.size() && hex_digit(text[at]) >= 0; ++at, ++digits)
      value = value << 4 | static_cast<unsigned>(hex_digit(text[at]));
    if (digits == 0 || digits > 4) return std::nullopt;
    out[groups++] = static_cast<std::uint16_t>(value);
    if (at == text.size()) break;
    if (text[at++] != ':' || at == text.size()) return std::nullopt;
    if (text[at] != ':') continue;
    if (gap) return std::nullopt;
    gap = groups;
    ++at;
  }
  if (!gap) return groups == out.size() ? std::optional(out) : std::nullopt;
  if (groups == out.size()) return std::nullopt;
  std::rotate(out.begin() + static_cast<std::ptrdiff_t>(*gap), out.begin() + static_cast<std::ptrdiff_t>(groups),
              out.end());
  return out;
}

bool stays(const V4& address) {
  return address == V4{127, 0, 0, 1} || address == V4{169, 254, 169, 254} || address == V4{169, 254, 170, 2};
}
bool stays(const V6& address) {
  return address == V6{0, 0, 0, 0, 0, 0, 0, 1} || address == V6{0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254};
}

std::size_t scheme_bytes(std::string_view text) {
  constexpr std::string_view kSchemes[] = {"dnspoll", "ftp", "file", "http", "https"};
  if (text.starts_with("ip-")) return 3;
  const std::size_t colon = text.find(':');
  if (colon == text.npos
      || std::find(std::begin(kSchemes), std::end(kSchemes), text.substr(0, colon)) == std::end(kSchemes))
    return 0;
  const std::string_view rest = text.substr(colon + 1);
  if (rest.starts_with("///")) return colon + 4;
  return rest.starts_with("//") ? colon + 3 : 0;
}

// Where what follows an address begins that must not stay; none: the text may stay as it is.
std::optional<std::size_t> blocked_until(std::string_view text) {
  std::size_t end = 0;
  for (const char between : {'.', '-', '_'})
    if (const auto address = read_v4(text, between, end)) return stays(*address) ? std::nullopt : std::optional(end);
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : text.npos;
  const bool in_brackets = bracket != text.npos;
  const auto address = read_v6(in_brackets ? text.substr(1, bracket - 1) : text);
  if (!address || stays(*address)) return std::nullopt;
  return in_brackets ? bracket + 1 : text.size();
}

// Neither an address nor a list.
bool is_plain(std::string_view value) {
  return !value.empty() && !is_digit(value[0]) && !value.starts_with("ip-")
         && std::none_of(value.begin(), value.end(), [](char c) { return c == ':' || c == ','; });
}

}  // namespace

void quantise_peer_address(std::string_view value, std::string& out) {
  if (is_plain(value)) {
    out.append(value);
    return;
  }
  const std::size_t begin = out.size();
  const auto is_there = [&](std::string_view element) {
    for (std::size_t at = begin, end = 0; end != out.size(); at = end + 1) {
      end = std::min(out.find(',', at), out.size());
      if (std::string_view(out).substr(at, end - at) == element) return true;
    }
    return false;
  };
  std::string changed;
  for (std::size_t i = 0; i < kElementsMax; ++i) {
    const std::size_t n = std::min(value.find(','), value.size());
    std::string_view element = value.substr(0, n);
    const std::size_t scheme = scheme_bytes(element);
    if (const auto end = blocked_until(element.substr(scheme))) {
      changed.assign(element.substr(0, scheme)).append(kBlocked).append(element.substr(scheme + *end));
      element = changed;
    }
    if (i == 0 || !is_there(element)) out.append(i == 0 ? "" : ",").append(element);
    if (n == value.size()) return;
    value.remove_prefix(n + 1);
  }
}

}  // namespace traces
