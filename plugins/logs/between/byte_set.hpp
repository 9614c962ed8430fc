// A set of byte values: what may stand at one place of a text. A value; used by pattern_shape and what reads it.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace logs {

class ByteSet {
 public:
  constexpr ByteSet() = default;
  static constexpr ByteSet range(unsigned from, unsigned to) {
    ByteSet set;
    for (unsigned b = from; b <= to; ++b) set.add(b);
    return set;
  }

  constexpr void add(unsigned byte) { words_[byte >> 6] |= std::uint64_t{1} << (byte & 63); }
  constexpr bool has(unsigned byte) const { return (words_[byte >> 6] >> (byte & 63) & 1) != 0; }
  constexpr ByteSet& operator|=(const ByteSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  constexpr ByteSet ascii_complement() const {
    ByteSet set;
    set.words_[0] = ~words_[0];
    set.words_[1] = ~words_[1];
    return set;
  }
  constexpr bool holds(const ByteSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((other.words_[i] & ~words_[i]) != 0) return false;
    }
    return true;
  }
  constexpr bool operator==(const ByteSet&) const = default;
  constexpr int count() const {
    int n = 0;
    for (const std::uint64_t word : words_) n += std::popcount(word);
    return n;
  }
  constexpr unsigned first() const {
    for (unsigned i = 0; i < words_.size(); ++i) {
      if (words_[i] != 0) return i * 64 + static_cast<unsigned>(std::countr_zero(words_[i]));
    }
    return 256;
  }
  // `each(byte)` for every member.
  template <class Each>
  constexpr void for_each(const Each& each) const {
    for (unsigned i = 0; i < words_.size(); ++i) {
      for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        each(i * 64 + static_cast<unsigned>(std::countr_zero(rest)));
      }
    }
  }

 private:
  std::array<std::uint64_t, 4> words_{};
};

}  // namespace logs
