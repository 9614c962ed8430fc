#include "lab/scenario.hpp"

namespace lab {
namespace {

constexpr Milliseconds kWithin{3000};

Clock::time_point until_of(const Step& step) {
  const Word* within = step.find("within");
  return Clock::now() + (within ? duration_of(within->value) : kWithin);
}

// What was there instead, for the message.
std::string shown(const std::vector<Record>& records) {
  std::string out;
  for (std::size_t i = 0; i < records.size() && i < 20; ++i) out += "\n    " + records[i].text();
  if (records.size() > 20) out += "\n    and " + std::to_string(records.size() - 20) + " more";
  return out.empty() ? " (there was none at all)" : out;
}

}  // namespace

std::optional<std::vector<Record>> Scenario::records(const std::string& kind) {
  if (kind == "ledger") {
    const json::value status = ended_ ? json::value() : sandbox().status();
    return ledger_records(status.is_null() ? last_ledger_ : ledger_of(status));
  }
  const Lock lock(monitor_.mutex);
  if (kind == "log") return log_records(intake_.received());
  if (kind == "series") return series_records(intake_.received());
  if (kind == "sketch") return sketch_records(intake_.received());
  if (kind == "span") return span_records(intake_.received());
  if (kind == "request") return request_records(intake_.received());
  if (kind == "call") return call_records(sandbox_->extensions().calls());
  if (kind == "output") return line_records(agent_lines_);
  return std::nullopt;
}

Scenario::Failure Scenario::expect_records(const Step& step, const std::string& kind, bool none) {
  const bool counted = step.find("count") != nullptr;
  const std::size_t low =
      none ? 0 : static_cast<std::size_t>(number_of_text(step.value("min", step.value("count", "1"))));
  const std::size_t high =
      none || counted ? low : static_cast<std::size_t>(number_of_text(step.value("max", "1000000000")));
  std::vector<Record> all, fitting;
  const auto look = [&] {
    all = *records(kind);
    fitting.clear();
    for (const Record& record : all)
      if (fits(record, step.words)) fitting.push_back(record);
    return fitting.size() >= low;
  };
  // Only what is still to come is worth waiting for.
  for (const auto until = until_of(step); !look() && Clock::now() < until;) {
    Lock lock(monitor_.mutex);
    monitor_.moved.wait_for(lock, Milliseconds(10));
  }
  if (fitting.size() >= low && fitting.size() <= high) return std::nullopt;
  return "found " + std::to_string(fitting.size()) + " of these, among:" + shown(fitting.empty() ? all : fitting);
}

Scenario::Failure Scenario::expect_exit(const Step& step) {
  const ChildProcess* agent = sandbox().agent();
  if (!agent->wait(until_of(step))) return "the agent still runs";
  const int code = number_of_text(step.plain(1));
  return agent->exit_code() == code ? std::nullopt : Failure("the exit code is " + std::to_string(agent->exit_code()));
}

Scenario::Failure Scenario::expect_next(const Step& step) {
  return sandbox().wait_idle(until_of(step)) ? std::nullopt : Failure("the agent does not wait in /next");
}

// expect status /pointer=value …: of GET /status.
Scenario::Failure Scenario::expect_status(const Step& step) {
  json::value status;
  for (const auto until = until_of(step);;) {
    status = sandbox().status();
    std::string wrong;
    for (const Word& word : step.words) {
      if (word.name.empty() || word.name[0] != '/') continue;
      const Record record{{{word.name, text_at(status, word.name)}}};
      if (!fits(record, {word})) wrong += " " + word.name + " is \"" + record.fields[0].second + "\"";
    }
    if (wrong.empty()) return std::nullopt;
    if (Clock::now() > until) return "GET /status:" + wrong;
    std::this_thread::sleep_for(Milliseconds(20));
  }
}

Scenario::Failure Scenario::expect(const Step& step) {
  const bool none = step.plain(0) == "no";
  const std::string kind = step.plain(none ? 1 : 0);
  if (kind == "exit") return expect_exit(step);
  if (kind == "next") return expect_next(step);
  if (kind == "status") return expect_status(step);
  if (kind == "accounts") return expect_accounts(step);
  static const std::string kinds = " log series sketch span request call output ledger ";
  if (kind.empty() || kinds.find(" " + kind + " ") == std::string::npos) throw LabError("unknown expectation: " + kind);
  return expect_records(step, kind, none);
}

}  // namespace lab
