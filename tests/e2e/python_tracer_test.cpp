// An ordinary Python function with the ordinary tracer (ddtrace), run by Lambda's own runtime client beside the built
// agent: a statement, an HTTP call and a Redis command, and what of them arrives at the intake.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "shop.hpp"

namespace {

using stage::Given;
using stage::Stage;

Given traced_function(const shop::Fakes& fakes, const std::string& socket = {}) {
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
  std::vector<std::string> variables = {"PYTHONPATH=" SLS_E2E_FOLDER "/traced", "PYTHONDONTWRITEBYTECODE=1"};
  if (!socket.empty()) {
    variables.push_back("DD_TRACE_AGENT_URL=unix://" + socket);
    given.environment = {{"DD_APM_RECEIVER_SOCKET", socket}, {"DD_APM_RECEIVER_PORT", "0"}};
  }
  given.function = shop::function(fakes, std::move(variables),
                                  {SLS_E2E_VENV "/bin/python", "-u", "-m", "awslambdaric", "shop.handler"});
  return given;
}

class PythonTracer : public testing::Test {
 protected:
  void SetUp() override {
    if (!shop::installed(SLS_E2E_VENV)) GTEST_SKIP() << "the package registry was out of reach";
  }
};

TEST_F(PythonTracer, SpansArriveObfuscatedReplacedAndWithTheFunctionsTags) {
  const shop::Fakes fakes;
  Stage stage(traced_function(fakes));
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (const char* event : {shop::kPayment, R"({"health":1})", shop::kPayment})
    ASSERT_EQ(stage.sandbox().invoke(event).status, "success") << event;
  const stage::Ledger ledger = stage.ledger("traces");
  EXPECT_EQ(ledger.dropped, 2) << "the ignored trace has two spans";
  EXPECT_TRUE(ledger.balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const std::vector<lab::Span> spans = shop::spans_of(stage);
  const auto web = shop::named(spans, "web.request"), sql = shop::named(spans, "sqlite.query"),
             http = shop::named(spans, "http.client.request"), redis = shop::named(spans, "redis.command");
  ASSERT_EQ(web.size(), 2u);
  ASSERT_EQ(sql.size(), 3u) << "the table, too";
  ASSERT_EQ(http.size(), 2u);
  ASSERT_EQ(redis.size(), 2u);
  EXPECT_EQ(web[0].resource, "get pay");
  EXPECT_EQ(shop::tag(web[0], "card"), "?");
  EXPECT_EQ(shop::tag(web[0], "note"), "? of 1111");
  EXPECT_EQ(sql[1].resource, "SELECT * FROM orders WHERE card = ? LIMIT ?");
  EXPECT_NE(shop::tag(http[0], "http.url").find("/pay?"), std::string::npos) << shop::tag(http[0], "http.url");
  EXPECT_EQ(redis[0].resource, "SET");
  EXPECT_EQ(shop::tag(redis[0], "redis.raw_command"), "SET last ?");
  shop::expect_sound(spans, "shop");
  for (const lab::Span& span : spans) EXPECT_NE(shop::tag(span, "functionname"), "(none)") << span.name;
  EXPECT_EQ(web[0].metrics.at("_top_level"), 1);
  EXPECT_EQ(sql[1].parent_id, web[0].span_id);
}

TEST_F(PythonTracer, IsAnsweredOnAUnixSocketAlone) {
  std::string folder = (std::filesystem::temp_directory_path() / "sls-tracer-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const shop::Fakes fakes;
  Stage stage(traced_function(fakes, folder + "/apm.socket"));
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_EQ(stage.sandbox().invoke(shop::kPayment).status, "success");
  EXPECT_TRUE(stage.ledger("traces").balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(shop::named(shop::spans_of(stage), "web.request").size(), 1u);
  std::filesystem::remove_all(folder);
}

}  // namespace
