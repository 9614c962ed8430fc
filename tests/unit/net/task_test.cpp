#include "net/task.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/signals.hpp"
#include "on_loop.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

Task<> wait_once(Signal& signal, Steady deadline, std::vector<bool>& outcomes) {
  const bool notified = co_await signal.wait(deadline);
  outcomes.push_back(notified);
}

Task<> notify_twice(Loop& loop, Signal& signal) {
  co_await yield(loop);
  signal.notify();
  signal.notify();
}

TEST(Signal, WakesEveryWaiterOnce) {
  Loop loop;
  Signal signal(loop);
  std::vector<bool> outcomes;
  for (int i = 0; i < 3; ++i) loop.spawn("waiter", wait_once(signal, kNever, outcomes));
  loop.spawn("notifier", notify_twice(loop, signal));
  loop.run();
  EXPECT_EQ(outcomes, (std::vector<bool>{true, true, true}));
}

TEST(Signal, SaysFalseWhenTheDeadlinePasses) {
  Loop loop;
  Signal signal(loop);
  std::vector<bool> outcomes;
  loop.spawn("waiter", wait_once(signal, in(1ms), outcomes));
  loop.run();
  EXPECT_EQ(outcomes, std::vector<bool>{false});
}

TEST(Signal, IsNotRememberedForLaterWaiters) {
  Loop loop;
  Signal signal(loop);
  signal.notify();
  std::vector<bool> outcomes;
  loop.spawn("waiter", wait_once(signal, in(1ms), outcomes));
  loop.run();
  EXPECT_EQ(outcomes, std::vector<bool>{false});
}

TEST(Signal, MayEndBeforeItsWaiters) {
  Loop loop;
  std::vector<bool> outcomes;
  {
    Signal signal(loop);
    loop.spawn("waiter", wait_once(signal, kNever, outcomes));
    loop.post([](void* argument) { static_cast<Loop*>(argument)->stop(); }, &loop);
    loop.run();
  }
  loop.run();
  EXPECT_EQ(outcomes, std::vector<bool>{true});
}

TEST(Signal, AndItsWaitersMayDieWithTheLoop) {
  std::vector<bool> outcomes;
  auto loop = std::make_unique<Loop>();
  Signal signal(*loop);
  loop->spawn("waiter", wait_once(signal, kNever, outcomes));
  loop->post([](void* argument) { static_cast<Loop*>(argument)->stop(); }, loop.get());
  loop->run();
  loop.reset();
  signal.notify();
  EXPECT_TRUE(outcomes.empty());
}

Task<> fail(Loop& loop) {
  co_await yield(loop);
  throw std::runtime_error("told to");
}

Task<> count_turns(Loop& loop, int& turns) {
  for (; turns < 3; ++turns) co_await yield(loop);
}

TEST(Loop, GoesOnWhenATaskEndsByAnException) {
  Loop loop;
  int turns = 0;
  loop.spawn("failing", fail(loop));
  loop.spawn("counting", count_turns(loop, turns));
  loop.run();
  EXPECT_EQ(turns, 3);
}

TEST(Loop, TakesPostsFromOtherThreads) {
  Loop loop;
  const std::thread::id here = std::this_thread::get_id();
  struct Seen {
    Loop& loop;
    std::thread::id thread;
  } seen{loop, {}};
  std::thread other;
  struct Context {
    Loop& loop;
    Seen& seen;
    std::thread& other;
  } context{loop, seen, other};
  loop.post(
      [](void* argument) {
        auto& c = *static_cast<Context*>(argument);
        c.other = std::thread([&c] {
          c.loop.post(
              [](void* inner) {
                static_cast<Seen*>(inner)->thread = std::this_thread::get_id();
                static_cast<Seen*>(inner)->loop.stop();
              },
              &c.seen);
        });
      },
      &context);
  Signal forever(loop);
  std::vector<bool> outcomes;
  loop.spawn("waiter", wait_once(forever, kNever, outcomes));
  loop.run();
  other.join();
  EXPECT_EQ(seen.thread, here);
}

Task<> sleep_a_little(Loop& loop, Nanos& slept) {
  const Steady before = std::chrono::steady_clock::now();
  co_await sleep_until(loop, before + 5ms);
  slept = std::chrono::steady_clock::now() - before;
}

TEST(Loop, SleepsUntilTheDeadline) {
  Loop loop;
  Nanos slept{};
  EXPECT_TRUE(run_on(loop, sleep_a_little(loop, slept)));
  EXPECT_GE(slept, 5ms);
}

TEST(OnTermination, GivesSignalsToTheLoop) {
  Loop loop;
  std::vector<int> seen;
  on_termination(loop, [&](int number) {
    seen.push_back(number);
    if (seen.size() == 1) std::raise(SIGINT);
    if (seen.size() == 2) loop.stop();
  });
  std::raise(SIGPIPE);
  std::raise(SIGTERM);
  loop.run();
  EXPECT_EQ(seen, (std::vector<int>{SIGTERM, SIGINT}));
}

}  // namespace
}  // namespace agent
