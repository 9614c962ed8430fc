#include <sys/socket.h>

#include <arpa/inet.h>
#include <algorithm>
#include <charconv>
#include <thread>

#include "lab/scenario.hpp"

namespace lab {
namespace {

constexpr Milliseconds kWithin{1000};

Manner manner_of(const std::string& word) {
  static const std::map<std::string, Manner> manners{
      {"hang", Manner::kHang},          {"cut", Manner::kCut},
      {"cut-body", Manner::kCutBody},   {"drip", Manner::kDrip},
      {"slow-read", Manner::kSlowRead}, {"close-after", Manner::kCloseAfter},
      {"half", Manner::kHalf},          {"head-only", Manner::kHeadOnly},
      {"garbage", Manner::kGarbage},    {"endless", Manner::kEndless}};
  const auto it = manners.find(word);
  if (it == manners.end()) throw LabError("unknown fault: " + word);
  return it->second;
}

// status=500 body="…", cut, hang, close-after, …: an answer of the platform instead of the ordinary one.
HttpAnswer answer_of(const Step& step) {
  HttpAnswer answer{number_of_text(step.value("status", "200")), step.value("body"), {}};
  if (!step.plain(1).empty() && step.plain(1) != "not-supported") answer.manner = manner_of(step.plain(1));
  if (step.plain(1) == "not-supported") {
    answer.status = 202;
    answer.body = R"({"errorType":"Telemetry.NotSupported","errorMessage":"Telemetry API is not supported"})";
  }
  return answer;
}

}  // namespace

int number_of_text(const std::string& text) {
  int out = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) throw LabError("no number: " + text);
  return out;
}

Milliseconds duration_of(const std::string& text) {
  const std::size_t unit = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string name = text.substr(unit);
  static const std::map<std::string, int> units{{"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  const auto it = units.find(name);
  if (it == units.end()) throw LabError("no duration: " + text);
  return Milliseconds(std::int64_t{number_of_text(text.substr(0, unit))} * it->second);
}

Scenario::Failure Scenario::env(const Step& step) {
  const std::size_t equals = step.rest.find('=');
  if (equals == std::string::npos) throw LabError("env wants NAME=VALUE");
  options_.environment[step.rest.substr(0, equals)] = step.rest.substr(equals + 1);
  return std::nullopt;
}

Scenario::Failure Scenario::unset(const Step& step) {
  options_.unset.insert(step.plain(0));
  return std::nullopt;
}

Scenario::Failure Scenario::config(const Step& step) {
  task_root_.write_config(step.text);
  return std::nullopt;
}

Scenario::Failure Scenario::option(const Step& step) {
  for (const Word& word : step.words) {
    if (word.name == "memory")
      options_.memory_mb = static_cast<unsigned>(number_of_text(word.value));
    else if (word.name == "function-limit")
      options_.function_limit = duration_of(word.value);
    else if (word.name == "init-limit")
      options_.init_limit = duration_of(word.value);
    else if (word.name == "shutdown-limit")
      options_.shutdown_limit = duration_of(word.value);
    else if (word.name == "init-type")
      options_.init_type = word.value;
    else if (word.name == "report")
      options_.report_late = word.value == "late";
    else
      throw LabError("unknown option: " + word.name);
  }
  if (sandbox_) sandbox_->options() = options_;
  return std::nullopt;
}

Scenario::Failure Scenario::platform(const Step& step) {
  const std::string what = step.plain(0);
  const bool normal = step.plain(1) == "normal";
  if (what == "next")
    sandbox().extensions().push_raw(answer_of(step));
  else if (what == "register")
    sandbox().extensions().answer_register_with(normal ? std::nullopt : std::optional(answer_of(step)));
  else if (what == "telemetry")
    sandbox().telemetry().answer_with(normal ? std::nullopt : std::optional(answer_of(step)));
  else
    throw LabError("platform wants register, next or telemetry");
  return std::nullopt;
}

Scenario::Failure Scenario::intake(const Step& step) {
  const std::string what = step.plain(0);
  if (what == "heal") return intake_.heal(), std::nullopt;
  if (what == "down") return answers_lost_ = true, intake_.down(), std::nullopt;
  if (what == "up") return intake_.up(), std::nullopt;
  Fault fault;
  fault.path = step.value("path");
  fault.times = number_of_text(step.value("times", "-1"));
  if (const std::string after = step.value("retry-after"); !after.empty()) fault.headers = {{"Retry-After", after}};
  if (what == "refuse")
    fault.status = number_of_text(step.plain(1));
  else if (what == "delay")
    fault.delay = duration_of(step.plain(1));
  else
    fault.manner = manner_of(what);
  answers_lost_ = answers_lost_ || fault.status == 0;
  intake_.add(std::move(fault));
  return std::nullopt;
}

Scenario::Failure Scenario::busy(const Step& step) {
  const auto port = static_cast<std::uint16_t>(number_of_text(step.plain(1)));
  if (step.plain(0) == "tcp") {
    busy_listeners_.push_back(std::make_unique<Listener>(bind_host_, port));
    return std::nullopt;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, bind_host_.c_str(), &address.sin_addr);
  Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw LabError("udp " + step.plain(1) + " is taken already");
  busy_.push_back(std::move(socket));
  return std::nullopt;
}

// clock +1h [grain=1s]: the sandbox's time goes on by so much, not less than the grain at a time; clock +1h wall: the
// wall clock alone, as in a machine that was paused.
Scenario::Failure Scenario::clock(const Step& step) {
  const std::string by = step.plain(0);
  if (by.empty() || by[0] != '+') throw LabError("clock wants +TIME");
  const Milliseconds time = duration_of(by.substr(1));
  if (step.has_plain("wall")) {
    clock_->put_wall_ahead(time);
  } else {
    const Milliseconds grain = duration_of(step.value("grain", "0"));
    clock_->put_ahead(time, grain, sandbox().agent(), [this] { sandbox().telemetry().settle(Clock::now() + kWithin); });
  }
  return std::nullopt;
}

Scenario::Failure Scenario::pause(const Step& step) {
  std::this_thread::sleep_for(duration_of(step.plain(0)));
  return std::nullopt;
}

}  // namespace lab
