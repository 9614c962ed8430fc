#include "plugin/quarantine.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

TEST(Quarantine, BearsAsManyFailuresAsItsLimitAndNoMore) {
  for (sls_status status : std::initializer_list<sls_status>{SLS_E_INVALID, SLS_E_FAILED, SLS_E_EXCEPTION, -99, 7}) {
    Quarantine quarantine;
    for (std::size_t i = 0; i < limits::kFailedCallsMax; ++i) EXPECT_FALSE(quarantine.judge(status, 1us, 0)) << status;
    EXPECT_TRUE(quarantine.judge(status, 1us, 0)) << status;
    EXPECT_TRUE(quarantine.closed());
  }
}

TEST(Quarantine, TakesOkEmptyAndFullAsGood) {
  Quarantine quarantine;
  for (int i = 0; i < 1000; ++i)
    for (sls_status status : std::initializer_list<sls_status>{SLS_OK, SLS_EMPTY, SLS_E_FULL})
      EXPECT_FALSE(quarantine.judge(status, 1ms, 0));
  EXPECT_EQ(quarantine.failed_calls(), 0u);
}

TEST(Quarantine, AllowsTimeForTheBytesThatWerePassed) {
  Quarantine quarantine;
  EXPECT_FALSE(quarantine.judge(SLS_OK, 6ms, 0));
  EXPECT_EQ(quarantine.slow_calls(), 1u);
  quarantine.judge(SLS_OK, 14ms, 1 << 20);
  EXPECT_EQ(quarantine.slow_calls(), 1u);
  quarantine.judge(SLS_OK, 16ms, 1 << 20);
  EXPECT_EQ(quarantine.slow_calls(), 2u);
}

TEST(Quarantine, ClosesAfterTooManySlowCalls) {
  Quarantine quarantine;
  for (std::size_t i = 0; i < limits::kSlowCallsMax; ++i) EXPECT_FALSE(quarantine.judge(SLS_OK, 6ms, 0));
  EXPECT_TRUE(quarantine.judge(SLS_OK, 6ms, 0));
  EXPECT_NE(quarantine.reason().find("21 slow calls"), std::string::npos) << quarantine.reason();
}

TEST(Quarantine, ClosesAfterTooMuchSlowTime) {
  Quarantine quarantine;
  EXPECT_FALSE(quarantine.judge(SLS_OK, 1900ms, 0));
  EXPECT_TRUE(quarantine.judge(SLS_OK, 200ms, 0));
}

TEST(Quarantine, PardonsRareTroubleOfALongLife) {
  Quarantine quarantine;
  for (int i = 0; i < 500; ++i) {
    EXPECT_FALSE(quarantine.judge(SLS_E_FAILED, 1us, 0));
    for (int good = 0; good < 10; ++good) EXPECT_FALSE(quarantine.judge(SLS_OK, 1us, 0));
  }
}

}  // namespace
}  // namespace agent
