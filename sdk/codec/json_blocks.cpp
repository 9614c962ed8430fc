#include "json_blocks.hpp"

#include <bit>
#include <utility>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace sls::json::blocks {

#if defined(__x86_64__)
namespace {

// What stands where in 64 bytes: bit i is byte i.
struct Masks {
  std::uint64_t quotes = 0, backslashes = 0, controls = 0, high = 0;
};
struct Brackets {
  std::uint64_t quotes = 0, backslashes = 0, opening = 0, closing = 0;
};

struct Sse2 {
  static std::uint64_t bits(__m128i hits, int part) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(hits))} << (16 * part);
  }
  static Masks masks(const char* at) {
    Masks out;
    for (int i = 0; i < 4; ++i) {
      const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
      out.quotes |= bits(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), i);
      out.backslashes |= bits(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\')), i);
      out.controls |= bits(_mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block), i);
      out.high |= bits(block, i);
    }
    return out;
  }
  // [ and { differ in one bit, so do ] and }.
  static Brackets brackets(const char* at) {
    Brackets out;
    for (int i = 0; i < 4; ++i) {
      const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
      const __m128i curly = _mm_or_si128(block, _mm_set1_epi8(0x20));
      out.quotes |= bits(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), i);
      out.backslashes |= bits(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\')), i);
      out.opening |= bits(_mm_cmpeq_epi8(curly, _mm_set1_epi8('{')), i);
      out.closing |= bits(_mm_cmpeq_epi8(curly, _mm_set1_epi8('}')), i);
    }
    return out;
  }
};

#define SLS_AVX2 [[gnu::target("avx2,bmi,popcnt")]]
struct Avx2 {
  SLS_AVX2 static std::uint64_t bits(__m256i hits, int part) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(hits))} << (32 * part);
  }
  SLS_AVX2 static Masks masks(const char* at) {
    Masks out;
    for (int i = 0; i < 2; ++i) {
      const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32 * i));
      out.quotes |= bits(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('"')), i);
      out.backslashes |= bits(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('\\')), i);
      out.controls |= bits(_mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1F)), block), i);
      out.high |= bits(block, i);
    }
    return out;
  }
  SLS_AVX2 static Brackets brackets(const char* at) {
    Brackets out;
    for (int i = 0; i < 2; ++i) {
      const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32 * i));
      const __m256i curly = _mm256_or_si256(block, _mm256_set1_epi8(0x20));
      out.quotes |= bits(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('"')), i);
      out.backslashes |= bits(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('\\')), i);
      out.opening |= bits(_mm256_cmpeq_epi8(curly, _mm256_set1_epi8('{')), i);
      out.closing |= bits(_mm256_cmpeq_epi8(curly, _mm256_set1_epi8('}')), i);
    }
    return out;
  }
};

// Of which bytes a backslash takes the meaning, without a step per backslash: whether a run of them begins at an even
// or at an odd place decides which of its backslashes stand for themselves. `carry`: that the first byte is such a one;
// becomes what is so of the byte behind the block.
inline std::uint64_t escaped_bytes(std::uint64_t backslashes, std::uint64_t& carry) {
  if (backslashes == 0) return std::exchange(carry, 0);
  constexpr std::uint64_t kEven = 0x5555555555555555u;
  backslashes &= ~carry;
  const std::uint64_t behind = backslashes << 1 | carry;
  const std::uint64_t odd_starts = backslashes & ~kEven & ~behind;
  const std::uint64_t ends = odd_starts + backslashes;
  carry = ends < backslashes ? 1 : 0;
  return (kEven ^ ends << 1) & behind;
}

