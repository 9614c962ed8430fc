// Looks for many windows in a text at once: which of them occur, not where.
//
// Shift-or: each window is one bit at each of its places, laid side by side in two or four words; a byte costs a shift
// and an or, whatever it is. A value that is built once; called by rule_prefilter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "between/byte_set.hpp"

namespace logs {

class WindowScan {
 public:
  static constexpr std::size_t kWindowsMax = 64;

  // Sized for so many windows; what is more shares its bits with others.
  explicit WindowScan(std::size_t windows = 0);
  // The longest window that it looks for.
  std::size_t length_max() const { return shape_.length; }
  // Adds a window, and returns the bit of find() that stands for it.
  std::size_t add(std::span<const ByteSet> sets);
  bool empty() const { return added_ == 0; }
  // Bit i: one of the windows with that bit may occur.
  std::uint64_t find(std::string_view text) const { return shape_.find(table_.data(), text); }

 private:
  struct Shape {
    std::size_t windows, words, bits, length;  // bits: windows of one word
    std::uint64_t (*find)(const std::uint64_t* table, std::string_view text);
  };
  template <unsigned Words, unsigned Bits, unsigned Length>
  static std::uint64_t find_in(const std::uint64_t* table, std::string_view text);
  static const Shape kShapes[];

  Shape shape_;
  std::vector<std::uint64_t> table_;  // [byte][word]: bit set where it may not stand; behind them what to begin with
  std::size_t added_ = 0;
};

}  // namespace logs
