// Flush strategy: decides *when* the pipelines hand over what they hold.
//
// A value and one function, not a task. It owns no timer, knows no socket and never looks at a plugin: feed it the
// clock and the history of invocations, read the decision. The table of rules is flush_strategy_test.cpp's.
//
// Grammar of serverless_flush_strategy: "end", "end,MS", "periodically,MS", "continuously,MS"; text after a second
// comma is ignored; anything else, 0 included, is the adaptive default. Called by lifecycle_loop once per INVOKE.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "base/clock.hpp"

namespace agent {

struct FlushStrategy {
  enum class Kind { kAdaptive, kEnd, kPeriodically, kContinuously };
  Kind kind = Kind::kAdaptive;
  std::chrono::milliseconds interval{0};  // kEnd: 0 is "every time"

  // Never fails; `understood` is false where the adaptive default stands in for something that is no strategy.
  static FlushStrategy parse(std::string_view text, bool& understood);
};

// The last 20 INVOKEs and the last flush that was decided by an interval.
class FlushHistory {
 public:
  static constexpr std::size_t kInvocationsMax = 20;

  explicit FlushHistory(Wall process_start) : last_timed_flush_(process_start) {}

  void invoked(Wall at);
  void flushed(Wall at) { last_timed_flush_ = at; }

  bool full() const { return count_ >= kInvocationsMax; }
  Wall oldest() const { return times_[count_ % kInvocationsMax]; }  // when full
  Wall last_timed_flush() const { return last_timed_flush_; }

 private:
  std::array<Wall, kInvocationsMax> times_{};
  std::size_t count_ = 0;
  Wall last_timed_flush_;
};

enum class FlushDecision {
  kNone,          // ask for the next event at once
  kAtEnd,         // wait for the end of the invocation, flush, then ask for the next event
  kNow,           // flush what earlier invocations left while the function runs, then ask for the next event
  kInBackground,  // start a flush unless one is running, and ask for the next event at once
};

// `flush_timeout`: invocations closer together than this on average over 20 make the adaptive default continuous.
FlushDecision decide(const FlushStrategy& strategy, const FlushHistory& history, Wall now, Nanos flush_timeout);

// How long an invocation may run until what came in meanwhile is shipped all the same; of managed instances, how often
// the timer flushes. kFlushTimerMin at least.
Nanos race_interval(const FlushStrategy& strategy);

}  // namespace agent
