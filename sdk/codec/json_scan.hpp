// Looking through the bytes of a JSON string, a block at a time: SSE2 on x86-64, eight bytes in a register
// elsewhere.
//
// Private to sdk/codec. Reads no byte behind `end`. Both ways are compiled wherever both can be, so that
// tests compare them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sls::json::scan {

inline bool is_special(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

inline constexpr std::uint64_t kOnes = 0x0101010101010101u;
inline constexpr std::uint64_t kTops = 0x8080808080808080u;

// The top bit of the first byte that is zero is set, and none before it; bits behind it may be wrong.
inline std::uint64_t first_zero(std::uint64_t word) { return (word - kOnes) & ~word & kTops; }
inline std::uint64_t first_special(std::uint64_t word) {
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kTops;
  return control | first_zero(word ^ kOnes * '"') | first_zero(word ^ kOnes * '\\');
}

// The first quote, backslash or control character at or behind `at`, or `end`. `non_ascii` gets a bit set
// when a byte above 0x7F stands before it.
inline const char* special_by_bytes(const char* at, const char* end, std::uint32_t& non_ascii) {
  std::uint32_t seen = 0;
  for (; at != end && !is_special(*at); ++at) seen |= static_cast<unsigned char>(*at) & 0x80u;
  non_ascii |= seen;
  return at;
}

inline const char* special_by_words(const char* at, const char* end, std::uint32_t& non_ascii) {
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - at >= 8; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      if (first_special(word) != 0) break;
      non_ascii |= (word & kTops) != 0;
    }
  }
  return special_by_bytes(at, end, non_ascii);
}

#if defined(__SSE2__)
// Bit i: byte i of the block is a quote, a backslash or a control character.
inline std::uint32_t special_bits(__m128i block) {
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
}

inline const char* special_by_blocks(const char* at, const char* end, std::uint32_t& non_ascii) {
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const std::uint32_t hits = special_bits(block);
    const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(block));
    if (hits != 0) {
      non_ascii |= high & (hits ^ (hits - 1));
      return at + std::countr_zero(hits);
    }
    non_ascii |= high;
  }
  return special_by_words(at, end, non_ascii);
}
#endif

// The same, looking at one block only.
struct Stop {
  const char* at = nullptr;  // nullptr: none in the first block, or fewer bytes than a block are left
  bool non_ascii = false;
};

inline Stop first_block([[maybe_unused]] const char* at, [[maybe_unused]] const char* end) {
#if defined(__SSE2__)
  if (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const std::uint32_t hits = special_bits(block);
    if (hits == 0) return {};
    const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(block));
    return {at + std::countr_zero(hits), (high & (hits ^ (hits - 1))) != 0};
  }
#endif
  return {};
}

inline const char* special(const char* at, const char* end, std::uint32_t& non_ascii) {
#if defined(__SSE2__)
  return special_by_blocks(at, end, non_ascii);
#else
  return special_by_words(at, end, non_ascii);
#endif
}

// The first byte above 0x7F at or behind `at`, or `end`.
inline const char* non_ascii(const char* at, const char* end) {
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    const auto high =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))));
    if (high != 0) return at + std::countr_zero(high);
  }
#endif
  while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

}  // namespace sls::json::scan
