// The example that turns lines into metrics, driven as its author would.
#include "../../sdk/examples/log-metric/log_metric.cpp"

#include <gtest/gtest.h>

#include "sls/testing.hpp"

namespace {

struct LogMetricDriver : sls::testing::TableDriver {
  explicit LogMetricDriver(const char* rules) : TableDriver(*sls_plugin_v1(), {.options = {{"rules", rules}}}) {}
};

TEST(LogMetric, WithoutAnEngineARuleCostsItselfAndSaysSo) {
  LogMetricDriver driver(R"([{"name":"a","match":"x"},{"name":"b"},{"name":"c","match":"x","type":"rate"},)"
                         R"({"name":"d","match":"x","type":"gauge"},7])");
  ASSERT_EQ(driver.logs().size(), 5u);  // no engine lies beside this test
  EXPECT_EQ(driver.logs()[1].text, "rule 2 ('b') is left out: wanted name and match");
  EXPECT_EQ(driver.logs()[2].text,
            "rule 3 ('c') is left out: found the type 'rate', wanted count, gauge or distribution");
  EXPECT_EQ(driver.logs()[3].text, "rule 4 ('d') is left out: wanted a value");
  driver.log("x");
  EXPECT_TRUE(driver.samples().empty());
  EXPECT_TRUE(driver.faults().empty());
}

TEST(LogMetric, SaysSoWhenItsRulesAreNoList) {
  LogMetricDriver driver("{}");
  ASSERT_EQ(driver.logs().size(), 1u);
  EXPECT_NE(driver.logs()[0].text.find("wanted a list of rules"), std::string::npos);
}

}  // namespace
