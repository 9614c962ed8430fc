// Whole invocations with processes: how a sandbox ends them, resets itself and shuts down.
#include "lab/sandbox.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace lab {
namespace {

class SandboxTest : public ::testing::Test {
 protected:
  SandboxTest() : intake_(monitor_) {}
  ~SandboxTest() override {
    sandbox_.reset();
    intake_.stop();
  }

  void start(Environment agent_orders = {}, Milliseconds limit = Milliseconds(3000)) {
    SandboxOptions options;
    options.agent = {LAB_FAKE_AGENT};
    options.function = {LAB_FAKE_FUNCTION};
    options.environment = std::move(agent_orders);
    options.bind_host = "127.96." + std::to_string(getpid() >> 8 & 255) + "." + std::to_string(1 + getpid() % 254);
    options.function_limit = limit;
    sandbox_ = std::make_unique<Sandbox>(monitor_, intake_, options);
    init_ = sandbox_->init();
    ASSERT_TRUE(init_.ready) << init_.failure;
  }
  std::vector<std::string> messages() {
    const Lock lock(monitor_.mutex);
    std::vector<std::string> out;
    for (const Received& request : intake_.received())
      for (const LogEntry& entry : request.logs) out.push_back(entry.message);
    return out;
  }

  Monitor monitor_;
  Intake intake_;
  InitOutcome init_;
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(SandboxTest, GivesBackWhatTheFunctionAnswered) {
  start();
  EXPECT_GT(init_.first_next_ms, 0);
  const InvokeOutcome outcome = sandbox_->invoke(R"({"n":1})");
  EXPECT_EQ(outcome.status, "success");
  EXPECT_EQ(outcome.response, R"({"n":1})");
  EXPECT_EQ(messages(), std::vector<std::string>{R"(got {"n":1})"});
  EXPECT_EQ(sandbox_->shutdown("spindown").exit_code, 0);
}

TEST_F(SandboxTest, TellsAnErrorOfTheFunctionFromItsEnd) {
  start();
  const InvokeOutcome error = sandbox_->invoke("error");
  EXPECT_EQ(error.status, "error");
  EXPECT_EQ(error.error_type, "Boom");
  EXPECT_EQ(sandbox_->invoke("again").status, "success");
}

TEST_F(SandboxTest, StartsEverythingAgainAfterACrash) {
  start();
  const pid_t first = sandbox_->agent()->pid();
  const InvokeOutcome crash = sandbox_->invoke("crash");
  EXPECT_EQ(crash.status, "failure");
  EXPECT_EQ(crash.error_type, "Runtime.ExitError");
  EXPECT_EQ(sandbox_->agent()->exit_code(), 0) << "the agent got SHUTDOWN";
  EXPECT_EQ(sandbox_->invoke("again").status, "success");
  EXPECT_NE(sandbox_->agent()->pid(), first);
}

TEST_F(SandboxTest, TakesAFunctionThatWasKilledForOneOutOfMemory) {
  start();
  const pid_t first = sandbox_->agent()->pid();
  const InvokeOutcome killed = sandbox_->invoke("kill");
  EXPECT_EQ(killed.status, "error");
  EXPECT_EQ(killed.error_type, "Runtime.OutOfMemory");
  EXPECT_EQ(sandbox_->agent()->exit_code(), 0) << "the agent got SHUTDOWN";
  EXPECT_EQ(sandbox_->invoke("again").status, "success");
  EXPECT_NE(sandbox_->agent()->pid(), first);
}

TEST_F(SandboxTest, EndsAnInvocationAtItsDeadline) {
  start({}, Milliseconds(200));
  const InvokeOutcome hang = sandbox_->invoke("hang");
  EXPECT_EQ(hang.status, "timeout");
  EXPECT_GE(hang.function_ms, 199);
  EXPECT_EQ(sandbox_->invoke("again").status, "success");
}

TEST_F(SandboxTest, NoticesTheEndOfTheAgent) {
  start({{"FAKE_CRASH_AT", "0"}});
  const InvokeOutcome outcome = sandbox_->invoke("x");
  EXPECT_TRUE(outcome.agent_crashed);
  EXPECT_FALSE(outcome.agent_late);
}

TEST_F(SandboxTest, KillsAnAgentThatIgnoresShutdown) {
  start({{"FAKE_DEAF", "1"}});
  sandbox_->options().shutdown_limit = Milliseconds(100);
  const ShutdownOutcome outcome = sandbox_->shutdown("spindown");
  EXPECT_TRUE(outcome.killed);
  EXPECT_EQ(outcome.exit_code, -9);
}

TEST_F(SandboxTest, SaysWhyInitFailed) {
  SandboxOptions options;
  options.agent = {"/bin/false"};
  Sandbox sandbox(monitor_, intake_, options);
  const InitOutcome outcome = sandbox.init();
  EXPECT_FALSE(outcome.ready);
  EXPECT_EQ(outcome.failure, "the agent has ended with 1 during init");
}

TEST_F(SandboxTest, RefusesAProgramThatCannotBeStarted) {
  SandboxOptions options;
  options.agent = {"/nowhere/agent"};
  Sandbox sandbox(monitor_, intake_, options);
  EXPECT_THROW(sandbox.init(), LabError);
}

}  // namespace
}  // namespace lab
