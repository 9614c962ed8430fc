// Runs one coroutine on a loop to its end.
#pragma once

#include <chrono>
#include <utility>

#include "net/task.hpp"

namespace agent {

inline Steady in(Nanos time) { return std::chrono::steady_clock::now() + time; }

inline Task<> then_stop(Loop& loop, Task<> task, bool& ended) {
  co_await std::move(task);
  ended = true;
  loop.stop();
}

// False: an exception left the task.
inline bool run_on(Loop& loop, Task<> task) {
  bool ended = false;
  loop.spawn("test", then_stop(loop, std::move(task), ended));
  loop.run();
  return ended;
}

}  // namespace agent
