// An ordinary Java function with the ordinary tracer (dd-java-agent), run by Lambda's own runtime client beside the
// built agent. The tracer tells the agent when the handler starts and ends, so the agent makes the invocation's span.
#include <gtest/gtest.h>

#include "own_namespaces.hpp"
#include "shop.hpp"

namespace {

using stage::Stage;

stage::Given traced_function(const shop::Fakes& fakes) {
  stage::Given given;
  given.host = "127.0.0.1";
  given.config = shop::kConfig;
  given.function = shop::function(
      fakes, {"DD_SERVICE=shop", "DD_INSTRUMENTATION_TELEMETRY_ENABLED=false", "DD_REMOTE_CONFIGURATION_ENABLED=false"},
      {"java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-javaagent:" SLS_E2E_JAVA "/dd-java-agent.jar", "-cp",
       SLS_E2E_JAVA "/classes:" SLS_E2E_JAVA "/jars/*", "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
       "Shop::handleRequest"});
  return given;
}

class JavaTracer : public testing::Test {
 protected:
  void SetUp() override {
    if (!shop::installed(SLS_E2E_JAVA)) GTEST_SKIP() << "no JDK, no Maven, or the package registry is out of reach";
    if (const std::string why = shop::enter_own_namespaces(); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_F(JavaTracer, TheFunctionsSpansHangBelowTheInvocationsOwn) {
  const shop::Fakes fakes;
  Stage stage(traced_function(fakes));
  stage.sandbox().options().init_limit = lab::Milliseconds(120000);  // a JVM under its tracer, on a busy machine
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<std::string> ids;
  ASSERT_NO_FATAL_FAILURE(shop::pay_twice_and_fail(stage, ids));
  EXPECT_TRUE(stage.ledger("traces").balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const std::vector<lab::Span> spans = shop::spans_of(stage);
  shop::expect_sound(spans, "shop");
  shop::expect_invocations(spans, ids, "jvm");
  const auto sql = shop::named(spans, "h2.query"), http = shop::named(spans, "http.request"),
             redis = shop::named(spans, "redis.query");
  ASSERT_EQ(sql.size(), 3u) << "the handler's table, too";
  ASSERT_EQ(http.size(), 2u);
  ASSERT_EQ(redis.size(), 2u);
  EXPECT_EQ(sql[1].resource, "SELECT * FROM orders WHERE card = ? LIMIT ?");
  EXPECT_EQ(http[0].resource, "GET /pay");
  EXPECT_EQ(redis[0].resource, "SET");
  const auto invocations = shop::named(spans, "aws.lambda");
  for (std::size_t i = 0; i < 2; ++i)
    for (const lab::Span& span : {sql[i + 1], http[i], redis[i]}) EXPECT_EQ(span.parent_id, invocations[i].span_id);
  EXPECT_EQ(shop::tag(invocations[2], "error.type"), "java.lang.IllegalStateException");
  EXPECT_EQ(shop::tag(invocations[2], "error.msg"), "no such order");
  EXPECT_NE(shop::tag(invocations[2], "error.stack").find("at Shop.handleRequest(Shop.java:"), std::string::npos);
}

}  // namespace
