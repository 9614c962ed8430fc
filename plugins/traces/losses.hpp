// Why spans are dropped, and how many were: one table from which the counters of the ledger come.
//
// Whoever takes a span away adds it here, under the reason of the first trade that wanted it gone. Filled by pipeline
// and by the trades; the door moves it into the host's counters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace traces {

enum class Reason : std::uint8_t {
  kMalformed,  // its bytes, or those of its trace, could not be read
  kFull,       // there was no room
  kDuplicate,  // the same trace and span id came before
  kInvalid,    // what it says cannot be normalised
  kFiltered,   // by a tag filter
  kIgnored,    // by ignore_resources
  kInternal,   // of the runtime or of this agent
  kSampled,    // its priority says drop, and it was counted
  kCount
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::kCount);
inline constexpr std::array<std::string_view, kReasons> kReasonCounters = {
    "dropped.malformed", "dropped.full",    "dropped.duplicate", "dropped.invalid",
    "dropped.filtered",  "dropped.ignored", "dropped.internal",  "dropped.sampled"};

class Losses {
 public:
  void add(Reason reason, std::uint64_t spans = 1) { spans_[static_cast<std::size_t>(reason)] += spans; }
  std::uint64_t operator[](Reason reason) const { return spans_[static_cast<std::size_t>(reason)]; }
  std::uint64_t total() const {
    std::uint64_t out = 0;
    for (const std::uint64_t each : spans_) out += each;
    return out;
  }
  Losses take() { return std::exchange(*this, {}); }

 private:
  std::array<std::uint64_t, kReasons> spans_{};
};

}  // namespace traces
