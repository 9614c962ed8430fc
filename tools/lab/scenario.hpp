// Plays one scenario: a sandbox of its own on a loopback address of its own, step by step, until an expectation fails.
//
// The steps are in README.md. Used by `serverless-lab scenario`; one instance plays one file once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lab/evidence.hpp"
#include "lab/sandbox.hpp"
#include "lab/sandbox_clock.hpp"
#include "lab/task_root.hpp"

namespace lab {

class Scenario {
 public:
  Scenario(std::vector<std::string> agent, std::string bind_host);
  ~Scenario();

  // The first thing that was not as expected, with its line; nullopt: all was. Throws LabError for a bad scenario.
  std::optional<std::string> play(const std::vector<Step>& steps);
  std::vector<std::string> agent_lines();

 private:
  using Failure = std::optional<std::string>;
  using Do = Failure (Scenario::*)(const Step&);
  static Do find_step(const std::string& verb);
  void check(const std::vector<Step>& steps);
  Failure play_all(const std::vector<Step>& steps);
  Step substituted(const Step& step);
  std::string id_of(const std::string& name);
  Sandbox& sandbox();

  // What is set before or beside the sandbox (scenario_world.cpp).
  Failure env(const Step& step);
  Failure unset(const Step& step);
  Failure config(const Step& step);
  Failure option(const Step& step);
  Failure platform(const Step& step);
  Failure intake(const Step& step);
  Failure busy(const Step& step);
  Failure pause(const Step& step);
  Failure clock(const Step& step);
  Failure repeat(const Step& step);

  // What happens in it (scenario_steps.cpp).
  Failure init(const Step& step);
  Failure invoke(const Step& step);
  Failure end_invoke(const Step& step);
  Failure line(const Step& step);
  Failure json_line(const Step& step);
  Failure tracer(const Step& step);
  Failure http(const Step& step);
  Failure statsd(const Step& step);
  Failure trace(const Step& step);
  Failure done(const Step& step);
  Failure event(const Step& step);
  Failure say(const Step& step);
  Failure telemetry(const Step& step);
  Failure freeze(const Step& step);
  Failure thaw(const Step& step);
  Failure signal(const Step& step);
  Failure shutdown(const Step& step);

  // Ways of a sandbox's life that are not the ordinary one (scenario_modes.cpp).
  Failure out_of_memory(const Step& step);
  Failure snapshot(const Step& step);
  Failure restore(const Step& step);
  Failure concurrent(const Step& step);
  void run_beside_others(const std::string& name, int lines, bool traced);
  json::value object_line(const std::string& name, int number) const;

  // What must be so (scenario_expect.cpp).
  Failure expect(const Step& step);
  std::optional<std::vector<Record>> records(const std::string& kind);
  Failure expect_records(const Step& step, const std::string& kind, bool none);
  Failure expect_exit(const Step& step);
  Failure expect_next(const Step& step);
  Failure expect_status(const Step& step);
  Failure expect_accounts(const Step& step);  // scenario_accounts.cpp

  std::vector<std::string> agent_;
  std::string bind_host_;
  Monitor monitor_;
  TaskRoot task_root_;
  Intake intake_;
  SandboxOptions options_;
  std::vector<std::string> agent_lines_;
  std::vector<Socket> busy_;
  std::vector<std::unique_ptr<Listener>> busy_listeners_;
  std::map<std::string, std::string> ids_;
  std::string current_, last_start_reply_;
  bool done_ = false;
  int concurrent_ = 0;                       // invocations of `concurrent` so far
  int turn_ = 0;                             // of `repeat`
  std::map<std::string, std::string> sent_;  // numbered lines of the function, and the id they belong to
  bool killed_ = false,
       answers_lost_ = false;  // an agent was ended without a word; the intake was told to lose answers
  std::optional<ShutdownOutcome> ended_;
  std::vector<LedgerRow> last_ledger_;
  std::optional<SandboxClock> clock_;
  std::unique_ptr<Sandbox> sandbox_;
};

// "250ms", "2s", "5m", "1h", "1500" (milliseconds). Throws LabError.
Milliseconds duration_of(const std::string& text);
int number_of_text(const std::string& text);

}  // namespace lab
