// The example that edits records, driven as its author would.
#include "../../../sdk/examples/redactor/redactor.cpp"

#include <gtest/gtest.h>

#include "sls/testing.hpp"

namespace {

struct RedactorDriver : sls::testing::TableDriver {
  explicit RedactorDriver(const char* texts) : TableDriver(*sls_plugin_v1(), {.options = {{"texts", texts}}}) {}
};

TEST(Redactor, HidesEveryOccurrenceAndTheUneditedJson) {
  RedactorDriver driver(R"(["hunter2","4111"])");
  driver.telemetry({{.text = "hunter2 and hunter2 pay 4111", .json = "\"hunter2 and hunter2 pay 4111\""},
                    {.text = "nothing here", .json = "\"nothing here\""},
                    {.text = "4111"}});
  ASSERT_EQ(driver.records().size(), 3u);
  EXPECT_EQ(driver.records()[0].text, "[hidden] and [hidden] pay [hidden]");
  EXPECT_EQ(driver.records()[0].json, "");
  EXPECT_EQ(driver.records()[1].json, "\"nothing here\"");
  EXPECT_EQ(driver.records()[2].text, "[hidden]");
  EXPECT_EQ(driver.counter("lines_edited"), 2u);
  EXPECT_TRUE(driver.faults().empty());
}

TEST(Redactor, EditsNothingWithoutTexts) {
  RedactorDriver driver("[]");
  driver.log("hunter2");
  EXPECT_EQ(driver.records()[0].text, "hunter2");
}

}  // namespace
