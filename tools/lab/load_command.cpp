#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "lab/command_line.hpp"
#include "lab/commands.hpp"
#include "lab/figures.hpp"
#include "lab/sandbox.hpp"
#include "lab/stamp.hpp"
#include "lab/task_root.hpp"

namespace lab {
namespace {

constexpr unsigned kInvocations = 1000, kLines = 3;
constexpr unsigned kWarm = 10000;  // growth of memory is counted from this invocation on
constexpr std::uint16_t kLifecyclePort = 8124;

// The function is played in this process: what is measured is the agent.
class Load {
 public:
  Load(Sandbox& sandbox, const CommandLine& line)
      : sandbox_(sandbox),
        tracer_(sandbox.options().bind_host, kLifecyclePort),
        lines_(line.number("lines", kLines)),
        traced_(!line.flag("no-tracer")) {}

  // False: the agent did not come back.
  bool invoke(Figures& figures) {
    const std::string id = fresh_uuid();
    const auto begun = Clock::now();
    sandbox_.begin(id);
    const Headers headers{{"lambda-runtime-aws-request-id", id}};
    if (traced_) tracer_.send("POST", "/lambda/start-invocation", R"({"path":"/orders"})", headers);
    for (unsigned i = 0; i < lines_; ++i)
      sandbox_.line(json::string("order " + std::to_string(i) + " of " + id + " took 12 ms and was paid by card"));
    if (traced_) tracer_.send("POST", "/lambda/end-invocation", R"({"statusCode":200})", headers);
    Ending ending;
    ending.duration_ms = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
    sandbox_.finish(id, ending);
    const auto done = Clock::now();
    const bool taken = sandbox_.telemetry().settle(done + std::chrono::seconds(10));
    const bool idle = sandbox_.wait_idle(done + std::chrono::seconds(10));
    ++figures.invocations[taken && idle ? "success" : "failure"];
    figures.function_ms.push_back(ending.duration_ms);
    figures.held_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - done).count());
    return taken && idle;
  }

 private:
  Sandbox& sandbox_;
  HttpClient tracer_;
  unsigned lines_;
  bool traced_;
};

}  // namespace

int load_command(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments, {"agent", "config", "invocations", "lines", "json"}, {"no-tracer"});
  const TaskRoot root;
  if (!line.value("config").empty()) root.write_config(file_text(line.value("config")));
  SandboxOptions options;
  options.agent = {agent_path(line.value("agent"))};
  options.task_root = root.path();
  options.environment["DD_SERVERLESS_FLUSH_STRATEGY"] = "end";
  if (const char* host = std::getenv("DD_BIND_HOST"); host && *host) options.bind_host = host;
  if (const char* strategy = std::getenv("DD_SERVERLESS_FLUSH_STRATEGY"); strategy && *strategy)
    options.environment["DD_SERVERLESS_FLUSH_STRATEGY"] = strategy;

  Monitor monitor;
  Intake intake(monitor);
  intake.keep_nothing();
  Sandbox sandbox(monitor, intake, std::move(options));
  Figures figures;
  figures.init = sandbox.init();
  if (!figures.init.ready) throw LabError(figures.init.failure);
  sandbox.telemetry().settle(Clock::now() + std::chrono::seconds(2));
  figures.memory_at_start = sandbox.agent()->memory();

  const unsigned wanted = line.number("invocations", kInvocations), warm = std::min(kWarm, wanted / 2);
  const double cpu_at_start = sandbox.agent()->cpu_seconds();
  Load load(sandbox, line);
  Memory memory_when_warm;
  for (unsigned n = 1; n <= wanted; ++n) {
    if (!load.invoke(figures)) break;
    if (n == warm) memory_when_warm = sandbox.agent()->memory();
  }
  figures.agent_cpu_ms = 1000 * (sandbox.agent()->cpu_seconds() - cpu_at_start);
  figures.memory_at_end = sandbox.agent()->memory();
  const json::value status = sandbox.status();
  figures.has_status = !status.is_null();
  figures.ledger = ledger_of(status);
  Lock lock(monitor.mutex);
  figures.intake_before_shutdown = intake.counts();
  lock.unlock();
  figures.shutdown = sandbox.shutdown("spindown");
  lock.lock();
  figures.intake = intake.counts();
  figures.telemetry = sandbox.telemetry().counts();
  lock.unlock();

  print_summary(Terminal(stdout), figures, nullptr);
  const long grown = figures.memory_at_end.private_dirty_kb - memory_when_warm.private_dirty_kb;
  std::printf("  growth      %ld KB private dirty from invocation %u to %u\n", grown, warm,
              figures.invocations_total());
  if (!line.value("json").empty()) {
    json::object out = as_json(figures);
    out["warm_invocation"] = warm;
    out["memory_when_warm"] =
        json::object{{"rss_kb", memory_when_warm.rss_kb}, {"private_dirty_kb", memory_when_warm.private_dirty_kb}};
    std::ofstream(line.value("json")) << json::serialize(out) << '\n';
  }
  return figures.invocations["failure"] == 0 && figures.shutdown.exit_code == 0 ? 0 : 1;
}

}  // namespace lab
