// An ordinary Python function, run by the runtime client that Lambda itself uses (awslambdaric), beside the built
// agent.
#include <gtest/gtest.h>
#include <unistd.h>

#include "stage.hpp"

namespace {

using stage::Given;
using stage::Stage;

Given python_function() {
  Given given;
  given.config = R"(
service: orders
logs_config:
  processing_rules:
    - type: mask_sequences
      name: api_keys
      pattern: api_key=[0-9a-f]{28}
      replace_placeholder: "api_key=[hidden]"
)";
  given.function = {"/usr/bin/env",
                    "PYTHONPATH=" SLS_E2E_FOLDER "/function",
                    "PYTHONDONTWRITEBYTECODE=1",
                    SLS_E2E_VENV "/bin/python",
                    "-u",
                    "-m",
                    "awslambdaric",
                    "app.handler"};
  return given;
}

std::vector<lab::LogEntry> with_message(const std::vector<lab::LogEntry>& logs, const std::string& part) {
  std::vector<lab::LogEntry> out;
  for (const lab::LogEntry& entry : logs)
    if (entry.message.find(part) != std::string::npos) out.push_back(entry);
  return out;
}

class RuntimeClient : public testing::Test {
 protected:
  void SetUp() override {
    if (access(SLS_E2E_VENV "/installed.txt", R_OK) != 0) GTEST_SKIP() << "the package registry was out of reach";
  }
};

TEST_F(RuntimeClient, LinesArriveMaskedUnderTheirRequestIds) {
  Stage stage(python_function());
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<std::string> ids;
  for (int n = 1; n <= 3; ++n) {
    const lab::InvokeOutcome outcome = stage.sandbox().invoke(R"({"n":)" + std::to_string(n) + "}");
    ASSERT_EQ(outcome.status, "success") << outcome.error_type;
    EXPECT_NE(outcome.response.find(outcome.id), std::string::npos) << outcome.response;
    EXPECT_FALSE(outcome.agent_late);
    ids.push_back(outcome.id);
  }
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});
  for (int n = 1; n <= 3; ++n) {
    const std::string id = ids[static_cast<std::size_t>(n - 1)], order = "order " + std::to_string(n);
    const auto printed = with_message(stage.logs(), order + " paid with api_key=[hidden]");
    ASSERT_EQ(printed.size(), 1u) << order;
    EXPECT_EQ(printed[0].request_id, id);
    EXPECT_EQ(printed[0].service, "orders");
    const auto logged = with_message(stage.logs(), "stock is low for " + order);
    ASSERT_EQ(logged.size(), 1u) << order;
    EXPECT_EQ(logged[0].request_id, id);
  }
  EXPECT_TRUE(with_message(stage.logs(), "0123456789abcdef").empty());
}

TEST_F(RuntimeClient, AnExceptionOfTheFunctionArrivesAndTheNextInvocationWorks) {
  Stage stage(python_function());
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_EQ(stage.sandbox().invoke(R"({"n":1,"fail":true})").status, "error");
  EXPECT_EQ(stage.sandbox().invoke(R"({"n":2})").status, "success");
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_FALSE(with_message(stage.logs(), "no such order").empty());
  EXPECT_EQ(with_message(stage.logs(), "order 2 paid").size(), 1u);
}

}  // namespace
