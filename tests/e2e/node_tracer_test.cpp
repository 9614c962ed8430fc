// An ordinary Node.js function with the ordinary tracer (dd-trace) beside the built agent: a statement, an HTTP call
// and a Redis command, and what of them arrives at the intake. The tracer also sees the loop that asks for events;
// spans of that are left out.
#include <gtest/gtest.h>

#include "shop.hpp"

namespace {

using stage::Given;
using stage::Stage;

Given traced_function(const shop::Fakes& fakes) {
  Given given;
  given.config = R"(
service: shop
apm_config:
  replace_tags:
    - name: note
      pattern: secret
      repl: "?"
)";
  given.function =
      shop::function(fakes, {"NODE_PATH=" SLS_E2E_MODULES "/node_modules"}, {"node", SLS_E2E_FOLDER "/traced/shop.js"});
  return given;
}

class NodeTracer : public testing::Test {
 protected:
  void SetUp() override {
    if (!shop::installed(SLS_E2E_MODULES)) GTEST_SKIP() << "no node, or no package registry";
  }
};

TEST_F(NodeTracer, SpansArriveObfuscatedAndWithoutThoseOfTheRuntime) {
  const shop::Fakes fakes;
  Stage stage(traced_function(fakes));
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (int i = 0; i < 3; ++i) ASSERT_EQ(stage.sandbox().invoke(shop::kPayment).status, "success");
  const stage::Ledger ledger = stage.ledger("traces");
  EXPECT_GE(ledger.dropped, 3) << "the runtime's own calls";
  EXPECT_TRUE(ledger.balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const std::vector<lab::Span> spans = shop::spans_of(stage);
  const auto web = shop::named(spans, "web.request"), sql = shop::named(spans, "pg.query"),
             http = shop::named(spans, "http.request"), redis = shop::named(spans, "redis.command");
  ASSERT_EQ(web.size(), 3u);
  ASSERT_EQ(sql.size(), 3u);
  ASSERT_EQ(http.size(), 3u);
  ASSERT_GE(redis.size(), 3u);
  EXPECT_EQ(shop::tag(web[0], "card"), "?");
  EXPECT_EQ(shop::tag(web[0], "note"), "? of 1111");
  EXPECT_EQ(sql[0].resource, "SELECT * FROM orders WHERE card = ? LIMIT ?");
  // Whatever else it saw was the loop's: of that neither requests nor connections arrive.
  for (const lab::Span& span : http)
    EXPECT_TRUE(shop::tag(span, "http.url").ends_with("/pay")) << shop::tag(span, "http.url");
  EXPECT_EQ(shop::named(spans, "tcp.connect").size(), 9u);
  EXPECT_NE(shop::tag(redis.back(), "redis.raw_command").find('?'), std::string::npos);
  for (const lab::Span& span : spans) {
    EXPECT_FALSE(shop::holds(span, shop::kCard)) << span.name;
    EXPECT_EQ(shop::tag(span, "service"), "shop") << span.name;
  }
}

}  // namespace
