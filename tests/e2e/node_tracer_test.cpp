// An ordinary Node.js function with the ordinary tracer (dd-trace) beside the built agent: a statement, an HTTP call
// and a Redis command, and what of them arrives at the intake. The tracer also sees the loop that asks for events;
// spans of that are left out.
#include <gtest/gtest.h>
#include <unistd.h>

#include "stage.hpp"

namespace {

using stage::Given;
using stage::Stage;

constexpr std::string_view kCard = "4111111111111111";

Given traced_function() {
  Given given;
  given.config = R"(
service: shop
apm_config:
  replace_tags:
    - name: note
      pattern: secret
      repl: "?"
)";
  given.function = {"/usr/bin/env", "NODE_PATH=" SLS_E2E_MODULES "/node_modules", "node",
                    SLS_E2E_FOLDER "/traced/shop.js"};
  return given;
}

std::vector<lab::Span> spans_of(Stage& stage, const std::string& name = {}) {
  std::vector<lab::Span> out;
  for (const lab::Received& request : stage.intake().received())
    for (const lab::Span& span : request.spans)
      if (name.empty() || span.name == name) out.push_back(span);
  return out;
}

std::string tag(const lab::Span& span, const std::string& key) {
  const auto found = span.meta.find(key);
  return found == span.meta.end() ? "(none)" : found->second;
}

class NodeTracer : public testing::Test {
 protected:
  void SetUp() override {
    if (access(SLS_E2E_MODULES "/installed.txt", R_OK) != 0) GTEST_SKIP() << "no node, or no package registry";
  }
};

TEST_F(NodeTracer, SpansArriveObfuscatedAndWithoutThoseOfTheRuntime) {
  Stage stage(traced_function());
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (int i = 0; i < 3; ++i) ASSERT_EQ(stage.sandbox().invoke(R"({"card":"4111111111111111"})").status, "success");
  const stage::Ledger ledger = stage.ledger("traces");
  EXPECT_GE(ledger.dropped, 3) << "the runtime's own calls";
  EXPECT_TRUE(ledger.balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const auto web = spans_of(stage, "web.request"), sql = spans_of(stage, "pg.query"),
             http = spans_of(stage, "http.request"), redis = spans_of(stage, "redis.command");
  ASSERT_EQ(web.size(), 3u);
  ASSERT_EQ(sql.size(), 3u);
  ASSERT_EQ(http.size(), 3u);
  ASSERT_GE(redis.size(), 3u);
  EXPECT_EQ(tag(web[0], "card"), "?");
  EXPECT_EQ(tag(web[0], "note"), "? of 1111");
  EXPECT_EQ(sql[0].resource, "SELECT * FROM orders WHERE card = ? LIMIT ?");
  // Whatever else it saw was the loop's: of that neither requests nor connections arrive.
  for (const lab::Span& span : http) EXPECT_TRUE(tag(span, "http.url").ends_with("/pay")) << tag(span, "http.url");
  EXPECT_EQ(spans_of(stage, "tcp.connect").size(), 9u);
  EXPECT_NE(tag(redis.back(), "redis.raw_command").find('?'), std::string::npos);
  for (const lab::Span& span : spans_of(stage)) {
    EXPECT_EQ(span.resource.find(kCard), std::string::npos) << span.name;
    for (const auto& [key, value] : span.meta)
      EXPECT_EQ(value.find(kCard), std::string::npos) << span.name << " " << key;
    EXPECT_EQ(tag(span, "service"), "shop") << span.name;
  }
}

}  // namespace
