// Functions in Node.js and Python under the tracer's library for Lambda (datadog-lambda-js, datadog-lambda), which
// makes the invocation's span itself, tells the agent of no invocation, and sends enhanced metrics of its own. The
// agent adds what it alone knows, and counts nothing twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "own_namespaces.hpp"
#include "shop.hpp"

namespace {

using stage::Stage;

struct Library {
  const char *name, *installed, *language;
  const char* copies;  // of counts that the agent makes as well: all that it sends, or of errors alone
  std::vector<std::string> variables, program;
};

void PrintTo(const Library& library, std::ostream* out) { *out << library.name; }

Library node() {
  return {"node",
          SLS_E2E_MODULES,
          "javascript",
          "dropped 4 ",
          {"NODE_PATH=" SLS_E2E_MODULES "/node_modules"},
          {"node", SLS_E2E_FOLDER "/library/runtime.mjs"}};
}

Library python() {
  return {"python",
          SLS_E2E_VENV,
          "python",
          "dropped 1 ",
          {"PYTHONPATH=" SLS_E2E_FOLDER "/library", "PYTHONDONTWRITEBYTECODE=1"},
          {SLS_E2E_VENV "/bin/python", "-u", "-m", "awslambdaric", "datadog_lambda.handler.handler"}};
}

stage::Given given_function(const Library& library, const shop::Fakes& fakes) {
  std::vector<std::string> variables = library.variables;
  for (const char* each :
       {"DD_SERVICE=shop", "DD_INSTRUMENTATION_TELEMETRY_ENABLED=false", "DD_REMOTE_CONFIGURATION_ENABLED=false",
        "DD_LAMBDA_HANDLER=order.handler", "DD_COLD_START_TRACING=true", "LAMBDA_TASK_ROOT=" SLS_E2E_FOLDER "/library"})
    variables.emplace_back(each);
  stage::Given given;
  given.host = "127.0.0.1";
  given.config = shop::kConfig;
  given.function = shop::function(fakes, std::move(variables), library.program);
  return given;
}

// Of a distribution: how often it was counted and to what sum.
struct Counted {
  std::int64_t count = 0;
  double sum = 0;
};
Counted counted(Stage& stage, std::string_view name) {
  Counted out;
  for (const lab::Received& request : stage.received())
    for (const lab::SketchPoint& sketch : request.sketches)
      if (sketch.name == name) out.count += sketch.count, out.sum += sketch.sum;
  return out;
}

// The library's span of each invocation, once; of the first, the agent's span of the cold start over the library's span
// of loading the code.
void expect_invocations(const std::vector<lab::Span>& spans, const std::vector<std::string>& ids,
                        const std::string& language) {
  const std::vector<lab::Span> found = shop::named(spans, "aws.lambda");
  ASSERT_EQ(found.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(shop::tag(found[i], "request_id"), ids[i]);
    EXPECT_EQ(shop::tag(found[i], "cold_start"), i == 0 ? "true" : "false");
    EXPECT_EQ(shop::tag(found[i], "language"), language);
    EXPECT_NE(shop::tag(found[i], "datadog_lambda"), "(none)");
    EXPECT_EQ(shop::tag(found[i], "functionname"), "lab-function");
    EXPECT_EQ(found[i].error, i + 1 == ids.size() ? 1 : 0);
    EXPECT_EQ(found[i].parent_id, 0u);
  }
  EXPECT_TRUE(shop::tag(found.back(), "error.type").ends_with("TypeError"));  // Python: with its module
  const std::vector<lab::Span> cold = shop::named(spans, "aws.lambda.cold_start"),
                               load = shop::named(spans, "aws.lambda.load");
  ASSERT_EQ(cold.size(), 1u);
  ASSERT_EQ(load.size(), 1u);
  EXPECT_EQ(cold[0].trace_id, found[0].trace_id);
  EXPECT_EQ(load[0].parent_id, cold[0].span_id);
}

class LambdaLibrary : public testing::TestWithParam<Library> {
 protected:
  void SetUp() override {
    if (!shop::installed(GetParam().installed)) GTEST_SKIP() << "the package registry is out of reach";
    if (const std::string why = shop::enter_own_namespaces(); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_P(LambdaLibrary, ItsSpansAndCountsArriveOnceWithWhatTheAgentKnows) {
  const shop::Fakes fakes;
  Stage stage(given_function(GetParam(), fakes));
  stage.sandbox().options().init_limit = lab::Milliseconds(60000);
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<std::string> ids;
  ASSERT_NO_FATAL_FAILURE(shop::pay_twice_and_fail(stage, ids));
  for (const char* plugin : {"traces", "metrics"}) EXPECT_TRUE(stage.ledger(plugin).balances()) << plugin;
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});

  const std::vector<lab::Span> spans = shop::spans_of(stage);
  shop::expect_sound(spans, "shop");
  expect_invocations(spans, ids, GetParam().language);
  const Counted invocations = counted(stage, "aws.lambda.enhanced.invocations"),
                errors = counted(stage, "aws.lambda.enhanced.errors");
  EXPECT_EQ(invocations.count, 3);
  EXPECT_EQ(invocations.sum, 3);
  EXPECT_EQ(errors.count, 1);
  EXPECT_EQ(errors.sum, 1);
  const std::vector<std::string> lines = stage.agent_lines();
  const auto told = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("ledger metrics: ") != std::string::npos;
  });
  ASSERT_NE(told, lines.end());
  EXPECT_NE(told->find(GetParam().copies), std::string::npos) << *told;
}

INSTANTIATE_TEST_SUITE_P(Of, LambdaLibrary, testing::Values(node(), python()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
