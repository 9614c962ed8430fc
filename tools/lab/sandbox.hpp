// One execution environment of the Lambda service: the platform's APIs, the agent as its extension, and the function.
//
// It lives the life that the platform prescribes: init, invocations, the end of one by answer, time-out or crash, the
// reset after that, and SHUTDOWN with a deadline and SIGKILL behind it; and it writes the platform's telemetry. Whole
// invocations (invoke) need a function process; whoever plays the function himself uses the steps: begin, line, finish,
// report, wait_idle. It decides nothing about what is right: callers look at outcomes, the intake and the APIs.
// Called by the commands and by tests, from one thread that outlives the sandbox.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lab/extensions_api.hpp"
#include "lab/intake.hpp"
#include "lab/platform_events.hpp"
#include "lab/runtime_api.hpp"
#include "lab/sandbox_environment.hpp"
#include "lab/telemetry_api.hpp"

namespace lab {

struct InitOutcome {
  bool ready = false;
  std::string failure;        // when not ready
  double first_next_ms = -1;  // exec of the agent to its first /next
  double init_ms = 0;
};

struct InvokeOutcome {
  std::string id, status, error_type, response;
  double function_ms = 0;  // until the function's answer
  double total_ms = 0;     // until the agent asked for the next event
  bool agent_late = false, agent_crashed = false;
};

struct ShutdownOutcome {
  bool killed = false;  // the deadline passed
  int exit_code = 0;
  double took_ms = 0;
};

class Sandbox {
 public:
  struct Observer {
    std::function<void(const std::string& id, const std::string& line, std::int64_t at_ms)> function_line;
    std::function<void(const std::string& line)> agent_line;
  };

  Sandbox(Monitor& monitor, Intake& intake, SandboxOptions options, Observer observer = {});
  ~Sandbox();

  SandboxOptions& options() { return options_; }
  std::string api() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  ExtensionsApi& extensions() { return extensions_; }
  RuntimeApi& runtime() { return runtime_; }
  TelemetryApi& telemetry() { return telemetry_; }
  const ChildProcess* agent() const { return agent_.get(); }

  // Starts the processes; returns when all ask for their first event, or cannot.
  InitOutcome init();
  InvokeOutcome invoke(const std::string& payload);

  // INVOKE for the extensions, and nothing else of an invocation.
  Invocation offer(const std::string& id, const std::string& payload = "{}");
  // The steps. `function_too`: its process gets the invocation.
  Invocation begin(const std::string& id, const std::string& payload = "{}", bool function_too = false);
  void line(const json::value& record);
  // On managed instances the report is all there is of an end.
  void finish(const std::string& id, const Ending& ending);
  void report(const std::string& id);  // at once, whether or not it would come later
  bool wait_idle(Clock::time_point until);

  // What the platform would still have to say is said and taken before; the agent then has shutdown_limit.
  ShutdownOutcome shutdown(const std::string& reason);
  void freeze();
  void thaw();
  // A frozen sandbox goes on as one that was made from its snapshot.
  void restore(double duration_ms);

  // GET http://bind_host:8124/status; null where there is no answer.
  json::value status() const;

 private:
  struct Finished {
    std::string id;
    Ending ending;
  };
  HttpAnswer route(const HttpRequest& request, const HttpServer::Gone& gone);
  void start_agent();
  void start_function();
  bool agent_gone() const { return agent_ && agent_->ended(); }
  bool function_gone() const { return function_ && function_->ended(); }
  std::string why_not_ready() const;
  void agent_line(std::string text);
  void function_line(std::string text);
  void emit_reports();
  Ending await_function(const Invocation& invocation, Clock::time_point deadline, InvokeOutcome& outcome);
  void reset(const std::string& reason);
  void stop_function();

  Monitor& monitor_;
  Intake& intake_;
  SandboxOptions options_;
  Observer observer_;
  ExtensionsApi extensions_;
  RuntimeApi runtime_;
  TelemetryApi telemetry_;
  std::unique_ptr<ChildProcess> agent_, function_;
  std::string current_id_;
  std::vector<Finished> unreported_;
  Clock::time_point begun_;
  double init_ms_ = -1, restore_ms_ = -1;  // until a report has told it
  std::int64_t last_line_ms_ = 0;
  bool needs_init_ = true, initialised_before_ = false;
  HttpServer server_;  // last: it serves with everything above
};

}  // namespace lab
