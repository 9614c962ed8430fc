#include "lab/ledger_view.hpp"

#include <gtest/gtest.h>

#include "lab/terminal.hpp"

namespace lab {
namespace {

TEST(LedgerView, ReadsRowsAndSaysThemInOneSentence) {
  const auto rows = ledger_of(json::parse(R"({"ledger":[{"plugin":"logs","received":12,"delivered":8,
    "pending":{"in_plugin":1,"in_forwarder":1},"dropped":{"excluded":2,"other":0}}]})"));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].balances());
  EXPECT_EQ(rows[0].sentence(), "received 12 = delivered 8 + dropped 2 (excluded 2) + pending 2");
}

TEST(LedgerView, SeesThatARecordIsMissing) {
  const auto rows =
      ledger_of(json::parse(R"({"ledger":{"logs":{"received":3,"delivered":2,"dropped":{},"pending":0}}})"));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].plugin, "logs");
  EXPECT_FALSE(rows[0].balances());
}

TEST(LedgerView, HasNoRowsWithoutALedger) { EXPECT_TRUE(ledger_of(json::value()).empty()); }

TEST(Terminal, CutsAndFillsByColumnsNotByBytes) {
  EXPECT_EQ(fitted("äöü", 5), "äöü  ");
  EXPECT_EQ(fitted("äöüß", 3), "äö…");
  EXPECT_EQ(fitted("a\tb", 3), "a b");
  EXPECT_EQ(fitted("abc", 5, false), "abc");
}

TEST(Terminal, WritesNoColoursWhereNobodySeesThem) {
  EXPECT_EQ(Terminal(stdout, false, 80).styled(Style::kRed, "x"), "x");
  EXPECT_NE(Terminal(stdout, true, 80).styled(Style::kRed, "x"), "x");
}

}  // namespace
}  // namespace lab
