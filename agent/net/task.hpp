// Task, Loop, Signal: the few words that coroutines outside this room need.
//
// A Task<T> is a coroutine that runs on the one loop. Rules (docs/decisions has the measurements behind
// them):
//   - In a full expression with co_await: no lambda with captures by value, no aggregate temporary, no ?:, no
//   braced
//     list. GCC 12 miscompiles them. Give it a name on the line above.
//   - A spawned coroutine is a named function that takes its state by value. No iterator or view across
//   co_await.
//   - Every await has a deadline, /next alone excepted, and every loop an exit that the stop signal reaches.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string_view>

#include "base/clock.hpp"

namespace boost::asio {
class io_context;
}

namespace agent {

template <class T = void>
using Task = boost::asio::awaitable<T>;

// The one loop thread.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop() or until nothing is left to do.
  void run();
  void stop();
  // Starts a coroutine. An exception that leaves it is logged under `name` and ends that coroutine only.
  void spawn(std::string_view name, Task<> task);
  // Calls `action` on the loop, soon, from any thread.
  void post(void (*action)(void*), void* argument);

  boost::asio::io_context& context() { return *context_; }

 private:
  std::unique_ptr<boost::asio::io_context> context_;
};

// Something that coroutines wait for and others announce: "the state you look at has changed". No value, no
// memory: a waiter looks at the state first, then waits, then looks again.
class Signal {
 public:
  explicit Signal(Loop& loop);
  ~Signal();  // wakes every waiter
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  // Wakes every waiter.
  void notify();
  // True: notified. False: `deadline` passed.
  Task<bool> wait(Steady deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

Task<> sleep_until(Loop& loop, Steady deadline);
// Lets everything else on the loop have its turn once.
Task<> yield(Loop& loop);

}  // namespace agent
