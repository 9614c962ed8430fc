#include "invocation/attribution.hpp"

#include <gtest/gtest.h>

namespace agent {
namespace {

using namespace std::chrono_literals;
constexpr Wall kInvokedAt = Wall(1'700'000'000s + 500us);

TEST(Attribution, KnowsNothingBeforeTheFirstStart) {
  Attribution attribution(false);
  EXPECT_EQ(attribution.id_for(kInvokedAt), "");
}

TEST(Attribution, FollowsTheOrderOfPlatformStarts) {
  Attribution attribution(false);
  attribution.started("a");
  EXPECT_EQ(attribution.id_for(kInvokedAt), "a");
  attribution.started("b");
  EXPECT_EQ(attribution.id_for(kInvokedAt), "b");
}

TEST(Attribution, LeavesInitLinesWithoutAnIdWhileTheStartIsMissing) {
  Attribution attribution(false);
  attribution.invoked("a", kInvokedAt);
  EXPECT_EQ(attribution.id_for(kInvokedAt - 5ms), "");
}

TEST(Attribution, GivesLinesSinceInvokeToARunningInvocationWhoseStartIsLost) {
  Attribution attribution(false);
  attribution.started("a");
  attribution.invoked("b", kInvokedAt);
  EXPECT_EQ(attribution.id_for(kInvokedAt - 5ms), "a") << "a late line of the invocation before";
  EXPECT_EQ(attribution.id_for(Wall(1'700'000'000s)), "b") << "stamped in whole milliseconds";
  attribution.started("b");
  EXPECT_EQ(attribution.id_for(kInvokedAt + 1s), "b");
}

TEST(Attribution, FollowsAPlatformStartThatComesBeforeItsInvoke) {
  Attribution attribution(false);
  attribution.invoked("a", kInvokedAt);
  attribution.started("a");
  attribution.started("b");
  EXPECT_EQ(attribution.id_for(kInvokedAt + 1s), "b");
  attribution.invoked("b", kInvokedAt + 2s);
  EXPECT_EQ(attribution.id_for(kInvokedAt + 3s), "b");
}

TEST(Attribution, AttributesNothingOnManagedInstances) {
  Attribution attribution(true);
  attribution.started("a");
  EXPECT_EQ(attribution.id_for(kInvokedAt), "");
}

TEST(Attribution, KeepsIdsOfABatchValidUntilItEnds) {
  Attribution attribution(false);
  attribution.started("first-request-id-of-some-length");
  const std::string_view first = attribution.id_for(kInvokedAt);
  for (int i = 0; i < 1000; ++i) attribution.started("request-" + std::to_string(i));
  EXPECT_EQ(first, "first-request-id-of-some-length");
  attribution.batch_ended();
  EXPECT_EQ(attribution.id_for(kInvokedAt), "request-999");
}

}  // namespace
}  // namespace agent
