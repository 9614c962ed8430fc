#include "net/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace agent {
namespace {

namespace asio = boost::asio;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                         asio::io_context::executor_type>;

class EndOfTask {
 public:
  explicit EndOfTask(std::string_view name) : name_(name) {}
  void operator()(const std::exception_ptr& failure) const {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      log_error("task ", name_, " ended by an exception: ", std::string_view(e.what()));
    } catch (...) {
      log_error("task ", name_, " ended by an exception of unknown type");
    }
  }

 private:
  std::string name_;
};

}  // namespace

Loop::Loop() : context_(std::make_unique<asio::io_context>(1)) {}
Loop::~Loop() = default;

void Loop::run() {
  context_->restart();
  context_->run();
}

void Loop::stop() { context_->stop(); }

void Loop::spawn(std::string_view name, Task<> task) {
  asio::co_spawn(context_->get_executor(), std::move(task), EndOfTask(name));
}

void Loop::post(void (*action)(void*), void* argument) {
  asio::post(*context_, [action, argument] { action(argument); });
}

// Waiters are links of a list that runs through their coroutine frames: waiting allocates nothing, and a
// frame that is destroyed while it waits takes its link out.
struct Signal::State {
  struct Waiter {
    explicit Waiter(State& owner) : state(owner), timer(owner.executor), next(owner.first) {
      if (next) next->previous = this;
      owner.first = this;
    }
    ~Waiter() {
      (previous ? previous->next : state.first) = next;
      if (next) next->previous = previous;
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    State& state;
    Timer timer;
    bool notified = false;
    Waiter* previous = nullptr;
    Waiter* next;
  };

  explicit State(Loop& loop) : executor(loop.context().get_executor()) {}
  static Task<bool> wait(std::shared_ptr<State> state, Steady deadline);

  asio::io_context::executor_type executor;
  Waiter* first = nullptr;
};

Signal::Signal(Loop& loop) : state_(std::make_shared<State>(loop)) {}
Signal::~Signal() {
  if (state_) notify();
}

void Signal::notify() {
  for (State::Waiter* waiter = state_->first; waiter; waiter = waiter->next) {
    waiter->notified = true;
    waiter->timer.cancel();
  }
}

Task<bool> Signal::State::wait(std::shared_ptr<State> state, Steady deadline) {
  Waiter waiter(*state);
  boost::system::error_code ignored;
  waiter.timer.expires_at(deadline);
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return waiter.notified;
}

Task<bool> Signal::wait(Steady deadline) { return State::wait(state_, deadline); }

Task<> sleep_until(Loop& loop, Steady deadline) {
  Timer timer(loop.context().get_executor(), deadline);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

Task<> yield(Loop& loop) {
  const asio::io_context::executor_type executor = loop.context().get_executor();
  co_await asio::post(executor, asio::use_awaitable);
}

}  // namespace agent
