// The two clocks, and the reading of both that is passed down as an argument.
//
// Wall time is what the platform speaks (deadlines, events); steady time is what timers wait on. Time is read once
// per entry into the host (a request, a batch, an answer of /next) and handed on. Nothing that was measured before
// /next is trusted after it: the sandbox may have slept for hours in between.
#pragma once

#include <chrono>
#include <cstdint>

namespace agent {

using Nanos = std::chrono::nanoseconds;
using Wall = std::chrono::sys_time<Nanos>;
using Steady = std::chrono::time_point<std::chrono::steady_clock, Nanos>;

inline constexpr Steady kNever = Steady::max();

struct Now {
  Wall wall;
  Steady steady;

  static Now read() {
    return {std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now()), std::chrono::steady_clock::now()};
  }

  // The steady instant at which the wall clock will show `when`, if nobody turns it.
  Steady steady_at(Wall when) const { return steady + (when - wall); }
};

inline std::int64_t to_ns(Wall when) { return when.time_since_epoch().count(); }
inline Wall from_ns(std::int64_t ns) { return Wall(Nanos(ns)); }
inline Wall from_ms(std::int64_t ms) { return Wall(std::chrono::milliseconds(ms)); }

}  // namespace agent
