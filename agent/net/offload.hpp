// Offload: the one worker thread and the one place where two threads meet.
//
// A piece of work that touches nothing but its own bytes (compression of a large body) runs on the worker; the loop
// goes on. The thread is started by the first use. Jobs run one after the other.
#pragma once

#include <functional>
#include <memory>

#include "net/task.hpp"

namespace agent {

class Offload {
 public:
  explicit Offload(Loop& loop);
  ~Offload();  // waits for the running job, drops the others

  // Runs `job` on the worker and returns when it has ended. `job` may not throw and may not touch the host's state.
  Task<> run(std::function<void()> job);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace agent
