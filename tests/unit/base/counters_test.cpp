#include "base/counters.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace agent {
namespace {

TEST(Counters, GivesOneHandlePerOwnerAndName) {
  Counters counters;
  const auto a = counters.handle("logs", "dropped.too_large");
  EXPECT_EQ(counters.handle("logs", "dropped.too_large"), a);
  EXPECT_NE(counters.handle("metrics", "dropped.too_large"), a);
}

TEST(Counters, AddsUpUnderAPrefixOfOneOwner) {
  Counters counters;
  counters.add(counters.handle("logs", "dropped.a"), 2);
  counters.add(counters.handle("logs", "dropped.b"), 3);
  counters.add(counters.handle("logs", "masked"), 5);
  counters.add(counters.handle("metrics", "dropped.a"), 7);
  EXPECT_EQ(counters.sum("logs", "dropped."), 5u);
  EXPECT_EQ(counters.value("logs", "masked"), 5u);
  EXPECT_EQ(counters.value("nobody", "masked"), 0u);
}

TEST(Counters, IgnoresAHandleThatNobodyGave) {
  Counters counters;
  counters.add(12345, 1);
  EXPECT_TRUE(counters.all().empty());
}

TEST(Counters, CountsOnOtherBeyondTheLimitOfAnOwner) {
  Counters counters;
  for (std::size_t i = 0; i < limits::kCountersPerOwnerMax; ++i)
    counters.add(counters.handle("greedy", "c" + std::to_string(i)));
  counters.add(counters.handle("greedy", "one_more"), 4);
  counters.add(counters.handle("greedy", "yet_another"), 4);
  EXPECT_EQ(counters.value("greedy", "other"), 8u);
  counters.add(counters.handle("modest", "mine"), 1);
  EXPECT_EQ(counters.value("modest", "mine"), 1u);
}

}  // namespace
}  // namespace agent
