#include "lab/scenario.hpp"

#include "lab/stamp.hpp"

namespace lab {

Scenario::Scenario(std::vector<std::string> agent, std::string bind_host)
    : agent_(std::move(agent)), bind_host_(std::move(bind_host)), intake_(monitor_, bind_host_) {
  options_.agent = agent_;
  options_.bind_host = bind_host_;
  options_.task_root = task_root_.path();
  options_.function_limit = std::chrono::seconds(10);
  options_.environment["DD_SERVERLESS_FLUSH_STRATEGY"] = "end";
}

Scenario::~Scenario() {
  sandbox_.reset();
  intake_.stop();
}

std::vector<std::string> Scenario::agent_lines() {
  const Lock lock(monitor_.mutex);
  return agent_lines_;
}

Sandbox& Scenario::sandbox() {
  if (sandbox_) {
    sandbox_->options() = options_;
    return *sandbox_;
  }
  Sandbox::Observer observer;
  observer.agent_line = [this](const std::string& text) {
    const Lock lock(monitor_.mutex);
    agent_lines_.push_back(text);
    monitor_.moved.notify_all();
  };
  sandbox_ = std::make_unique<Sandbox>(monitor_, intake_, options_, std::move(observer));
  return *sandbox_;
}

std::string Scenario::id_of(const std::string& name) {
  std::string& id = ids_[name];
  if (id.empty()) id = fresh_uuid();
  return id;
}

// ${name} is the request id of the invocation of that name; ${now} the time, ${n} the turn; request_id=name too.
Step Scenario::substituted(const Step& step) {
  Step out = step;
  const auto replace = [this](std::string& text) {
    for (std::size_t at = 0; (at = text.find("${", at)) != std::string::npos;) {
      const std::size_t end = text.find('}', at);
      if (end == std::string::npos) return;
      const std::string name = text.substr(at + 2, end - at - 2);
      const std::string value = name == "now"         ? rfc3339(wall_ms())
                                : name == "bind_host" ? bind_host_
                                : name == "n"         ? std::to_string(turn_)
                                                      : id_of(name);
      text.replace(at, end - at + 1, value);
      at += value.size();
    }
  };
  for (Word& word : out.words) {
    replace(word.value);
    if (word.name == "request_id" && word.sign == '=' && word.value != "none") word.value = id_of(word.value);
  }
  replace(out.rest);
  replace(out.text);
  return out;
}

Scenario::Do Scenario::find_step(const std::string& verb) {
  static const std::map<std::string, Do> steps{{"env", &Scenario::env},
                                               {"unset", &Scenario::unset},
                                               {"config", &Scenario::config},
                                               {"option", &Scenario::option},
                                               {"platform", &Scenario::platform},
                                               {"intake", &Scenario::intake},
                                               {"busy", &Scenario::busy},
                                               {"pause", &Scenario::pause},
                                               {"clock", &Scenario::clock},
                                               {"init", &Scenario::init},
                                               {"invoke", &Scenario::invoke},
                                               {"}", &Scenario::end_invoke},
                                               {"line", &Scenario::line},
                                               {"json", &Scenario::json_line},
                                               {"tracer", &Scenario::tracer},
                                               {"http", &Scenario::http},
                                               {"statsd", &Scenario::statsd},
                                               {"trace", &Scenario::trace},
                                               {"done", &Scenario::done},
                                               {"event", &Scenario::event},
                                               {"say", &Scenario::say},
                                               {"telemetry", &Scenario::telemetry},
                                               {"freeze", &Scenario::freeze},
                                               {"thaw", &Scenario::thaw},
                                               {"signal", &Scenario::signal},
                                               {"shutdown", &Scenario::shutdown},
                                               {"expect", &Scenario::expect},
                                               {"oom", &Scenario::out_of_memory},
                                               {"snapshot", &Scenario::snapshot},
                                               {"restore", &Scenario::restore},
                                               {"concurrent", &Scenario::concurrent},
                                               {"repeat", &Scenario::repeat}};
  const auto it = steps.find(verb);
  return it == steps.end() ? nullptr : it->second;
}

void Scenario::check(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (!find_step(step.verb)) throw LabError("line " + std::to_string(step.line) + ": unknown step " + step.verb);
    if (step.verb == "repeat") check(read_scenario(step.text));
    if (step.verb != "clock" || clock_) continue;
    clock_.emplace(task_root_.path());
    for (const auto& [name, value] : clock_->variables()) options_.environment[name] = value;
  }
}

std::optional<std::string> Scenario::play(const std::vector<Step>& steps) {
  check(steps);
  return play_all(steps);
}

std::optional<std::string> Scenario::play_all(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    Failure failure;
    try {
      // What is repeated is substituted when its turn has come.
      failure = (this->*find_step(step.verb))(step.verb == "repeat" ? step : substituted(step));
    } catch (const std::exception& error) {
      throw LabError("line " + std::to_string(step.line) + ": " + step.source + ": " + error.what());
    }
    if (failure) return "line " + std::to_string(step.line) + ": " + step.source + ": " + *failure;
  }
  return std::nullopt;
}

// repeat N <<END … END: the steps N times; ${n} in them counts from 1.
Scenario::Failure Scenario::repeat(const Step& step) {
  const std::vector<Step> steps = read_scenario(step.text);
  const int times = number_of_text(step.plain(0));
  for (turn_ = 1; turn_ <= times; ++turn_)
    if (Failure failure = play_all(steps)) return "turn " + std::to_string(turn_) + ": " + *failure;
  return std::nullopt;
}

}  // namespace lab
