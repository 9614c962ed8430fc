// Offload: the one worker thread and the one place where two threads meet.
//
// A piece of work that touches nothing but its own bytes (compression of a large body) runs on the worker;
// the loop goes on. The thread is started by the first use. Jobs run one after the other.
#pragma once

#include <functional>
#include <memory>

#include "net/task.hpp"

namespace agent {

class Offload {
 public:
  explicit Offload(Loop& loop);
  ~Offload();  // waits for the running job, drops the others

  // Runs `job` on the worker and returns when it has ended. `job` may not throw and may not touch the host's
  // state.
  Task<> run(std::function<void()> job);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

enum class Detached { kDone, kLate, kFull };

// Runs `job` on a thread of its own that nobody waits for once `deadline` has passed; the job goes on with
// what it owns (it may not touch anything else). For calls of the system that cannot be cancelled. At most
// kDetachedMax at a time, the forgotten ones included.
inline constexpr int kDetachedMax = 8;
Task<Detached> run_detached(Loop& loop, std::function<void()> job, Steady deadline);

}  // namespace agent
