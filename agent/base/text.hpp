// Text in small: joining, trimming, comparing, and the nearest valid name for an operator's message.
#pragma once

#include <charconv>
#include <concepts>
#include <span>
#include <string>
#include <string_view>

namespace agent {

namespace text_detail {
inline void append(std::string& out, std::string_view part) { out.append(part); }
inline void append(std::string& out, char part) { out.push_back(part); }
template <std::integral Number>
requires(!std::same_as<Number, char> && !std::same_as<Number, bool>) void append(std::string& out, Number part) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, part).ptr);
}
}  // namespace text_detail

// "port ", 8124, " is taken" -> "port 8124 is taken". Texts, characters and integers.
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (text_detail::append(out, parts), ...);
  return out;
}

std::string_view trim(std::string_view text);          // blanks, tabs, line ends
std::string lower(std::string_view text);              // ASCII letters
bool iequals(std::string_view a, std::string_view b);  // ASCII letters
bool icontains(std::string_view text, std::string_view part);

// The candidate with the smallest edit distance to `name`, when it is near enough to be a slip (at most a third of the
// name's length, at least 1); empty otherwise. For "did you mean" only: O(candidates × length²).
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

// For messages: in quotes, escaped as JSON, one line whatever `text` holds.
std::string json_quoted(std::string_view text);

}  // namespace agent
