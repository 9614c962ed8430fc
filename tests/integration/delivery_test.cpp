// The back of the house under fault: the n-th request at the intake fails, n = 1 until none does. Nothing is lost that
// could be kept, and the ledger balances each time.
#include <gtest/gtest.h>

#include <algorithm>

#include "stage.hpp"

namespace {

using lab::Fault;
using lab::Manner;
using stage::Stage;

struct Trouble {
  const char* name;
  Manner manner;
  int status;
};

const Trouble kTroubles[] = {
    {"answers500", Manner::kNormal, 500},
    {"answers429", Manner::kNormal, 429},
    {"resetsTheConnection", Manner::kCut, 0},
    {"resetsInTheBody", Manner::kCutBody, 0},
    {"answersHalf", Manner::kHalf, 0},
    {"speaksNonsense", Manner::kGarbage, 0},
    {"closesKeptConnections", Manner::kCloseAfter, 0},
};

class NthRequest : public testing::TestWithParam<Trouble> {};

// True when the fault was met.
bool meet_fault(const Trouble& trouble, int n) {
  Stage stage;
  EXPECT_TRUE(stage.start()) << stage.failure;
  Fault pass;
  pass.times = n - 1;
  Fault fault;
  fault.manner = trouble.manner;
  fault.status = trouble.status;
  fault.times = 1;
  if (n > 1) stage.intake().add(pass);
  stage.intake().add(fault);
  for (const char* line : {"one", "two", "three"}) {
    EXPECT_TRUE(stage.invoke({line})) << "n = " << n;
    EXPECT_TRUE(stage.ledger("logs").balances()) << "n = " << n;
  }
  EXPECT_EQ(stage.shutdown().exit_code, 0) << "n = " << n;
  const std::vector<std::string> messages = stage.messages();
  for (const char* line : {"one", "two", "three"})
    EXPECT_GE(std::count(messages.begin(), messages.end(), line), 1) << line << " is lost, n = " << n;
  EXPECT_EQ(stage.broken().size(), trouble.manner == Manner::kCutBody ? stage.broken().size() : 0u);
  return stage.intake().counts().requests >= static_cast<std::uint64_t>(n);
}

TEST_P(NthRequest, LosesNothingAndBalances) {
  int n = 1;
  while (n < 20 && meet_fault(GetParam(), n)) ++n;
  EXPECT_GT(n, 3) << "an invocation made no request of its own";
  EXPECT_LT(n, 20) << "the fault is met again and again";
}

INSTANTIATE_TEST_SUITE_P(Delivery, NthRequest, testing::ValuesIn(kTroubles),
                         [](const testing::TestParamInfo<Trouble>& i) { return std::string(i.param.name); });

TEST(Delivery, KeepsWhatAnUnreachableIntakeWouldNotTake) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  stage.intake().down();
  ASSERT_TRUE(stage.invoke({"while it was down"}));
  const stage::Ledger down = stage.ledger("logs");
  EXPECT_TRUE(down.balances());
  EXPECT_GT(down.pending, 0);
  EXPECT_EQ(down.delivered, 0);
  stage.intake().up();
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const std::vector<std::string> messages = stage.messages();
  EXPECT_EQ(std::count(messages.begin(), messages.end(), "while it was down"), 1);
}

TEST(Delivery, AMuteIntakeDoesNotHoldTheFunction) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  Fault mute;
  mute.manner = Manner::kHang;
  stage.intake().add(mute);
  const auto begin = lab::Clock::now();
  ASSERT_TRUE(stage.invoke({"nobody answers"}));
  EXPECT_LT(lab::Clock::now() - begin, std::chrono::seconds(3));  // flush_hold is 2 s
  EXPECT_TRUE(stage.ledger("logs").balances());
}

TEST(Delivery, RefusedKeysDropWithAReason) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  Fault forbidden;
  forbidden.status = 403;
  stage.intake().add(forbidden);
  ASSERT_TRUE(stage.invoke({"forbidden"}));
  const stage::Ledger ledger = stage.ledger("logs");
  EXPECT_TRUE(ledger.balances());
  EXPECT_EQ(ledger.delivered, 0);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

}  // namespace
