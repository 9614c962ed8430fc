#include "invocation/service_names.hpp"

#include <gtest/gtest.h>

namespace {

using traces::invocation::ServiceNames;
using List = std::vector<std::string>;

TEST(ServiceNames, MapTheInstanceThenItsKindThenNameIt) {
  List unusable;
  const ServiceNames names("orders:shop,lambda_sqs : queues , payments:money", true, unusable);
  EXPECT_EQ(names.of({"orders", "lambda_sqs", "orders", "sqs"}), "shop");
  EXPECT_EQ(names.of({"payments", "lambda_sqs", "payments", "sqs"}), "money");
  EXPECT_EQ(names.of({"Orders", "lambda_sqs", "Orders", "sqs"}), "queues") << "keys compare exactly";
  EXPECT_EQ(names.of({"orders ", "lambda_sns", "topic", "sns"}), "topic");
  EXPECT_EQ(names.of({"", "", "", "sns"}), "sns") << "a blank name is none";
  EXPECT_EQ(names.of({"", "", "  ", "sns"}), "sns");
  EXPECT_EQ(unusable, List());
}

TEST(ServiceNames, AreThoseOfTheKindWhenInstancesAreNotWanted) {
  List unusable;
  const ServiceNames names("lambda_sns:news", false, unusable);
  EXPECT_EQ(names.of({"orders", "lambda_sqs", "orders", "sqs"}), "sqs");
  EXPECT_EQ(names.of({"topic", "lambda_sns", "topic", "sns"}), "news");
}

TEST(ServiceNames, TellWhichPairsMapNothing) {
  List unusable;
  const ServiceNames names("a:b:c,noColon,:x,y:,same:same, ,,ok:fine,ok:last,", true, unusable);
  EXPECT_EQ(unusable, List({"a:b:c", "noColon", ":x", "y:", "same:same"}));
  EXPECT_EQ(names.of({"ok", "", "i", "f"}), "last");
  EXPECT_EQ(names.of({"a", "", "i", "f"}), "i");
}

}  // namespace
