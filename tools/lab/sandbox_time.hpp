// The time that a sandbox lives by: real time, and what the lab has put its clock ahead (sandbox_clock). One for the
// process, since a process plays one scenario at a time.
//
// What the platform writes down (stamps, deadlines) and what a slow intake waits for goes by it; how long the lab waits
// for something that is to come goes by real time.
#pragma once

#include <functional>
#include <optional>

#include "lab/monitor.hpp"

namespace lab {

struct TimeAhead {
  std::chrono::nanoseconds wall{0}, steady{0};
};
TimeAhead time_ahead();
void set_time_ahead(TimeAhead ahead);

// By real time this is steady_clock::now() plus what the clock is ahead.
Clock::time_point sandbox_now();
// Waits so long, or until `over`, which is asked every few milliseconds. True: the time has passed.
bool pause_in_sandbox(Clock::duration time, const std::function<bool()>& over);
// The earliest end of the pauses that are going on now.
std::optional<Clock::time_point> next_pause_end();

}  // namespace lab
