#include "net/offload.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

#include "on_loop.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

Task<> run_two(Offload& offload, std::string& trace, std::thread::id& thread) {
  std::function<void()> first = [&] { trace += "a", thread = std::this_thread::get_id(); };
  co_await offload.run(first);
  trace += "b";
  std::function<void()> second = [&] { trace += "c"; };
  co_await offload.run(second);
  trace += "d";
}

TEST(Offload, RunsJobsOnAnotherThreadAndComesBack) {
  Loop loop;
  Offload offload(loop);
  std::string trace;
  std::thread::id thread;
  EXPECT_TRUE(run_on(loop, run_two(offload, trace, thread)));
  EXPECT_EQ(trace, "abcd");
  EXPECT_NE(thread, std::this_thread::get_id());
}

Task<> run_one(Offload& offload, std::function<void()> job) { co_await offload.run(std::move(job)); }

TEST(Offload, WaitsForTheRunningJobWhenItEnds) {
  Loop loop;
  std::promise<void> started;
  int ran = 0;
  {
    Offload offload(loop);
    std::function<void()> first = [&] { started.set_value(), ++ran; };
    loop.spawn("first", run_one(offload, first));
    loop.post([](void* argument) { static_cast<Loop*>(argument)->stop(); }, &loop);
    loop.run();
    started.get_future().wait();
  }
  EXPECT_EQ(ran, 1);
}

Task<> run_apart(Loop& loop, std::function<void()> job, Nanos time, Detached& outcome) {
  const Steady deadline = in(time);
  outcome = co_await run_detached(loop, std::move(job), deadline);
}

TEST(RunDetached, SaysDoneOrLateAndWaitsForNobody) {
  Loop loop;
  Detached outcome = Detached::kFull;
  EXPECT_TRUE(run_on(loop, run_apart(
                               loop, [] {}, 5s, outcome)));
  EXPECT_EQ(outcome, Detached::kDone);
  const auto release = std::make_shared<std::promise<void>>();
  EXPECT_TRUE(run_on(loop, run_apart(
                               loop, [release] { release->get_future().wait(); }, 10ms, outcome)));
  EXPECT_EQ(outcome, Detached::kLate);
  release->set_value();
}

}  // namespace
}  // namespace agent
