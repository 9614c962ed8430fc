// Code points, as far as obfuscation asks about them: letter, number, white space, upper case, and reading them from
// UTF-8.
//
// It refuses to validate: whoever decodes has looked with sls::json::valid_utf8, or takes what `next` says of bad
// bytes. Called by the SQL tokenisers and by redis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace traces::runes {

inline constexpr std::uint32_t kBad = 0xFFFFFFFF;  // what is no UTF-8

struct Rune {
  std::uint32_t code;
  std::uint32_t bytes;  // 1 for a bad byte
};

// The one at the beginning of `text`, which is not empty.
Rune next(std::string_view text);

bool is_letter_beyond_ascii(std::uint32_t code);
bool is_number_beyond_ascii(std::uint32_t code);
bool is_space_beyond_ascii(std::uint32_t code);

inline bool is_space(std::uint32_t code) {
  return code < 0x80 ? code == ' ' || (code >= '\t' && code <= '\r') : is_space_beyond_ascii(code);
}
inline bool is_letter(std::uint32_t code) {
  return code < 0x80 ? (code | 0x20) >= 'a' && (code | 0x20) <= 'z' : is_letter_beyond_ascii(code);
}

// Appends the text with every code point in its simple upper case; bad bytes as they are.
void append_upper(std::string_view text, std::string& out);
// Without the white space around it.
std::string_view trimmed(std::string_view text);

}  // namespace traces::runes
