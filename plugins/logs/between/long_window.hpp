// One long window, looked for in great steps: the second question about a rule whose window in the scan was found,
// asked before the engine is. Thirty-two hexadecimal digits in a row are rare, five of them are not.
//
// Called by rule_prefilter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "between/byte_set.hpp"

namespace logs {

class LongWindow {
 public:
  static constexpr std::size_t kLengthMax = 64;

  LongWindow() = default;
  explicit LongWindow(std::span<const ByteSet> sets);
  explicit operator bool() const { return !sets_.empty(); }
  bool stands_in(std::string_view text) const;

 private:
  std::vector<ByteSet> sets_;
  std::array<std::uint8_t, 256> step_{};  // how far on, when this byte stands where the window ends
  ByteSet any_;                           // the bytes that stand somewhere in the window
};

}  // namespace logs
