// The stage: the built agent with its real plugins in the lab, on addresses of its own, for tests that play the
// function.
//
// Every stage has another loopback address (127.x.y.z) for the agent's fixed ports, so tests run side by side. The test
// says what the function does (lines, tracer calls); the stage plays the platform and waits until the agent asks for
// the next event. Used by tests/integration and tests/e2e.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lab/ledger_view.hpp"
#include "lab/sandbox.hpp"
#include "lab/task_root.hpp"

namespace stage {

struct Given {
  std::string config;                 // datadog.yaml; empty: none
  lab::Environment environment;       // wins over the stage's own: flush strategy "end", log level info
  std::vector<std::string> function;  // a program that speaks the Runtime API; empty: the test plays it
  std::vector<std::string> agent;     // empty: the built one
  std::string host;                   // of the agent's ports; empty: an address of its own
};

struct Ledger {
  std::int64_t received = 0, delivered = 0, dropped = 0, pending = 0, maybe_duplicate = 0;
  bool balances() const { return received == delivered + dropped + pending; }
};

// The file of the built agent.
std::string built_agent();

class Stage {
 public:
  explicit Stage(Given given = {});
  ~Stage();

  // Init; false where the agent did not come to its first /next (sandbox().init's own words are in `failure`).
  bool start();
  std::string failure;

  // One invocation with these lines, ended and reported; true when the agent asked for the next event in time.
  bool invoke(const std::vector<std::string>& lines, std::string_view id = {});
  // A request to the host's own routes.
  lab::HttpReply ask(std::string_view method, std::string_view target, std::string_view body = {},
                     const lab::Headers& headers = {});
  lab::ShutdownOutcome shutdown();

  lab::Sandbox& sandbox() { return *sandbox_; }
  lab::Intake& intake() { return intake_; }
  const std::string& host() const { return host_; }

  // What accepted requests brought, in order.
  std::vector<lab::Received> received();
  std::vector<lab::LogEntry> logs();
  std::vector<std::string> messages();  // of the function's lines only
  // Requests that the intake could not decode: never any.
  std::vector<std::string> broken();
  Ledger ledger(std::string_view plugin);
  lab::json::value status() { return sandbox_->status(); }
  // The agent's own output so far.
  std::vector<std::string> agent_lines();
  // How many hold that; waits for the first, for a while: the agent's output comes through a pipe.
  std::size_t agent_lines_with(std::string_view part);

 private:
  lab::Monitor monitor_;
  lab::TaskRoot task_root_;
  lab::Intake intake_;
  std::string host_;
  std::mutex lines_mutex_;
  std::condition_variable lines_moved_;
  std::vector<std::string> agent_lines_;
  std::unique_ptr<lab::Sandbox> sandbox_;
  unsigned invocations_ = 0;
};

}  // namespace stage
