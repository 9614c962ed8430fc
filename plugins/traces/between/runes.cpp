#include "runes.hpp"

#include <algorithm>
#include <iterator>

#include "rune_tables.hpp"

namespace traces::runes {
namespace {

template <class Ranges>
auto find(const Ranges& ranges, std::uint32_t code) -> decltype(std::begin(ranges)) {
  const auto behind = std::upper_bound(std::begin(ranges), std::end(ranges), code,
                                       [](std::uint32_t wanted, const auto& range) { return wanted < range.first; });
  return behind != std::begin(ranges) && code <= std::prev(behind)->last ? std::prev(behind) : std::end(ranges);
}

std::uint32_t upper(std::uint32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z' ? code - 0x20 : code;
  const auto range = find(kUpper, code);
  if (range == std::end(kUpper) || (code - range->first) % static_cast<std::uint32_t>(range->step) != 0) return code;
  return code + static_cast<std::uint32_t>(range->distance);
}

void append(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  const auto tail = [&](unsigned shift) { byte(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) return byte(0xC0 | code >> 6), tail(0);
  if (code < 0x10000) return byte(0xE0 | code >> 12), tail(6), tail(0);
  byte(0xF0 | code >> 18), tail(12), tail(6), tail(0);
}

}  // namespace

Rune next(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const std::uint32_t first = at(0);
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first < 0xE0 && tail(1)) return {(first & 0x1F) << 6 | (at(1) & 0x3F), 2};
  if (first >= 0xE0 && first < 0xF0 && tail(1) && tail(2)) {
    const std::uint32_t code = (first & 0xF) << 12 | (at(1) & 0x3F) << 6 | (at(2) & 0x3F);
    if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return {code, 3};
  }
  if (first >= 0xF0 && first < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const std::uint32_t code = (first & 7) << 18 | (at(1) & 0x3F) << 12 | (at(2) & 0x3F) << 6 | (at(3) & 0x3F);
    if (code >= 0x10000 && code <= 0x10FFFF) return {code, 4};
  }
  return {kBad, 1};
}

bool is_letter_beyond_ascii(std::uint32_t code) { return find(kLetters, code) != std::end(kLetters); }
bool is_number_beyond_ascii(std::uint32_t code) { return find(kNumbers, code) != std::end(kNumbers); }
bool is_space_beyond_ascii(std::uint32_t code) {
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028
         || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

void append_upper(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const Rune rune = next(text);
    if (rune.code == kBad)
      out.push_back(text[0]);
    else
      append(out, upper(rune.code));
    text.remove_prefix(rune.bytes);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = next(text);
    if (rune.code == kBad || !is_space(rune.code)) break;
    text.remove_prefix(rune.bytes);
  }
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    const Rune rune = next(text.substr(begin));
    if (rune.code == kBad || begin + rune.bytes != text.size() || !is_space(rune.code)) break;
    text.remove_suffix(rune.bytes);
  }
  return text;
}

}  // namespace traces::runes
