#include "acme_example.hpp"

#include <gtest/gtest.h>

#include <sls/testing.hpp>

TEST(AcmeExample, CountsLinesThatContainTheText) {
  sls::testing::Driver<AcmeExample> driver({.options = {{"text", "boom"}}});
  driver.invoke("req-1").log("a boom").log("quiet").done();
  ASSERT_EQ(driver.samples().size(), 1u);
  EXPECT_EQ(driver.samples()[0].name, "acme.lines");
  EXPECT_EQ(driver.samples()[0].value, 1);
  EXPECT_TRUE(driver.faults().empty());
}
