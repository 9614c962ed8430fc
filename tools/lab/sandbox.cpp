#include "lab/sandbox.hpp"

#include <algorithm>
#include <csignal>
#include <thread>

#include "lab/stamp.hpp"
#include "lab/stillness.hpp"

namespace lab {
namespace {

constexpr const char* kArn = "arn:aws:lambda:us-east-1:123456789012:function:";
constexpr Milliseconds kSettleLimit{2000}, kStopLimit{1000};
constexpr Milliseconds kRuntimeShutdownLimit{300};  // the platform gives the runtime its part of the budget first
constexpr std::uint16_t kLifecyclePort = 8124;

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::string trace_header() { return "Root=1-5f35ae12-0c0fec141ab77a00bc047aa2;Parent=2be948a625588e32;Sampled=1"; }

}  // namespace

Sandbox::Sandbox(Monitor& monitor, Intake& intake, SandboxOptions options, Observer observer)
    : monitor_(monitor),
      intake_(intake),
      options_(std::move(options)),
      observer_(std::move(observer)),
      extensions_(monitor),
      runtime_(monitor),
      telemetry_(monitor),
      server_([this](const HttpRequest& request, const HttpServer::Gone& gone) { return route(request, gone); }) {}

Sandbox::~Sandbox() {
  function_.reset();
  agent_.reset();
  telemetry_.stop();
  extensions_.open("");
  runtime_.reset();
  server_.stop();
}

HttpAnswer Sandbox::route(const HttpRequest& request, const HttpServer::Gone& gone) {
  if (request.path.rfind("/2020-01-01/extension/", 0) == 0) return extensions_.handle(request, gone);
  if (request.path.rfind("/2018-06-01/runtime/", 0) == 0) return runtime_.handle(request, gone);
  if (request.path != "/2022-07-01/telemetry" || request.method != "PUT") return {404, "{}", {}};
  std::string name;
  {
    const Lock lock(monitor_.mutex);
    if (const auto* one = extensions_.by_identifier(request.header("lambda-extension-identifier"))) name = one->name;
  }
  if (name.empty())
    return {403, R"({"errorMessage":"unknown","errorType":"Extension.UnknownExtensionIdentifier"})", {}};
  const HttpAnswer answer = telemetry_.subscribe(request, name);
  extensions_.note(request, answer);
  return answer;
}

void Sandbox::start_agent() {
  if (options_.agent.empty()) return;
  extensions_.open(file_name(options_.agent.front()));
  agent_.reset();
  agent_ = std::make_unique<ChildProcess>(monitor_, options_.agent, agent_environment(options_, api(), intake_.url()),
                                          [this](std::string text) { agent_line(std::move(text)); });
}

void Sandbox::start_function() {
  if (options_.function.empty()) return;
  runtime_.reset();
  function_ = std::make_unique<ChildProcess>(monitor_, options_.function, lab::function_environment(options_, api()),
                                             [this](std::string text) { function_line(std::move(text)); });
}

std::string Sandbox::why_not_ready() const {
  if (agent_gone()) return "the agent has ended with " + std::to_string(agent_->exit_code()) + " during init";
  if (function_gone()) return "the function has ended with " + std::to_string(function_->exit_code()) + " during init";
  if (!runtime_.init_error().empty()) return "the function reported " + runtime_.init_error() + " during init";
  if (agent_ && !extensions_.external()) return "the agent did not register in time";
  if (agent_ && !extensions_.all_in_next(1)) return "the agent did not ask for its first event in time";
  return "the function did not ask for its first event in time";
}

// The platform's order: extensions register, then the runtime starts, then all have to ask for their first event.
InitOutcome Sandbox::init() {
  const InitFacts facts{options_.init_type, initialised_before_ ? "invoke" : "init"};
  const auto begun = Clock::now(), until = begun + options_.init_limit;
  function_.reset();
  extensions_.set_facts(options_.function_name, options_.managed());
  telemetry_.set_managed(options_.managed());
  if (initialised_before_) telemetry_.forget_subscriber();
  telemetry_.emit("platform.initStart", init_start(facts));
  start_agent();
  Lock lock(monitor_.mutex);
  const auto failed = [this] { return agent_gone() || function_gone() || !runtime_.init_error().empty(); };
  monitor_.wait(lock, until, [&] { return !agent_ || extensions_.external() || failed(); });
  lock.unlock();
  if (!failed()) start_function();
  lock.lock();
  const auto ready = [this] { return (!agent_ || extensions_.all_in_next(1)) && (!function_ || runtime_.ready()); };
  monitor_.wait(lock, until, [&] { return ready() || failed(); });
  InitOutcome outcome{ready() && !failed(), "", -1, ms_since(begun)};
  if (!outcome.ready) outcome.failure = why_not_ready();
  std::vector<std::pair<std::string, std::vector<std::string>>> names;
  if (const auto* external = extensions_.external(); external && external->nexts != 0) {
    outcome.first_next_ms = std::chrono::duration<double, std::milli>(external->first_next - agent_->started()).count();
    names.emplace_back(external->name, external->events);
  }
  lock.unlock();
  extensions_.close();
  for (const auto& [name, events] : names)
    telemetry_.emit("platform.extension", extension_record(name, "Ready", events));
  telemetry_.emit("platform.initRuntimeDone", init_runtime_done(facts, outcome.ready ? "success" : "error"));
  telemetry_.emit("platform.initReport", init_report(facts, outcome.init_ms));
  needs_init_ = false;
  initialised_before_ = true;
  init_ms_ = outcome.init_ms;
  return outcome;
}

void Sandbox::agent_line(std::string text) {
  if (observer_.agent_line) observer_.agent_line(text);
  telemetry_.emit("extension", json::string(text));
}

void Sandbox::function_line(std::string text) {
  if (options_.json_logs && text.front() == '{') {
    json::error_code error;
    const json::value object = json::parse(text, error);
    if (!error && object.is_object()) return line(object);
  }
  line(json::string(text));
}

void Sandbox::line(const json::value& record) {
  std::int64_t at = wall_ms();
  std::string id;
  {
    const Lock lock(monitor_.mutex);
    if (options_.distinct_times) at = std::max(at, last_line_ms_ + 1);
    last_line_ms_ = at;
    id = current_id_;
  }
  if (observer_.function_line) observer_.function_line(id, text_of(&record), at);
  telemetry_.emit("function", record, at);
}

Invocation Sandbox::offer(const std::string& id, const std::string& payload) {
  Invocation invocation{id, payload, kArn + options_.function_name, trace_header(),
                        wall_ms() + options_.function_limit.count()};
  {
    const Lock lock(monitor_.mutex);
    current_id_ = id;
    begun_ = Clock::now();
  }
  extensions_.push("INVOKE",
                   {{"eventType", "INVOKE"},
                    {"deadlineMs", invocation.deadline_ms},
                    {"requestId", id},
                    {"invokedFunctionArn", invocation.arn},
                    {"tracing", json::object{{"type", "X-Amzn-Trace-Id"}, {"value", invocation.trace_header}}}});
  return invocation;
}

Invocation Sandbox::begin(const std::string& id, const std::string& payload, bool function_too) {
  Invocation invocation = offer(id, payload);
  telemetry_.emit("platform.start", invocation_start(id));
  emit_reports();
  if (function_too) runtime_.push(invocation);
  return invocation;
}

void Sandbox::finish(const std::string& id, const Ending& ending) {
  if (options_.managed()) return telemetry_.emit("platform.report", managed_report(id, ending, rfc3339(wall_ms())));
  telemetry_.emit("platform.runtimeDone", runtime_done(id, ending, rfc3339(wall_ms())));
  Finished finished{id, ending};
  finished.ending.init_ms = std::exchange(init_ms_, -1);
  finished.ending.restore_ms = std::exchange(restore_ms_, -1);
  finished.ending.memory_mb = options_.memory_mb;
  unreported_.push_back(std::move(finished));
}

void Sandbox::report(const std::string& id) {
  const auto it =
      std::find_if(unreported_.begin(), unreported_.end(), [&](const Finished& one) { return one.id == id; });
  if (it == unreported_.end()) return;
  telemetry_.emit("platform.report", lab::report(it->id, it->ending));
  unreported_.erase(it);
}

void Sandbox::emit_reports() {
  while (!unreported_.empty()) report(std::string(unreported_.front().id));
}

bool Sandbox::wait_idle(Clock::time_point until) {
  Lock lock(monitor_.mutex);
  monitor_.wait(lock, until, [this] { return !agent_ || extensions_.idle() || agent_gone(); });
  return !agent_ || extensions_.idle();
}

Ending Sandbox::await_function(const Invocation& invocation, Clock::time_point deadline, InvokeOutcome& outcome) {
  Ending ending;
  Lock lock(monitor_.mutex);
  const auto answered = [&] { return runtime_.answer() && runtime_.answer()->id == invocation.id; };
  monitor_.wait(lock, deadline, [&] { return answered() || function_gone() || agent_gone(); });
  ending.duration_ms = ms_since(begun_);
  if (answered()) {
    const FunctionAnswer& answer = *runtime_.answer();
    ending.duration_ms = std::chrono::duration<double, std::milli>(answer.at - begun_).count();
    ending.produced_bytes = answer.body.size();
    ending.status = answer.error ? "error" : "success";
    ending.error_type = answer.error_type;
    outcome.response = answer.body;
  } else if (function_gone() || agent_gone()) {
    // Nobody else ends a function by this signal: memory is out.
    const bool out_of_memory = function_gone() && function_->exit_code() == -SIGKILL;
    ending.status = out_of_memory ? "error" : "failure";
    ending.error_type = out_of_memory ? kOutOfMemory : function_gone() ? "Runtime.ExitError" : "Extension.Crash";
  } else {
    ending.status = "timeout";
  }
  lock.unlock();
  if (function_) function_->drain();  // its lines come before its end, as on the platform
  return ending;
}

InvokeOutcome Sandbox::invoke(const std::string& payload) {
  if (needs_init_) {
    const InitOutcome init_outcome = init();
    if (!init_outcome.ready) throw LabError(init_outcome.failure);
  }
  const auto deadline = Clock::now() + options_.function_limit;
  const Invocation invocation = begin(fresh_uuid(), payload, true);
  InvokeOutcome outcome;
  outcome.id = invocation.id;
  Ending ending = await_function(invocation, deadline, outcome);
  const bool out_of_memory = ending.error_type == kOutOfMemory;
  if (out_of_memory) {
    ending.memory_used_mb = options_.memory_mb;
  } else if (function_) {
    const Memory memory = function_->memory();
    ending.memory_used_mb = std::max(1u, static_cast<unsigned>(memory.rss_kb / 1024));
  }
  finish(invocation.id, ending);
  outcome.status = ending.status;
  outcome.error_type = ending.error_type;
  outcome.function_ms = ending.duration_ms;
  const bool broken = ending.status == "timeout" || ending.status == "failure" || out_of_memory;
  const bool idle = broken || wait_idle(deadline);
  outcome.agent_crashed = agent_gone();
  outcome.agent_late = !idle && !outcome.agent_crashed;
  outcome.total_ms = ms_since(begun_);
  if (!options_.report_late || broken || outcome.agent_late) emit_reports();
  if (broken || outcome.agent_late || outcome.agent_crashed)
    reset(ending.status == "failure" || out_of_memory ? "failure" : "timeout");
  return outcome;
}

// After a time-out or a crash: everything is started again with the next invocation; /tmp stays.
void Sandbox::reset(const std::string& reason) {
  shutdown(reason);
  needs_init_ = true;
}

void Sandbox::stop_function() {
  if (!function_ || function_->ended()) return;
  function_->signal(SIGTERM);
  if (!function_->wait(Clock::now() + kRuntimeShutdownLimit)) function_->signal(SIGKILL);
  function_->wait(Clock::now() + std::chrono::seconds(1));
}

ShutdownOutcome Sandbox::shutdown(const std::string& reason) {
  stop_function();
  emit_reports();
  if (!agent_) return {};
  if (!agent_->ended()) telemetry_.settle(Clock::now() + kSettleLimit);
  const auto begun = Clock::now();
  extensions_.push("SHUTDOWN", {{"eventType", "SHUTDOWN"},
                                {"shutdownReason", reason},
                                {"deadlineMs", wall_ms() + options_.shutdown_limit.count()}});
  ShutdownOutcome outcome;
  outcome.killed = !agent_->wait(begun + options_.shutdown_limit);
  outcome.took_ms = ms_since(begun);
  if (outcome.killed) {
    agent_->signal(SIGKILL);
    agent_->wait(Clock::now() + std::chrono::seconds(2));
  }
  outcome.exit_code = agent_->exit_code();
  return outcome;
}

void Sandbox::freeze() {
  if (function_) function_->signal(SIGSTOP);
  if (!agent_) return;
  agent_->signal(SIGSTOP);
  for (const auto until = Clock::now() + kStopLimit; !is_stopped(agent_->pid()) && Clock::now() < until;)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
}

void Sandbox::thaw() {
  if (agent_) agent_->signal(SIGCONT);
  if (function_) function_->signal(SIGCONT);
}

void Sandbox::restore(double duration_ms) {
  telemetry_.emit("platform.restoreStart", json::object{});
  thaw();
  telemetry_.emit("platform.restoreRuntimeDone", restore_runtime_done("success"));
  telemetry_.emit("platform.restoreReport", restore_report("success", duration_ms));
  restore_ms_ = duration_ms;
}

json::value Sandbox::status() const {
  HttpClient client(options_.bind_host, kLifecyclePort);
  const HttpReply reply = client.send("GET", "/status", {}, {}, 2000);
  json::error_code error;
  json::value body = json::parse(reply.body, error);
  return reply.status == 200 && !error ? body : json::value();
}

}  // namespace lab
