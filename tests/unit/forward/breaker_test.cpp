#include "forward/breaker.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

constexpr Steady kStart{1000s};

Breaker::Moment at(Steady sent, Nanos took, std::uint64_t flush, double chance = 0) {
  Breaker::Moment when;
  when.sent = sent;
  when.now = sent + took;
  when.flush = flush;
  when.chance = chance;
  return when;
}

// Fails at once, three times, in flush 1.
Breaker opened_at_once() {
  Breaker breaker;
  EXPECT_FALSE(breaker.on_failure(at(kStart, 1ms, 1), false));
  EXPECT_FALSE(breaker.on_failure(at(kStart + 1ms, 1ms, 1), false));
  EXPECT_TRUE(breaker.on_failure(at(kStart + 2ms, 1ms, 1), true));
  return breaker;
}

TEST(Breaker, OpensWhenAPayloadHasUsedUpItsAttemptsAndNothingElseWentThrough) {
  EXPECT_FALSE(opened_at_once().closed());
  Breaker poisoned;
  poisoned.on_failure(at(kStart, 1ms, 1), false);
  poisoned.on_failure(at(kStart, 1ms, 1), false);
  poisoned.on_success(kStart, kStart);
  EXPECT_FALSE(poisoned.on_failure(at(kStart, 1ms, 1), true));
  EXPECT_TRUE(poisoned.closed());
}

TEST(Breaker, LooksAgainInTheNextFlushAfterAHiccupAndNotInTheSame) {
  const Breaker breaker = opened_at_once();
  EXPECT_FALSE(breaker.allows_probe(kStart + 1h, 1));
  EXPECT_TRUE(breaker.allows_probe(kStart + 3ms, 2));
  EXPECT_EQ(breaker.probe_hold(), limits::kProbeHold);
}

TEST(Breaker, RestsTwiceAsLongAfterEachFailedProbe) {
  Breaker breaker = opened_at_once();
  Steady now = kStart + 10ms;
  std::uint64_t flush = 2;
  for (const Nanos rest : {Nanos(1s), Nanos(2s), Nanos(4s), Nanos(8s), Nanos(16s), Nanos(32s), Nanos(64s), Nanos(128s),
                           Nanos(256s), Nanos(300s), Nanos(300s)}) {
    ASSERT_TRUE(breaker.allows_probe(now, flush));
    EXPECT_FALSE(breaker.on_failure(at(now, 1ms, flush), false)) << "it was open before";
    now += 1ms;
    ++flush;
    EXPECT_FALSE(breaker.allows_probe(now + rest - 1ns, flush)) << rest.count();
    EXPECT_TRUE(breaker.allows_probe(now + rest, flush)) << rest.count();
    now += rest;
  }
}

TEST(Breaker, SpreadsTheRestByChanceUpToAHalfMore) {
  Breaker breaker = opened_at_once();
  breaker.on_failure(at(kStart + 10ms, 0ms, 2, 0.999), false);
  EXPECT_FALSE(breaker.allows_probe(kStart + 10ms + 1490ms, 3));
  EXPECT_TRUE(breaker.allows_probe(kStart + 10ms + 1500ms, 3));
}

TEST(Breaker, NobodyWaitsForAProbeOfAMuteEndpoint) {
  Breaker breaker;
  EXPECT_TRUE(breaker.on_mute(at(kStart, 2s, 1)));
  EXPECT_EQ(breaker.probe_hold(), Nanos(0));
  EXPECT_FALSE(breaker.allows_probe(kStart + 2s + 999ms, 2));
  EXPECT_TRUE(breaker.allows_probe(kStart + 3s, 2));
}

TEST(Breaker, ARequestFromBeforeSaysNothingNewWhenItFails) {
  Breaker breaker;
  breaker.on_mute(at(kStart, 2s, 1));
  breaker.on_failure(at(kStart, 5s, 2), false);
  EXPECT_TRUE(breaker.allows_probe(kStart + 3s, 3));
}

TEST(Breaker, ClosesOnAnySuccessHoweverLate) {
  Breaker breaker;
  breaker.on_mute(at(kStart, 2s, 1));
  EXPECT_TRUE(breaker.on_success(kStart, kStart));
  EXPECT_TRUE(breaker.closed());
  EXPECT_FALSE(breaker.on_success(kStart, kStart)) << "it was closed before";
}

TEST(Breaker, OpensAtOnceWhenRefusedAndKeepsToThePause) {
  Breaker breaker;
  EXPECT_TRUE(breaker.on_refusal(at(kStart, 1ms, 1), 7s));
  EXPECT_FALSE(breaker.allows_probe(kStart + 7s, 2));
  EXPECT_TRUE(breaker.allows_probe(kStart + 7s + 1ms, 2));
  EXPECT_FALSE(breaker.on_refusal(at(kStart, 2ms, 1), 9s)) << "another one of the same time";
  EXPECT_FALSE(breaker.allows_probe(kStart + 9s, 2));
  EXPECT_TRUE(breaker.allows_probe(kStart + 9s + 2ms, 2));
}

TEST(Breaker, KeepsToThePauseThatWasAskedForWhenAnOlderRequestSucceeds) {
  Breaker breaker;
  EXPECT_TRUE(breaker.on_refusal(at(kStart, 1ms, 1), 7s));
  EXPECT_FALSE(breaker.on_success(kStart, kStart + 2ms)) << "sent beside the refused one";
  EXPECT_FALSE(breaker.allows_probe(kStart + 6s, 2));
  EXPECT_TRUE(breaker.on_success(kStart + 8s, kStart + 8s)) << "the probe";
  EXPECT_TRUE(breaker.on_refusal(at(kStart + 9s, 1ms, 3), 0s));
  EXPECT_TRUE(breaker.on_success(kStart + 9s, kStart + 9s + 2ms)) << "no pause was asked for";
}

}  // namespace
}  // namespace agent
