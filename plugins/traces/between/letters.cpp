#include "between/letters.hpp"

#include <algorithm>
#include <iterator>

#include "between/letter_table.hpp"

namespace traces {
namespace {

// A run of the tables: 21 bits first code point, 10 bits how many more, 1 bit that every other one is meant.
constexpr std::uint32_t first_of(std::uint32_t run) { return run >> 11; }
constexpr bool holds(std::uint32_t run, std::uint32_t code) {
  const std::uint32_t step = (run & 1) + 1, from = code - first_of(run);
  return from % step == 0 && from / step <= (run >> 1 & 0x3FF);
}
// Behind every run that begins with this code or before; `code` is at most 0x10FFFF.
constexpr std::uint32_t bound(std::uint32_t code) { return code << 11 | 0x7FF; }

constexpr std::uint32_t kLast = 0x10FFFF;

}  // namespace

bool is_decimal_digit(std::uint32_t code) {
  if (code > kLast) return false;
  const auto* behind = std::upper_bound(std::begin(kDigitRuns), std::end(kDigitRuns), bound(code));
  return behind != std::begin(kDigitRuns) && holds(*(behind - 1), code);
}

std::uint32_t lower_of_same_bytes(std::uint32_t code) {
  if (code > kLast) return code;
  const auto* behind = std::upper_bound(std::begin(kLowerRuns), std::end(kLowerRuns), bound(code),
                                        [](std::uint32_t key, const LowerRun& each) { return key < each.run; });
  if (behind == std::begin(kLowerRuns) || !holds((behind - 1)->run, code)) return code;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(code) + (behind - 1)->distance);
}

}  // namespace traces
