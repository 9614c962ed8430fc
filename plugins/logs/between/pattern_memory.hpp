// The memory of all compiled patterns together: how much one may take, and whose is given back when there is no room.
//
// A pattern gets a share of kSharedBytes, the smaller the more rules there are; when the shares are used up, the
// pattern that was not asked for the longest time is given up and compiled again with the next text that it may match.
// What cannot be compiled within a share is large: it keeps its memory, kLargeBytes for all of them, and one that does
// not fit is refused. Numbers only: processing_rules holds the patterns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace logs {

class PatternMemory {
 public:
  static constexpr std::size_t kPatternBytes = 8 << 20;      // the most that an ordinary pattern's automata may take
  static constexpr std::size_t kPatternBytesMax = 32 << 20;  // those of a large one; beyond, it is refused
  static constexpr std::size_t kShareBytesMin = 256 << 10;   // the least that a pattern may take
  static constexpr std::size_t kSharedBytes = 64 << 20;      // of all ordinary ones
  static constexpr std::size_t kLargeBytes = 64 << 20;       // of all large ones
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

  // How many rules there will be; before the first.
  void expect(std::size_t rules) {
    share_bytes_ = std::clamp(kSharedBytes / std::max<std::size_t>(rules, 1), kShareBytesMin, kPatternBytes);
  }
  std::size_t share_bytes() const { return share_bytes_; }

  // Room for this rule's pattern within a share. The rule whose pattern has to be given up for it, kNobody: none.
  // `used(rule)` grows with each use of a rule's pattern.
  template <class Used>
  std::uint32_t take_share(std::uint32_t rule, Used&& used) {
    if ((live_.size() + 1) * share_bytes_ <= kSharedBytes) {
      live_.push_back(rule);
      return kNobody;
    }
    const auto oldest = std::min_element(live_.begin(), live_.end(),
                                         [&](std::uint32_t a, std::uint32_t b) { return used(a) < used(b); });
    const std::uint32_t given_up = *oldest;
    *oldest = rule;
    return given_up;
  }

  // False: all large ones together would take more than they may.
  bool take_large(std::size_t bytes) {
    if (large_bytes_ + bytes > kLargeBytes) return false;
    large_bytes_ += bytes;
    return true;
  }
  void return_large(std::size_t bytes) { large_bytes_ -= bytes; }

 private:
  std::vector<std::uint32_t> live_;  // rules whose pattern has a share; at most kSharedBytes / kShareBytesMin
  std::size_t share_bytes_ = kPatternBytes, large_bytes_ = 0;
};

}  // namespace logs
