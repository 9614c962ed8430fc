// UTF-8, sequence by sequence (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). Private
// to sdk/codec.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sls::json::utf8 {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// How many bytes the sequence at the front of [at, end) has, and whether it is well-formed; of an ill-formed
// one, how many bytes are to be replaced together (the longest beginning of a well-formed one, at least 1).
// at != end.
struct Sequence {
  std::size_t bytes = 1;
  bool valid = false;
};

inline Sequence sequence(const char* at, const char* end) {
  const auto byte = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {1, true};
  if (first < 0xC2 || first > 0xF4) return {1, false};
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  // The second byte's range is narrower behind E0, ED, F0 and F4.
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  const auto available = static_cast<std::size_t>(end - at);
  if (available < 2 || byte(1) < low || byte(1) > high) return {1, false};
  for (std::size_t i = 2; i < length; ++i) {
    if (i >= available || (byte(i) & 0xC0) != 0x80) return {i, false};
  }
  return {length, true};
}

// `code` as UTF-8; half a surrogate pair as U+FFFD. Writes at most 4 bytes, returns behind them.
inline char* encode(std::uint32_t code, char* out) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code >= 0xD800 && code <= 0xDFFF) code = 0xFFFD;
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return out;
}

}  // namespace sls::json::utf8
