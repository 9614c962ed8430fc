// W1 through the built agent: lines of the function to entries at the intake.
#include <gtest/gtest.h>

#include <algorithm>

#include "stage.hpp"

namespace {

using stage::Given;
using stage::Stage;

const char* const kId = "11111111-2222-4333-8444-555555555555";

std::vector<lab::LogEntry> with_message(const std::vector<lab::LogEntry>& logs, const std::string& part) {
  std::vector<lab::LogEntry> out;
  for (const lab::LogEntry& entry : logs)
    if (entry.message.find(part) != std::string::npos) out.push_back(entry);
  return out;
}

TEST(LogWay, DeliversLinesUnderTheIdOfTheirInvocation) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"first line", "second line"}, kId));
  const auto logs = stage.logs();
  ASSERT_EQ(with_message(logs, "first line").size(), 1u);
  EXPECT_EQ(with_message(logs, "first line")[0].request_id, kId);
  EXPECT_EQ(with_message(logs, "second line").size(), 1u);
  EXPECT_EQ(with_message(logs, "START RequestId: " + std::string(kId)).size(), 1u);
  EXPECT_EQ(with_message(logs, "END RequestId: " + std::string(kId)).size(), 1u);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});
}

TEST(LogWay, AppliesRulesOfTheYamlInTheirOrder) {
  Stage stage(Given{R"(
logs_config:
  processing_rules:
    - type: exclude_at_match
      name: health_checks
      pattern: GET /health
    - type: mask_sequences
      name: keys
      pattern: key=[0-9a-f]{8}
      replace_placeholder: "key=[hidden]"
)"});
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"GET /health 200", "paid with key=0123abcd and left", "GET /orders 200"}));
  const std::vector<std::string> wanted = {"paid with key=[hidden] and left", "GET /orders 200"};
  EXPECT_EQ(stage.messages(), wanted);
  EXPECT_TRUE(stage.ledger("logs").balances());
  EXPECT_GE(stage.ledger("logs").dropped, 1);
}

TEST(LogWay, EnvironmentWinsOverTheYaml) {
  Stage stage(Given{"service: from-yaml\nenv: prod\n", {{"DD_SERVICE", "from-environment"}}});
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"a line"}));
  const auto logs = with_message(stage.logs(), "a line");
  ASSERT_EQ(logs.size(), 1u);
  EXPECT_EQ(logs[0].service, "from-environment");
  EXPECT_NE(logs[0].tags.find("env:prod"), std::string::npos) << logs[0].tags;
}

TEST(LogWay, WithholdsMessagesWhenAMaskCannotBeApplied) {
  Stage stage(Given{R"(
logs_config:
  processing_rules:
    - type: mask_sequences
      name: broken
      pattern: "key=["
      replace_placeholder: "*"
)"});
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"key=0123abcd"}, kId));
  EXPECT_TRUE(with_message(stage.logs(), "0123abcd").empty());
  // the lines of the function and of extensions, our own among them; the platform's stay readable
  EXPECT_FALSE(with_message(stage.logs(), "[withheld: rule broken]").empty());
  EXPECT_EQ(with_message(stage.logs(), "START RequestId").size(), 1u);
  EXPECT_GE(stage.agent_lines_with("datadog.yaml:4:5"), 1u);
}

TEST(LogWay, OneBadElementCostsOnlyItself) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  const int answer = stage.sandbox().telemetry().post_raw(
      R"([{"time":"2026-01-02T03:04:05.678Z","type":"function","record":"good one"},)"
      R"({"time":"yesterday","type":"function","record":17},)"
      R"({"type":"platform.start","record":{"requestId":9}},"no object",null,[1,[2]],)"
      R"({"time":"2026-01-02T03:04:05.679Z","type":"no.such.type","record":{}},)"
      R"({"time":"2026-01-02T03:04:05.680Z","type":"function","record":"good two"}])");
  EXPECT_EQ(answer, 200);
  ASSERT_TRUE(stage.invoke({"good three"}));
  const std::vector<std::string> messages = stage.messages();
  for (const char* good : {"good one", "good two", "good three"})
    EXPECT_EQ(std::count(messages.begin(), messages.end(), good), 1) << good;
  EXPECT_TRUE(stage.ledger("logs").balances());
}

struct Batch {
  const char* name;
  std::string body;
};

TEST(LogWay, NonsenseIsAnsweredAndForgotten) {
  const Batch batches[] = {
      {"empty body", ""},
      {"empty array", "[]"},
      {"no JSON", "hello"},
      {"an object", "{}"},
      {"truncated", R"([{"time":"2026-01-02T03:04:05.678Z","type":"function","record":"cut o)"},
      {"not UTF-8", "[{\"time\":\"2026-01-02T03:04:05.678Z\",\"type\":\"function\",\"record\":\"\xff\xfe\"}]"},
      {"zeros", std::string(1000, '\0')},
      {"deeply nested", std::string(100'000, '[')},
      {"numbers", "[1e999,-0,123456789012345678901234567890]"},
  };
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (const Batch& batch : batches) EXPECT_EQ(stage.sandbox().telemetry().post_raw(batch.body), 200) << batch.name;
  ASSERT_TRUE(stage.invoke({"still here"}));
  const std::vector<std::string> messages = stage.messages();
  EXPECT_EQ(std::count(messages.begin(), messages.end(), "still here"), 1);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

TEST(LogWay, LinesWrittenAfterTheEndLeaveWithTheNextFlush) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"in time"}));
  stage.sandbox().line(lab::json::string("late"));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const std::vector<std::string> messages = stage.messages();
  EXPECT_EQ(std::count(messages.begin(), messages.end(), "late"), 1);
}

}  // namespace
