#include "forward/ledger.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace agent {
namespace {

TEST(Ledger, BalancesAtEveryStepOfAPayload) {
  Counters counters;
  Ledger ledger(counters);
  EXPECT_TRUE(ledger.line("logs", 10, 10).balances());
  ledger.took_over("logs", 7);
  EXPECT_TRUE(ledger.line("logs", 10, 3).balances());
  EXPECT_EQ(ledger.line("logs", 10, 3).pending_in_forwarder, 7u);
  ledger.delivered("logs", 4);
  ledger.dropped("logs", "too_large", 2);
  ledger.dropped("logs", "shutdown", 1);
  const LedgerLine line = ledger.line("logs", 10, 3);
  EXPECT_TRUE(line.balances());
  EXPECT_EQ(line.delivered, 4u);
  EXPECT_EQ(line.dropped_total(), 3u);
  EXPECT_EQ(line.pending_in_forwarder, 0u);
}

TEST(Ledger, SumsThePluginsOwnDropsAndTheHosts) {
  Counters counters;
  Ledger ledger(counters);
  counters.add(counters.handle("logs", "dropped.too_large"), 5);
  counters.add(counters.handle("logs", "records"), 100);
  counters.add(counters.handle("traces", "dropped.too_large"), 9);
  ledger.took_over("logs", 2);
  ledger.dropped("logs", "too_large", 2);
  const LedgerLine line = ledger.line("logs", 7, 0);
  ASSERT_EQ(line.dropped.size(), 1u);
  EXPECT_EQ(line.dropped[0].first, "too_large");
  EXPECT_EQ(line.dropped[0].second, 7u);
  EXPECT_TRUE(line.balances());
}

TEST(Ledger, BalancesWhenThePluginHasUsedUpItsCounters) {
  Counters counters;
  Ledger ledger(counters);
  for (std::size_t i = 0; i < limits::kCountersPerOwnerMax; ++i) counters.handle("logs", cat("name", i));
  ledger.took_over("logs", 5);
  ledger.dropped("logs", "too_large", 3);
  ledger.dropped("logs", "shutdown", 2);
  EXPECT_TRUE(ledger.line("logs", 5, 0).balances());
  EXPECT_EQ(counters.value("logs", "dropped.other"), 5u);
}

TEST(Ledger, GoesOnWithWhatAnEarlierLifeOfTheProcessCounted) {
  Counters before;
  Ledger first(before);
  first.took_over("logs", 8);
  first.delivered("logs", 5);
  first.dropped("logs", "too_large", 1);
  first.maybe_duplicate("logs", 2);
  const Ledger::Carried carried = first.carried("logs", 12);
  EXPECT_EQ(carried.received, 12u);

  Counters counters;
  Ledger ledger(counters);
  counters.add(counters.handle("logs", "dropped.too_large"), 1);
  counters.add(counters.handle("logs", "dropped.restart"), 6);
  ledger.carry_over("logs", carried);
  LedgerLine line = ledger.line("logs", 0, 0);
  EXPECT_TRUE(line.balances());
  EXPECT_EQ(line.received, 12u);
  EXPECT_EQ(line.delivered, 5u);
  EXPECT_EQ(line.pending_in_forwarder, 0u);
  EXPECT_EQ(line.maybe_duplicate, 2u);

  ledger.took_over("logs", 3);
  ledger.delivered("logs", 3);
  line = ledger.line("logs", 4, 1);
  EXPECT_TRUE(line.balances());
  EXPECT_EQ(line.received, 16u);
  // Handed on a second time, both lives are in it.
  EXPECT_EQ(ledger.carried("logs", 4).received, 16u);
  EXPECT_EQ(ledger.carried("logs", 4).delivered, 8u);
}

TEST(Ledger, ShowsAnImbalance) {
  Counters counters;
  Ledger ledger(counters);
  ledger.took_over("logs", 2);
  EXPECT_FALSE(ledger.line("logs", 3, 0).balances());
}

TEST(Ledger, KeepsCopiesApart) {
  Counters counters;
  Ledger ledger(counters);
  ledger.took_over("logs", 2);
  ledger.copy_delivered("logs", 2);
  ledger.copy_dropped("logs", "rejected_400", 2);
  const LedgerLine line = ledger.line("logs", 2, 0);
  EXPECT_EQ(line.delivered, 0u);
  EXPECT_EQ(line.dropped_total(), 0u);
  EXPECT_EQ(line.pending_in_forwarder, 2u);
  EXPECT_EQ(counters.value("logs", "additional.delivered"), 2u);
  EXPECT_EQ(counters.value("logs", "additional.dropped.rejected_400"), 2u);
}

}  // namespace
}  // namespace agent
