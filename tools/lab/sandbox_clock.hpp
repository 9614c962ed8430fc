// The sandbox's clock in the lab's hand: an hour of its life in a second.
//
// The agent is started with a library before the C library (shim/lab_clock) whose clocks show real time plus what this
// class has put them ahead; the binary is the one that is shipped. Putting the clock ahead is not one jump: time goes
// to the next timer that is due, of the agent's or of a slow intake's, and stands until all that follows from it has
// been done and nothing runs any more; then to the next. A frozen agent is not waited for: it wakes up later.
// Owned by a scenario, one at a time per process (sandbox_time); the clock is right again when it goes.
#pragma once

#include <functional>
#include <string>

#include "lab/child_process.hpp"
#include "lab/sandbox_time.hpp"
#include "lab/shim/clock_page.hpp"

namespace lab {

class SandboxClock {
 public:
  // Makes a page and a FIFO in that folder. Throws LabError.
  explicit SandboxClock(const std::string& folder);
  ~SandboxClock();
  SandboxClock(const SandboxClock&) = delete;
  SandboxClock& operator=(const SandboxClock&) = delete;

  // What the agent has to be started with. Throws LabError where the library is not beside the program.
  Environment variables() const;
  // Not less than `grain` at a time, so that timers within it are late by that. `at_rest` is called before each look:
  // hands over what waits to be delivered. Throws LabError where the agent does not come to rest.
  void put_ahead(std::chrono::nanoseconds by, std::chrono::nanoseconds grain, const ChildProcess* agent,
                 const std::function<void()>& at_rest);
  // Only the wall clock: the sandbox was paused, and its steady clock with it. At once.
  void put_wall_ahead(std::chrono::nanoseconds by);

 private:
  void leap(std::chrono::nanoseconds wall, std::chrono::nanoseconds steady);
  std::chrono::nanoseconds until_next_timer() const;
  void wait_until_seen(const ChildProcess& agent) const;

  std::string path_;
  ClockPage* page_ = nullptr;
  int wake_ = -1;
};

}  // namespace lab
