#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "lab/command_line.hpp"
#include "lab/commands.hpp"
#include "lab/figures.hpp"
#include "lab/live_view.hpp"
#include "lab/sandbox.hpp"
#include "lab/task_root.hpp"

namespace lab {
namespace {

constexpr unsigned kInvocations = 36;
constexpr Milliseconds kPause{120}, kPauseWhenKept{1000};

volatile std::sig_atomic_t interrupted = 0;
void interrupt(int) { interrupted = 1; }

// The developer's own DD_ variables count, except those that would lead away from this intake.
Environment own_settings() {
  Environment out;
  for (char** row = environ; *row; ++row) {
    const std::string text = *row, name = text.substr(0, text.find('='));
    bool wanted = name.rfind("DD_", 0) == 0;
    for (const char* part : {"API_KEY", "APP_KEY", "URL", "SITE", "ENDPOINTS", "_ARN", "PROXY", "BIND_HOST"})
      wanted = wanted && name.find(part) == std::string::npos;
    if (wanted) out[name] = text.substr(name.size() + 1);
  }
  return out;
}

Environment own_environment() {
  Environment out;
  for (char** row = environ; *row; ++row) {
    const std::string text = *row;
    out[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
  }
  return out;
}

RuleBook rules_of(const std::string& config, const Environment& environment) {
  RuleBook rules;
  rules.read_yaml(config);
  const auto variable = environment.find("DD_LOGS_CONFIG_PROCESSING_RULES");
  if (variable != environment.end() && !variable->second.empty()) rules.read_variable(variable->second);
  return rules;
}

SandboxOptions options_of(const CommandLine& line, const TaskRoot& root) {
  SandboxOptions options;
  options.agent = {agent_path(line.value("agent"))};
  options.function = line.behind();
  if (options.function.empty()) options.function = {own_path(), "function"};
  options.environment = own_settings();
  options.function_environment = own_environment();
  options.task_root = root.path();
  if (const char* host = std::getenv("DD_BIND_HOST"); host && *host) options.bind_host = host;
  options.json_logs = line.flag("json-logs");
  options.distinct_times = true;
  return options;
}

// "…| INFO | ledger logs: received 3 = …"}" -> "logs: received 3 = …"; empty for other lines.
std::string words_about_ledger(const std::string& line) {
  constexpr std::string_view kMark = "| INFO | ledger ";
  const auto mark = line.find(kMark);
  if (mark == std::string::npos) return {};
  const auto begin = mark + kMark.size(), end = line.find('"', begin);
  return line.substr(begin, end == std::string::npos ? end : end - begin);
}

void count(Figures& figures, const InvokeOutcome& outcome, LiveView& view) {
  ++figures.invocations[outcome.status];
  figures.function_ms.push_back(outcome.function_ms);
  figures.held_ms.push_back(outcome.total_ms - outcome.function_ms);
  figures.agent_late += outcome.agent_late ? 1 : 0;
  figures.agent_crashes += outcome.agent_crashed ? 1 : 0;
  if (outcome.agent_crashed) view.note("the agent has crashed; the platform starts it again");
  if (outcome.agent_late) view.note("the agent did not ask for the next event before the deadline");
  if (outcome.status == "timeout" || outcome.status == "failure")
    view.note("invocation " + outcome.id + ": " + outcome.status + " " + outcome.error_type);
}

void invoke_all(const CommandLine& line, Sandbox& sandbox, LiveView& view, Figures& figures) {
  const unsigned wanted = line.number("invocations", kInvocations);
  const std::string event = line.value("event");
  const std::string payload = event.empty() ? R"({"path":"/orders","httpMethod":"POST"})" : file_text(event);
  for (unsigned n = 1; !interrupted && (n <= wanted || line.flag("keep")); ++n) {
    view.begin_invocation(n);
    count(figures, sandbox.invoke(payload), view);
    std::this_thread::sleep_for(n < wanted ? kPause : line.flag("keep") ? kPauseWhenKept : Milliseconds(0));
  }
}

void write_json(const std::string& path, const Figures& figures) {
  if (path.empty()) return;
  std::ofstream file(path);
  file << json::serialize(as_json(figures)) << '\n';
  if (!file.flush()) throw LabError("cannot write " + path);
}

}  // namespace

int run_command(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments, {"agent", "config", "event", "invocations", "json"}, {"keep", "json-logs"});
  const Terminal terminal(stdout);
  const TaskRoot root;
  const std::string config = line.value("config").empty() ? "" : file_text(line.value("config"));
  if (!config.empty()) root.write_config(config);
  SandboxOptions options = options_of(line, root);

  Figures figures;
  LiveView view(terminal, rules_of(config, options.environment));
  Monitor monitor;
  Intake intake(monitor);
  intake.on_received([&](const Received& request) { view.received(request); });
  const bool agent_speaks = std::getenv("DD_LOG_LEVEL") != nullptr;
  Sandbox sandbox(
      monitor, intake, std::move(options),
      {[&](const std::string& id, const std::string& text, std::int64_t at) { view.wrote(id, text, at); },
       [&](const std::string& text) {
         if (const std::string words = words_about_ledger(text); !words.empty()) figures.last_words.push_back(words);
         if (agent_speaks || text.find("ERROR") != std::string::npos || text.find("WARN") != std::string::npos)
           view.note("agent: " + text);
       }});
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);

  figures.init = sandbox.init();
  if (!figures.init.ready) throw LabError(figures.init.failure);
  figures.memory_at_start = sandbox.agent()->memory();
  const double cpu_at_start = sandbox.agent()->cpu_seconds();
  view.head();
  invoke_all(line, sandbox, view, figures);

  sandbox.telemetry().settle(Clock::now() + std::chrono::seconds(2));
  figures.memory_at_end = sandbox.agent()->memory();
  figures.agent_cpu_ms = 1000 * (sandbox.agent()->cpu_seconds() - cpu_at_start);
  const json::value status = sandbox.status();
  figures.has_status = !status.is_null();
  figures.ledger = ledger_of(status);
  {
    const Lock lock(monitor.mutex);
    figures.intake_before_shutdown = intake.counts();
  }
  figures.shutdown = sandbox.shutdown("spindown");
  const LiveView::Counts lines = view.finish();
  {
    const Lock lock(monitor.mutex);
    figures.intake = intake.counts();
    figures.telemetry = sandbox.telemetry().counts();
  }
  print_summary(terminal, figures, &lines);
  write_json(line.value("json"), figures);
  return figures.shutdown.exit_code == 0 && figures.agent_crashes == 0 && lines.missing == 0 ? 0 : 1;
}

}  // namespace lab