// Bit i: how many of the bits up to it are set, modulo 2.
inline std::uint64_t parity(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

template <class Lanes>
Pass string_by(StringPass& string, const char* end, EscapeCheck check, void* context) {
  std::uint64_t carry = 0, escapes = 0, high = 0;
  const char* at = string.at;
  Pass pass = Pass::kTooFewLeft;
  for (; end - at >= 64; at += 64) {
    const Masks masks = Lanes::masks(at);
    if ((masks.quotes | masks.backslashes | masks.controls | carry) == 0) {
      high |= masks.high;
      continue;
    }
    const std::uint64_t escaped = escaped_bytes(masks.backslashes, carry);
    const std::uint64_t closing = masks.quotes & ~escaped;
    const std::uint64_t inside = closing == 0 ? ~std::uint64_t{0} : (closing & (~closing + 1)) - 1;
    if ((masks.controls & inside) != 0) return Pass::kBad;
    escapes |= escaped & inside;
    high |= masks.high & inside;
    for (std::uint64_t rest = escaped & inside & ~(masks.quotes | masks.backslashes); rest != 0; rest &= rest - 1) {
      if (!check(at + std::countr_zero(rest) - 1, end, context)) return Pass::kBad;
    }
    if (closing == 0) continue;
    at += std::countr_zero(closing);
    carry = 0;
    pass = Pass::kEnded;
    break;
  }
  string = {at, carry != 0, escapes != 0, high != 0};
  return pass;
}

template <class Lanes>
Pass nesting_by(NestingPass& nesting, const char* end) {
  std::uint64_t carry = nesting.escaped ? 1 : 0, in_string = nesting.in_string ? ~std::uint64_t{0} : 0;
  std::uint64_t depth = nesting.depth;
  const char* at = nesting.at;
  for (; end - at >= 64; at += 64) {
    const Brackets brackets = Lanes::brackets(at);
    const std::uint64_t quotes = brackets.quotes & ~escaped_bytes(brackets.backslashes, carry);
    std::uint64_t strings = in_string;
    if (quotes != 0) {
      strings ^= parity(quotes);
      in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(strings) >> 63);
    }
    const std::uint64_t opening = brackets.opening & ~strings, closing = brackets.closing & ~strings;
    if (closing == 0 || static_cast<std::uint64_t>(std::popcount(closing)) < depth) {
      depth += static_cast<std::uint64_t>(std::popcount(opening)) - static_cast<std::uint64_t>(std::popcount(closing));
      continue;
    }
    for (std::uint64_t rest = opening | closing; rest != 0; rest &= rest - 1) {
      depth += (closing & rest & (~rest + 1)) != 0 ? ~std::uint64_t{0} : 1;
      if (depth > 0) continue;
      nesting.at = at + std::countr_zero(rest) + 1;
      return Pass::kEnded;
    }
  }
  nesting = {at, depth, in_string != 0, carry != 0};
  return Pass::kTooFewLeft;
}

[[gnu::flatten]] SLS_AVX2 Pass string_by_avx2(StringPass& string, const char* end, EscapeCheck check, void* context) {
  return string_by<Avx2>(string, end, check, context);
}
[[gnu::flatten]] SLS_AVX2 Pass nesting_by_avx2(NestingPass& nesting, const char* end) {
  return nesting_by<Avx2>(nesting, end);
}

// Asked once, when it is first needed: each question to the processor costs a microsecond in a virtual machine.
[[gnu::target("xsave")]] bool asked_for_avx2() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kKeptBySystem = bit_OSXSAVE | bit_AVX, kWideRegisters = 6;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kKeptBySystem) != kKeptBySystem || (c & bit_POPCNT) == 0)
    return false;
  if ((_xgetbv(0) & kWideRegisters) != kWideRegisters) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_AVX2) != 0 && (b & bit_BMI) != 0;
}
bool has_avx2() {
  static const bool has = asked_for_avx2();
  return has;
}

}  // namespace

Pass pass_string(StringPass& string, const char* end, EscapeCheck check, void* context) {
  if (end - string.at < 64) return Pass::kTooFewLeft;
  return has_avx2() ? string_by_avx2(string, end, check, context) : pass_string_narrow(string, end, check, context);
}
Pass pass_string_narrow(StringPass& string, const char* end, EscapeCheck check, void* context) {
  return string_by<Sse2>(string, end, check, context);
}
Pass pass_nesting(NestingPass& nesting, const char* end) {
  return has_avx2() ? nesting_by_avx2(nesting, end) : pass_nesting_narrow(nesting, end);
}
Pass pass_nesting_narrow(NestingPass& nesting, const char* end) { return nesting_by<Sse2>(nesting, end); }

#else

Pass pass_string(StringPass&, const char*, EscapeCheck, void*) { return Pass::kTooFewLeft; }
Pass pass_string_narrow(StringPass&, const char*, EscapeCheck, void*) { return Pass::kTooFewLeft; }
Pass pass_nesting(NestingPass&, const char*) { return Pass::kTooFewLeft; }
Pass pass_nesting_narrow(NestingPass&, const char*) { return Pass::kTooFewLeft; }

#endif

}  // namespace sls::json::blocks
