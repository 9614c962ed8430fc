// What the lab and the preloaded clock share: one page of a file, mapped by both, and a FIFO beside it to wake by.
//
// The lab writes how far the agent's clocks are ahead and counts its leaps; the shim answers with the last leap that it
// has taken over, and says when the next timer of the process is due. Plain atomics of the same size on both sides.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace lab {

inline constexpr const char* kClockPageVariable = "LAB_CLOCK_PAGE";  // path of the file
inline constexpr const char* kClockWakeSuffix = ".wake";             // the FIFO is named so behind it
inline constexpr std::int64_t kNoTimer = std::numeric_limits<std::int64_t>::max();

struct ClockPage {
  std::atomic<std::int64_t> wall_ahead_ns, steady_ahead_ns;  // written by the lab
  std::atomic<std::uint64_t> leaps;                          // the same
  std::atomic<std::uint64_t> leaps_seen;                     // written by the shim: its timers know of this leap
  std::atomic<std::int64_t> next_timer_ns;                   // the same: by the steady clock that the process sees
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace lab
