#include "stage.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace stage {
namespace {

constexpr std::chrono::seconds kPatience{10};

// 127.A.B.C with A.B from the process and C from the stage within it.
std::string fresh_host() {
  static std::atomic<unsigned> stages{0};
  const unsigned process = static_cast<unsigned>(getpid()), stage = ++stages;
  return "127." + std::to_string(2 + process / 250 % 250) + "." + std::to_string(1 + process % 250) + "."
         + std::to_string(1 + stage % 250);
}

std::string fresh_id(unsigned n) {
  const std::string digits = std::to_string(n);
  return "6f9619ff-8b86-d011-b42d-" + std::string(12 - digits.size(), '0') + digits;
}

}  // namespace

std::string built_agent() { return SLS_AGENT_PATH; }

Stage::Stage(Given given) : intake_(monitor_), host_(given.host.empty() ? fresh_host() : given.host) {
  if (!given.config.empty()) task_root_.write_config(given.config);
  lab::SandboxOptions options;
  options.agent = given.agent.empty() ? std::vector<std::string>{built_agent()} : std::move(given.agent);
  options.function = std::move(given.function);
  options.environment = {{"DD_SERVERLESS_FLUSH_STRATEGY", "end"}, {"DD_LOG_LEVEL", "info"}};
  for (auto& [name, value] : given.environment) options.environment[name] = value;
  options.task_root = task_root_.path();
  options.bind_host = host_;
  const auto keep_line = [this](const std::string& line) {
    const std::lock_guard<std::mutex> lock(lines_mutex_);
    agent_lines_.push_back(line);
    lines_moved_.notify_all();
  };
  sandbox_ =
      std::make_unique<lab::Sandbox>(monitor_, intake_, std::move(options), lab::Sandbox::Observer{{}, keep_line});
}

Stage::~Stage() {
  monitor_.stop();
  sandbox_.reset();
  intake_.stop();
}

bool Stage::start() {
  const lab::InitOutcome outcome = sandbox_->init();
  failure = outcome.failure;
  return outcome.ready;
}

bool Stage::invoke(const std::vector<std::string>& lines, std::string_view id) {
  const std::string own = id.empty() ? fresh_id(++invocations_) : std::string(id);
  sandbox_->begin(own);
  for (const std::string& line : lines) sandbox_->line(lab::json::string(line));
  lab::Ending ending;
  ending.duration_ms = 1.5;
  sandbox_->finish(own, ending);
  sandbox_->report(own);
  return sandbox_->wait_idle(lab::Clock::now() + kPatience);
}

lab::HttpReply Stage::ask(std::string_view method, std::string_view target, std::string_view body,
                          const lab::Headers& headers) {
  lab::HttpClient client(host_, 8124);
  return client.send(method, target, body, headers);
}

lab::ShutdownOutcome Stage::shutdown() { return sandbox_->shutdown("spindown"); }

std::vector<lab::Received> Stage::received() {
  const lab::Lock lock(monitor_.mutex);
  std::vector<lab::Received> out;
  for (const lab::Received& request : intake_.received())
    if (request.accepted) out.push_back(request);
  return out;
}

std::vector<lab::LogEntry> Stage::logs() {
  const lab::Lock lock(monitor_.mutex);
  std::vector<lab::LogEntry> out;
  for (const lab::Received& request : intake_.received())
    if (request.accepted) out.insert(out.end(), request.logs.begin(), request.logs.end());
  return out;
}

std::vector<std::string> Stage::messages() {
  std::vector<std::string> out;
  for (const lab::LogEntry& entry : logs()) {
    const bool platform = entry.message.rfind("START ", 0) == 0 || entry.message.rfind("END ", 0) == 0
                          || entry.message.rfind("REPORT ", 0) == 0 || entry.message.rfind("INIT_", 0) == 0;
    if (!platform && entry.message.find("DD_EXTENSION") == std::string::npos) out.push_back(entry.message);
  }
  return out;
}

std::vector<std::string> Stage::broken() {
  const lab::Lock lock(monitor_.mutex);
  std::vector<std::string> out;
  for (const lab::Received& request : intake_.received())
    if (!request.broken.empty()) out.push_back(request.path + ": " + request.broken);
  return out;
}

Ledger Stage::ledger(std::string_view plugin) {
  const lab::json::value answer = status();
  Ledger ledger{-1, 0, 0, 0, 0};
  const lab::json::value* rows = lab::find(answer, "/ledger");
  if (rows == nullptr || !rows->is_array()) return ledger;
  const auto number = [](const lab::json::value& in, std::string_view pointer) {
    return static_cast<std::int64_t>(lab::number_at(in, pointer));
  };
  for (const lab::json::value& row : rows->get_array()) {
    if (lab::text_at(row, "/plugin") != plugin) continue;
    ledger = {number(row, "/received"), number(row, "/delivered"), 0,
              number(row, "/pending/in_plugin") + number(row, "/pending/in_forwarder"),
              number(row, "/maybe_duplicate")};
    for (const auto& [reason, count] : row.at("dropped").get_object())
      ledger.dropped += count.to_number<std::int64_t>();
  }
  return ledger;
}

std::vector<std::string> Stage::agent_lines() {
  const std::lock_guard<std::mutex> lock(lines_mutex_);
  return agent_lines_;
}

std::size_t Stage::agent_lines_with(std::string_view part) {
  const auto count = [&] {
    return static_cast<std::size_t>(
        std::count_if(agent_lines_.begin(), agent_lines_.end(),
                      [&](const std::string& line) { return line.find(part) != std::string::npos; }));
  };
  std::unique_lock<std::mutex> lock(lines_mutex_);
  lines_moved_.wait_for(lock, std::chrono::seconds(2), [&] { return count() > 0; });
  return count();
}

}  // namespace stage
