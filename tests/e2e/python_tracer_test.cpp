// An ordinary Python function with the ordinary tracer (ddtrace), run by Lambda's own runtime client beside the built
// agent: a statement, an HTTP call and a Redis command, and what of them arrives at the intake.
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
  ignore_resources: ["^GET /health$"]
  obfuscation:
    http:
      remove_query_string: true
  replace_tags:
    - name: note
      pattern: secret
      repl: "?"
    - name: "resource.name"
      pattern: '^GET /(p)'
      repl: "get $1"
)";
  given.function = {"/usr/bin/env",
                    "PYTHONPATH=" SLS_E2E_FOLDER "/traced",
                    "PYTHONDONTWRITEBYTECODE=1",
                    SLS_E2E_VENV "/bin/python",
                    "-u",
                    "-m",
                    "awslambdaric",
                    "shop.handler"};
  return given;
}

std::vector<lab::Span> spans_of(Stage& stage) {
  std::vector<lab::Span> out;
  for (const lab::Received& request : stage.intake().received())
    out.insert(out.end(), request.spans.begin(), request.spans.end());
  return out;
}

std::vector<lab::Span> named(const std::vector<lab::Span>& spans, const std::string& name) {
  std::vector<lab::Span> out;
  for (const lab::Span& span : spans)
    if (span.name == name && span.resource.find("CREATE") == std::string::npos) out.push_back(span);
  return out;
}

bool holds_card(const lab::Span& span) {
  bool out = span.resource.find(kCard) != std::string::npos;
  for (const auto& [key, value] : span.meta) out = out || value.find(kCard) != std::string::npos;
  return out;
}

std::string tag(const lab::Span& span, const std::string& key) {
  const auto found = span.meta.find(key);
  return found == span.meta.end() ? "(none)" : found->second;
}

class PythonTracer : public testing::Test {
 protected:
  void SetUp() override {
    if (access(SLS_E2E_VENV "/installed.txt", R_OK) != 0) GTEST_SKIP() << "the package registry was out of reach";
  }
};

TEST_F(PythonTracer, SpansArriveObfuscatedReplacedAndWithTheFunctionsTags) {
  Stage stage(traced_function());
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (const char* event : {R"({"card":"4111111111111111"})", R"({"health":1})", R"({"card":"4111111111111111"})"})
    ASSERT_EQ(stage.sandbox().invoke(event).status, "success") << event;
  const stage::Ledger ledger = stage.ledger("traces");
  EXPECT_EQ(ledger.dropped, 2) << "the ignored trace has two spans";
  EXPECT_TRUE(ledger.balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const std::vector<lab::Span> spans = spans_of(stage);
  const auto web = named(spans, "web.request"), sql = named(spans, "sqlite.query"),
             http = named(spans, "http.client.request"), redis = named(spans, "redis.command");
  ASSERT_EQ(web.size(), 2u);
  ASSERT_EQ(sql.size(), 2u);
  ASSERT_EQ(http.size(), 2u);
  ASSERT_EQ(redis.size(), 2u);
  EXPECT_EQ(web[0].resource, "get pay");
  EXPECT_EQ(tag(web[0], "card"), "?");
  EXPECT_EQ(tag(web[0], "note"), "? of 1111");
  EXPECT_EQ(sql[0].resource, "SELECT * FROM orders WHERE card = ? LIMIT ?");
  EXPECT_NE(tag(http[0], "http.url").find("/pay?"), std::string::npos) << tag(http[0], "http.url");
  EXPECT_EQ(redis[0].resource, "SET");
  EXPECT_EQ(tag(redis[0], "redis.raw_command"), "SET last ?");
  for (const lab::Span& span : spans) {
    EXPECT_FALSE(holds_card(span)) << span.name;
    EXPECT_EQ(tag(span, "service"), "shop") << span.name;
    EXPECT_EQ(tag(span, "_dd.origin"), "lambda") << span.name;
    EXPECT_NE(tag(span, "functionname"), "(none)") << span.name;
  }
  EXPECT_EQ(web[0].metrics.at("_top_level"), 1);
  EXPECT_EQ(sql[0].parent_id, web[0].span_id);
}

}  // namespace
