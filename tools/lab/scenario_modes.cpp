#include <csignal>
#include <thread>

#include "lab/scenario.hpp"

namespace lab {
namespace {

constexpr std::uint16_t kLifecyclePort = 8124;
constexpr Milliseconds kEndLimit{2000};

}  // namespace

// oom [agent]: memory is out in the invocation that runs. The kernel ends the function, and the platform the sandbox:
// the report at once, then SHUTDOWN. `agent`: the kernel takes the agent too, which hears of nothing.
Scenario::Failure Scenario::out_of_memory(const Step& step) {
  done_ = true;
  Ending ending;
  ending.status = "error";
  ending.error_type = kOutOfMemory;
  ending.duration_ms = 40;
  ending.memory_used_mb = options_.memory_mb;
  if (step.has_plain("agent")) {
    killed_ = true;
    sandbox().agent()->signal(SIGKILL);
    sandbox().agent()->wait(Clock::now() + kEndLimit);
  }
  sandbox().finish(id_of(current_), ending);
  sandbox().report(id_of(current_));
  if (step.has_plain("agent")) return std::nullopt;
  Step failure;
  failure.words.push_back({"", 0, "failure"});
  return shutdown(failure);
}

// snapshot: the sandbox is stored, with all that it is in the middle of; no connection outlives that.
Scenario::Failure Scenario::snapshot(const Step&) {
  sandbox().telemetry().settle(Clock::now() + kEndLimit);
  sandbox().freeze();
  intake_.down();
  intake_.up();
  return std::nullopt;
}

// restore [duration=MS]: a sandbox is made from the snapshot.
Scenario::Failure Scenario::restore(const Step& step) {
  sandbox().restore(number_of_text(step.value("duration", "150")));
  return std::nullopt;
}

// concurrent N [lines=K] [traced]: N invocations at the same time, each from a thread of its own; their lines are
// objects that name their invocation, as managed instances write them. Returns when all have ended.
Scenario::Failure Scenario::concurrent(const Step& step) {
  if (!options_.managed()) throw LabError("concurrent wants option init-type=lambda-managed-instances");
  const int count = number_of_text(step.plain(0)), lines = number_of_text(step.value("lines", "3"));
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    names.push_back("c" + std::to_string(++concurrent_));
    const std::string id = id_of(names.back());
    for (int k = 0; k < lines; ++k) sent_[json::serialize(object_line(names.back(), k))] = id;
  }
  std::vector<std::thread> threads;
  for (const std::string& name : names)
    threads.emplace_back([this, name, lines, &step] { run_beside_others(name, lines, step.has_plain("traced")); });
  for (std::thread& thread : threads) thread.join();
  return std::nullopt;
}

json::value Scenario::object_line(const std::string& name, int number) const {
  return json::object{
      {"level", "INFO"}, {"requestId", ids_.at(name)}, {"message", name + "#" + std::to_string(number)}};
}

// One of them. Runs beside others: touches nothing of the scenario but what has a lock of its own.
void Scenario::run_beside_others(const std::string& name, int lines, bool traced) {
  const std::string id = ids_.at(name);
  Headers headers{{"lambda-runtime-aws-request-id", id}};
  HttpClient client(bind_host_, kLifecyclePort);
  sandbox_->telemetry().emit("platform.start", invocation_start(id));
  if (traced) client.send("POST", "/lambda/start-invocation", "{}", headers);
  for (int k = 0; k < lines; ++k) {
    sandbox_->line(object_line(name, k));
    std::this_thread::yield();
  }
  headers.emplace_back("x-datadog-trace-id", name.substr(1));  // its number
  headers.emplace_back("x-datadog-span-id", name.substr(1));
  if (traced) client.send("POST", "/lambda/end-invocation", "{}", headers);
  Ending ending;
  ending.duration_ms = 5 + lines;
  sandbox_->finish(id, ending);
}

}  // namespace lab
