#include "lifecycle/flush_strategy.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;
using Kind = FlushStrategy::Kind;

TEST(FlushStrategy, ReadsItsGrammar) {
  struct Case {
    std::string_view text;
    Kind kind;
    std::chrono::milliseconds interval;
    bool understood;
  };
  for (const Case& c : {
           Case{"end", Kind::kEnd, 0ms, true},
           Case{"end,1000", Kind::kEnd, 1000ms, true},
           Case{"end,1000,foo", Kind::kEnd, 1000ms, true},
           Case{"periodically,60000", Kind::kPeriodically, 60000ms, true},
           Case{"continuously,1", Kind::kContinuously, 1ms, true},
           Case{"", Kind::kAdaptive, 0ms, true},
           Case{"default", Kind::kAdaptive, 0ms, true},
           Case{"periodically", Kind::kAdaptive, 0ms, false},
           Case{"PERIODICALLY,10", Kind::kAdaptive, 0ms, false},
           Case{"END", Kind::kAdaptive, 0ms, false},
           Case{"end,x", Kind::kAdaptive, 0ms, false},
           Case{"end, 10", Kind::kAdaptive, 0ms, false},
           Case{"end,10 ", Kind::kAdaptive, 0ms, false},
           Case{"end,0", Kind::kAdaptive, 0ms, false},
           Case{"periodically,0", Kind::kAdaptive, 0ms, false},
           Case{"continuously,-5", Kind::kAdaptive, 0ms, false},
           Case{"continuously,99999999999999999999", Kind::kAdaptive, 0ms, false},
           Case{"5000", Kind::kAdaptive, 0ms, false},
           Case{"true", Kind::kAdaptive, 0ms, false},
       }) {
    bool understood = false;
    const FlushStrategy strategy = FlushStrategy::parse(c.text, understood);
    EXPECT_EQ(strategy.kind, c.kind) << c.text;
    EXPECT_EQ(strategy.interval, c.interval) << c.text;
    EXPECT_EQ(understood, c.understood) << c.text;
  }
}

constexpr Wall kStart = Wall(1'700'000'000s);

// `count` INVOKEs, `gap` apart, the last one at the time that is returned.
Wall invoke_often(FlushHistory& history, int count, Nanos gap) {
  Wall at = kStart;
  for (int i = 0; i < count; ++i) history.invoked(at += gap);
  return at;
}

TEST(FlushStrategy, DecidesByItsTable) {
  struct Case {
    std::string_view strategy;
    int invocations;
    Nanos gap, since_flush;
    FlushDecision expected;
  };
  for (const Case& c : {
           Case{"end", 1, 1s, 0s, FlushDecision::kAtEnd},
           Case{"end", 100, 10ms, 0s, FlushDecision::kAtEnd},
           Case{"end,10000", 3, 1s, 9s, FlushDecision::kNone},
           Case{"end,10000", 3, 1s, 10s, FlushDecision::kAtEnd},
           Case{"periodically,60000", 1, 1s, 59s, FlushDecision::kNone},
           Case{"periodically,60000", 1, 1s, 60s, FlushDecision::kNow},
           Case{"periodically,1", 1, 1s, 1ms, FlushDecision::kNow},
           Case{"continuously,1000", 1, 1s, 999ms, FlushDecision::kNone},
           Case{"continuously,1000", 1, 1s, 1s, FlushDecision::kInBackground},
           // adaptive: at the end until 20 invocations are known
           Case{"", 19, 1s, 100s, FlushDecision::kAtEnd},
           // then seldom ones at their end
           Case{"", 20, 120s, 20s, FlushDecision::kAtEnd},
           // frequent ones in the background, at most every 20 s
           Case{"", 20, 1s, 19s, FlushDecision::kNone},
           Case{"", 20, 1s, 20s, FlushDecision::kInBackground},
           // those between at the top of an invocation
           Case{"", 20, 10s, 20s, FlushDecision::kNow},
           Case{"", 20, 10s, 19s, FlushDecision::kNone},
       }) {
    bool understood = false;
    FlushHistory history(kStart);
    const Wall now = invoke_often(history, c.invocations, c.gap);
    history.flushed(now - c.since_flush);
    EXPECT_EQ(decide(FlushStrategy::parse(c.strategy, understood), history, now, 30s), c.expected)
        << c.strategy << " after " << c.invocations << " invocations";
  }
}

TEST(FlushStrategy, ShipsALongInvocationMeanwhile) {
  bool understood = false;
  EXPECT_EQ(race_interval(FlushStrategy::parse("", understood)), 60s);
  EXPECT_EQ(race_interval(FlushStrategy::parse("end", understood)), 15min);
  EXPECT_EQ(race_interval(FlushStrategy::parse("continuously,5000", understood)), 5s);
  EXPECT_EQ(race_interval(FlushStrategy::parse("continuously,1", understood)), limits::kFlushTimerMin)
      << "no busy timer";
}

}  // namespace
}  // namespace agent
