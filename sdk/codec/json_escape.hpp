// How a character is written when it may not stand in a JSON string as it is. Private to sdk/codec.
#pragma once

#include <cstdint>

namespace sls::json {

// Writes the shortest escape of a quote, a backslash or a control character: at most 6 bytes. Returns behind
// them.
inline char* escape(unsigned char c, char* out) {
  const auto letter = [c]() -> char {
    switch (c) {
      case '"': return '"';
      case '\\': return '\\';
      case '\b': return 'b';
      case '\f': return 'f';
      case '\n': return 'n';
      case '\r': return 'r';
      case '\t': return 't';
      default: return '\0';
    }
  }();
  *out++ = '\\';
  if (letter != '\0') {
    *out++ = letter;
    return out;
  }
  constexpr char kHex[] = "0123456789abcdef";
  *out++ = 'u';
  *out++ = '0';
  *out++ = '0';
  *out++ = kHex[c >> 4];
  *out++ = kHex[c & 0xF];
  return out;
}

}  // namespace sls::json
