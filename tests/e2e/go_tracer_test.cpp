// An ordinary Go function with the ordinary tracer (dd-trace-go), run by Lambda's own library beside the built agent.
// The handler's wrapper tells the agent when it starts and ends, so the agent makes the invocation's span.
#include <gtest/gtest.h>

#include "own_namespaces.hpp"
#include "shop.hpp"

namespace {

using stage::Stage;

class GoTracer : public testing::Test {
 protected:
  void SetUp() override {
    if (!shop::installed(SLS_E2E_GO)) GTEST_SKIP() << "no Go, or the module registry is out of reach";
    if (const std::string why = shop::enter_own_namespaces(); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_F(GoTracer, TheFunctionsSpansHangBelowTheInvocationsOwn) {
  const shop::Fakes fakes;
  stage::Given given;
  given.host = "127.0.0.1";
  given.config = shop::kConfig;
  given.function = shop::function(
      fakes, {"DD_SERVICE=shop", "DD_INSTRUMENTATION_TELEMETRY_ENABLED=false", "DD_REMOTE_CONFIGURATION_ENABLED=false"},
      {SLS_E2E_GO "/shop"});
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<std::string> ids;
  ASSERT_NO_FATAL_FAILURE(shop::pay_twice_and_fail(stage, ids));
  EXPECT_TRUE(stage.ledger("traces").balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const std::vector<lab::Span> spans = shop::spans_of(stage);
  shop::expect_sound(spans, "shop");
  shop::expect_invocations(spans, ids, "go");
  const auto sql = shop::named(spans, "postgres.query"), http = shop::named(spans, "http.request"),
             redis = shop::named(spans, "redis.command"), invocations = shop::named(spans, "aws.lambda");
  ASSERT_EQ(sql.size(), 2u);
  ASSERT_EQ(http.size(), 2u) << "none of the wrapper's calls to the agent";
  ASSERT_EQ(redis.size(), 2u);
  EXPECT_EQ(sql[0].resource, "SELECT * FROM orders WHERE card = ? LIMIT ?");
  EXPECT_EQ(redis[0].resource, "SET");
  EXPECT_EQ(shop::tag(redis[0], "redis.raw_command"), "SET last ?");
  for (std::size_t i = 0; i < 2; ++i)
    for (const lab::Span& span : {sql[i], http[i], redis[i]}) EXPECT_EQ(span.parent_id, invocations[i].span_id);
  EXPECT_EQ(shop::tag(invocations[2], "error.type"), "*errors.errorString");
  EXPECT_EQ(shop::tag(invocations[2], "error.msg"), "no such order");
  EXPECT_NE(shop::tag(invocations[2], "error.stack").find("goroutine"), std::string::npos);
}

}  // namespace
