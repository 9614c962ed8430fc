// Texts of a body, made fit for the trades and for the intake: UTF-8, and each key once.
//
// Called by the decoders of in/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "span.hpp"

namespace traces {

inline bool is_ascii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t seen = 0, word = 0;
  if (left >= 8) {
    for (; left > 8; at += 8, left -= 8) {
      std::memcpy(&word, at, 8);
      seen |= word;
    }
    std::memcpy(&word, at + left - 8, 8);  // overlaps what was seen
    return ((seen | word) & 0x8080808080808080u) == 0;
  }
  for (; left != 0; ++at, --left) seen |= static_cast<unsigned char>(*at);
  return (seen & 0x80) == 0;
}

std::string_view mended_slowly(std::string_view text, Arena& arena);
// The text itself where it is UTF-8, else a mended copy in the arena.
inline std::string_view mended(std::string_view text, Arena& arena) {
  return is_ascii(text) ? text : mended_slowly(text, arena);
}

// Keys, as far as it takes to know that none of them came before.
class KeySet {
 public:
  // False: this one, or one that is like it, is there already.
  bool add(std::string_view key) {
    const std::size_t bit = bit_of(key);
    std::uint64_t& word = words_[bit >> 6];
    const std::uint64_t mask = std::uint64_t{1} << (bit & 63);
    const bool is_new = (word & mask) == 0;
    word |= mask;
    return is_new;
  }

 private:
  static constexpr std::size_t kBits = 512;

  // From the parts of a key that differ most.
  static std::size_t bit_of(std::string_view key) {
    if (key.empty()) return 0;
    const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(key[i])}; };
    return (key.size() * 101 + byte(key.size() - 1) * 43 + byte(key.size() / 2) * 13 + byte(0)) % kBits;
  }

  std::uint64_t words_[kBits / 64] = {};
};

// Of equal keys the last stays: a trade that looks at one key must not leave another of the same name behind.
void keep_last_of_equal_keys(Texts& texts);
void keep_last_of_equal_keys(Numbers& numbers);

}  // namespace traces
