// Base64 (RFC 4648, the standard alphabet), read.
//
// Strict about letters, lenient about what is missing at the end: padding may be absent. It refuses white space and the
// URL alphabet. Called by plugins for what arrives encoded inside events and headers.
#pragma once

#include <cstddef>
#include <string_view>

namespace sls {

inline constexpr std::size_t base64_room(std::size_t encoded) { return encoded / 4 * 3 + 3; }

inline constexpr std::size_t kNotBase64 = static_cast<std::size_t>(-1);
// `out` has room for base64_room(text.size()) bytes. Returns how many were written; kNotBase64: it is none, and `out`
// holds rubbish.
std::size_t base64_decode(std::string_view text, char* out);

}  // namespace sls
