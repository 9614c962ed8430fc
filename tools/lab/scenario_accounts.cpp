#include <set>

#include "lab/scenario.hpp"

namespace lab {
namespace {

// The number behind `word` in "… ledger logs: received 3 = delivered 2 + dropped 1 + pending 0, perhaps twice 1".
std::int64_t number_behind(const std::string& line, const std::string& word) {
  const std::size_t at = line.find(word + " ");
  std::int64_t value = 0;
  for (std::size_t i = at == line.npos ? line.size() : at + word.size() + 1; i < line.size(); ++i) {
    if (line[i] < '0' || line[i] > '9') break;
    value = value * 10 + (line[i] - '0');
  }
  return value;
}

// What the agents of a scenario have said at their ends, together.
struct Totals {
  std::int64_t delivered = 0, dropped = 0, twice = 0, pending = 0;  // pending: of the last one
  std::string wrong;

  void add(const std::string& line) {
    delivered += number_behind(line, "delivered");
    dropped += number_behind(line, "dropped");
    twice += number_behind(line, "perhaps twice");
    pending = number_behind(line, "pending");
    const std::int64_t sum = number_behind(line, "delivered") + number_behind(line, "dropped") + pending;
    if (number_behind(line, "received") != sum || line.find("does not balance") != line.npos) wrong = line;
  }
};

Totals totals_of(const std::vector<std::string>& agent_lines) {
  Totals totals;
  for (const std::string& line : agent_lines)
    if (line.find("| INFO | ledger logs: ") != line.npos) totals.add(line);
  return totals;
}

}  // namespace

// expect accounts: for logs, what the agents said at their ends against what the intake has. Each ledger balances; no
// numbered line is under a wrong request id; lines are missing, or there twice, at most as often as the ledgers say.
// Where an agent was killed nobody has told what it lost, so only the ids and, if no answer was lost, twins are judged.
Scenario::Failure Scenario::expect_accounts(const Step&) {
  const Lock lock(monitor_.mutex);
  const Totals totals = totals_of(agent_lines_);
  if (!totals.wrong.empty()) return "a ledger does not balance: " + totals.wrong;
  std::map<std::string, std::int64_t> seen;
  std::set<std::string> distinct;
  std::int64_t entries = 0, twins = 0, missing = 0;
  for (const Received& request : intake_.received()) {
    if (!request.accepted) continue;
    for (const LogEntry& entry : request.logs) {
      ++entries;
      distinct.insert(entry.message + '\n' + entry.request_id + std::to_string(entry.timestamp_ms));
      const auto sent = sent_.find(entry.message);
      if (sent == sent_.end()) continue;
      twins += ++seen[entry.message] == 2 ? 1 : 0;
      if (entry.request_id != sent->second)
        return "\"" + entry.message + "\" is under \"" + entry.request_id + "\" instead of \"" + sent->second + "\"";
    }
  }
  for (const auto& [line, id] : sent_) missing += seen.count(line) == 0 ? 1 : 0;
  const std::string counted = " (" + std::to_string(entries) + " entries at the intake; the ledgers say delivered "
                              + std::to_string(totals.delivered) + ", dropped " + std::to_string(totals.dropped)
                              + ", pending " + std::to_string(totals.pending) + ", perhaps twice "
                              + std::to_string(totals.twice) + ")";
  if (killed_) {
    if (twins > 0 && !answers_lost_) return std::to_string(twins) + " lines came twice" + counted;
    return std::nullopt;
  }
  if (missing > totals.dropped + totals.pending) return std::to_string(missing) + " lines are missing" + counted;
  if (twins > totals.twice) return std::to_string(twins) + " lines came twice" + counted;
  // A request that was taken, lost its answer and was then given up is at the intake and in no `delivered`.
  const auto different = static_cast<std::int64_t>(distinct.size());
  const bool too_many = different > totals.delivered + totals.dropped + totals.pending;
  if (entries < totals.delivered || too_many) return "the intake has another number" + counted;
  return std::nullopt;
}

}  // namespace lab
