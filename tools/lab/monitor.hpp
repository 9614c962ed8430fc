// The one lock of a sandbox: the platform's APIs, its processes and whoever waits for them share it.
//
// Threads are cheap in the lab, clever locking is not: everything that several threads see is guarded by `mutex`, every
// change is followed by `moved.notify_all()`, and whoever waits says for what. Nobody holds it across a socket call.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace lab {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;
using Lock = std::unique_lock<std::mutex>;

struct Monitor {
  std::mutex mutex;
  std::condition_variable moved;
  bool stopping = false;  // the lab goes down: every wait ends

  // True: the condition came true. False: the time is over, or the lab goes down.
  template <class Condition>
  bool wait(Lock& lock, Clock::time_point until, Condition condition) {
    moved.wait_until(lock, until, [&] { return stopping || condition(); });
    return condition();
  }
  void stop() {
    const Lock lock(mutex);
    stopping = true;
    moved.notify_all();
  }
};

}  // namespace lab
