// The life of the agent's process: what the platform, the machine and the operator do to it. After registration it
// never exits by its own fault, and its exit code is 0.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "lab/socket.hpp"
#include "stage.hpp"

namespace {

using stage::Given;
using stage::Stage;

TEST(Life, ShutdownBeforeAnyInvocationEndsWithZero) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  const lab::ShutdownOutcome outcome = stage.shutdown();
  EXPECT_FALSE(outcome.killed);
  EXPECT_EQ(outcome.exit_code, 0);
}

// A time-out: runtimeDone never comes, the deadline does. The agent asks for the next event before it.
TEST(Life, ALostEndHoldsNothingBeyondTheDeadline) {
  Stage stage;
  stage.sandbox().options().function_limit = lab::Milliseconds(1000);
  ASSERT_TRUE(stage.start()) << stage.failure;
  const auto deadline = lab::Clock::now() + std::chrono::milliseconds(1000);
  stage.sandbox().begin("0a0a0a0a-0000-4000-8000-000000000001");
  stage.sandbox().line(lab::json::string("cut short"));
  EXPECT_TRUE(stage.sandbox().wait_idle(deadline));
  const lab::ShutdownOutcome outcome = stage.sandbox().shutdown("timeout");
  EXPECT_FALSE(outcome.killed);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(stage.messages(), std::vector<std::string>{"cut short"});
}

class Signals : public testing::TestWithParam<int> {};

TEST_P(Signals, EndWithZeroAndShipWhatThereIs) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"before the signal"}));
  stage.sandbox().line(lab::json::string("after the end"));
  stage.sandbox().telemetry().settle(lab::Clock::now() + std::chrono::seconds(5));
  stage.sandbox().agent()->signal(GetParam());
  ASSERT_TRUE(stage.sandbox().agent()->wait(lab::Clock::now() + std::chrono::seconds(4)));
  EXPECT_EQ(stage.sandbox().agent()->exit_code(), 0);
  EXPECT_EQ(stage.messages(), (std::vector<std::string>{"before the signal", "after the end"}));
}

INSTANTIATE_TEST_SUITE_P(Life, Signals, testing::Values(SIGTERM, SIGINT, SIGHUP),
                         [](const auto& i) { return std::string(sigabbrev_np(i.param)); });

TEST(Life, RefusedTelemetryLeavesTheFunctionAlone) {
  Stage stage;
  stage.sandbox().telemetry().answer_with(lab::HttpAnswer{202, R"({"errorType":"Telemetry.NotSupported"})", {}});
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_TRUE(stage.invoke({}));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

TEST(Life, RefusedRegistrationIsExitCodeOne) {
  Stage stage;
  stage.sandbox().extensions().answer_register_with(lab::HttpAnswer{403, "{}", {}});
  EXPECT_FALSE(stage.start());
  ASSERT_TRUE(stage.sandbox().agent()->wait(lab::Clock::now() + std::chrono::seconds(5)));
  EXPECT_EQ(stage.sandbox().agent()->exit_code(), 1);
}

// Our own lines go to the intake like the function's: what an operator put into the wrong place must not.
TEST(Life, TheAgentsOwnLinesAndItsStatusHoldNoCredentials) {
  Given given;
  given.environment = {{"DD_SERVERLESS_FLUSH_STRATEGY", "pwd: correct horse battery"},
                       {"DD_SERVICE", "pwd: horse staple"}};
  Stage stage(std::move(given));
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_EQ(stage.agent_lines_with(R"(serverless_flush_strategy is \"pwd: \"********\")"), 1u);
  for (const std::string& line : stage.agent_lines()) EXPECT_EQ(line.find("horse"), std::string::npos) << line;
  EXPECT_EQ(lab::json::serialize(stage.status()).find("horse"), std::string::npos);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

TEST(Life, NonsenseFromNextIsTriedAgain) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  stage.sandbox().extensions().push_raw(lab::HttpAnswer{500, "oops", {}});
  stage.sandbox().extensions().push_raw(lab::HttpAnswer{200, "no JSON", {}});
  stage.sandbox().extensions().push_raw(lab::HttpAnswer{200, R"({"eventType":"SOMETHING"})", {}});
  ASSERT_TRUE(stage.invoke({"went on"}));
  EXPECT_EQ(stage.messages(), std::vector<std::string>{"went on"});
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

// Whoever has the agent's port, the agent goes on without it.
// 40 clients that begin a request and never end it, on the lifecycle port and on the telemetry of nobody.
TEST(Life, SlowClientsDelayNobody) {
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<lab::Socket> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(lab::connect_to(stage.host(), i % 2 == 0 ? 8124 : 8126, 1000));
    slow.back().send_all("POST /lambda/start-invocation HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  }
  const auto begin = lab::Clock::now();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(stage.invoke({"line " + std::to_string(i)}));
  EXPECT_EQ(stage.ask("GET", "/lambda/hello").status, 200);
  EXPECT_LT(lab::Clock::now() - begin, std::chrono::seconds(5));
  const lab::ShutdownOutcome outcome = stage.shutdown();
  EXPECT_FALSE(outcome.killed);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(stage.messages().size(), 5u);
}

TEST(Life, FewDescriptorsAreEnoughAndIdleConnectionsGiveWay) {
  // Lambda knows an extension by its file's name, so the wrapper has the agent's.
  lab::TaskRoot root;
  const std::string wrapper = root.path() + "/serverless-agent";
  std::ofstream(wrapper) << "#!/bin/sh\nulimit -n 64\nexec " << stage::built_agent() << "\n";
  ASSERT_EQ(::chmod(wrapper.c_str(), 0755), 0);
  Given given;
  given.agent = {wrapper};
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<lab::Socket> idle;
  for (int i = 0; i < 60; ++i) idle.push_back(lab::connect_to(stage.host(), 8124, 1000));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stage.invoke({"line " + std::to_string(i)}));
  idle.clear();
  EXPECT_EQ(stage.ask("GET", "/lambda/hello").status, 200);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(stage.messages().size(), 3u);
}

TEST(Life, ATakenPortCostsThatPortOnly) {
  Stage stage;
  Stage other(Given{"", {{"DD_BIND_HOST", stage.host()}}});
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(other.start()) << other.failure;  // the same ports are taken by the first agent now
  ASSERT_TRUE(other.invoke({"without a port"}));
  EXPECT_EQ(other.messages(), std::vector<std::string>{"without a port"});
  EXPECT_GE(other.agent_lines_with("ERROR"), 1u);
  EXPECT_EQ(other.shutdown().exit_code, 0);
}

struct Config {
  const char* name;
  std::string text;
};

class BadYaml : public testing::TestWithParam<Config> {};

TEST_P(BadYaml, IsToldAndDoesNotStopTheAgent) {
  Stage stage(Given{GetParam().text});
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"a line"}));
  EXPECT_EQ(stage.logs().empty(), false);
  EXPECT_GE(stage.agent_lines_with("datadog.yaml"), 1u);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 8; ++j) text += ", " + before;
    text += "]\n";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(Life, BadYaml,
                         testing::Values(Config{"broken", "site: [datadoghq.com\n  : :\n"},
                                         Config{"wrongTypes", "site: {a: 1}\ntags: 7\nlogs_config: text\n"},
                                         Config{"aliasBomb", alias_bomb()},
                                         Config{"tenMegabytes", "x: " + std::string(10 << 20, 'y') + "\n"},
                                         Config{"duplicateKeys", "service: a\nservice: b\n"}),
                         [](const auto& i) { return std::string(i.param.name); });

}  // namespace
