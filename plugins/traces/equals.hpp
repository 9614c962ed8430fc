// Whether a text is a certain word, without a call: every span has dozens of keys, and every trade asks them something.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace traces {

template <std::size_t N>
[[gnu::always_inline]] inline bool equals(std::string_view text, const char (&word)[N]) {
  return text.size() == N - 1 && std::memcmp(text.data(), word, N - 1) == 0;
}

}  // namespace traces
