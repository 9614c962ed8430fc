// ASCII letters and digits of the texts in events: what is compared, split and joined. Pure, no locale.
#pragma once

#include <cstddef>
#include <string_view>

namespace traces::invocation {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool same_letters(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Behind the last `mark`; the whole text when there is none.
constexpr std::string_view after_last(std::string_view text, char mark) { return text.substr(text.rfind(mark) + 1); }
constexpr std::string_view before_first(std::string_view text, char mark) { return text.substr(0, text.find(mark)); }

// The n-th part (from 0) of a text that is split at `mark`; empty when it has fewer.
constexpr std::string_view part(std::string_view text, char mark, std::size_t n) {
  for (; n > 0; --n) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + 1);
  }
  return before_first(text, mark);
}

}  // namespace traces::invocation
