// What the function wrote beside what the intake received, line by line, as it happens.
//
// A line and its entry belong together when they have the same time: the sandbox gives no two lines the same
// millisecond (SandboxOptions.distinct_times). A line counts as dropped when something later has arrived and the rule
// book explains it; otherwise it waits. One that would hold later ones back for long (the agent need not flush at the
// end of each invocation) is shown as on its way, and again when it comes; what has not come at the end did not arrive.
// Nothing is guessed beyond that. Metrics and traces are shown when they arrive. Called from the sandbox's and the
// intake's threads.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "lab/received.hpp"
#include "lab/rule_book.hpp"
#include "lab/terminal.hpp"

namespace lab {

class LiveView {
 public:
  struct Counts {
    unsigned written = 0, unchanged = 0, changed = 0, missing = 0, wrong_id = 0;
    std::map<std::string, unsigned> dropped;  // by rule
    unsigned dropped_total() const;
  };

  LiveView(const Terminal& terminal, RuleBook rules) : terminal_(terminal), rules_(std::move(rules)) {}

  void head() const;
  void begin_invocation(unsigned number);
  void wrote(const std::string& id, const std::string& line, std::int64_t at_ms);
  void received(const Received& request);
  void note(const std::string& text);  // an event of the sandbox worth a line
  // Everything has arrived that will: what is still open is missing.
  Counts finish();

 private:
  struct Row {
    unsigned invocation = 0;
    std::string id, line, arrived, arrived_id, rule;
    std::int64_t at_ms = 0;
    bool has_arrived = false;
  };
  static bool take(std::deque<Row>& rows, const LogEntry& entry);
  bool settled(const Row& row) const;
  void advance(bool all);
  void show_late(bool all);
  void print_head_of(const Row& row);
  void print(const Row& row);
  void print_pair(std::string_view left, const std::string& right) const;
  void show_arrivals(const Received& request) const;
  std::size_t half() const { return (terminal_.width() - 3) / 2; }
  std::string highlighted(const Row& row) const;

  std::mutex mutex_;
  const Terminal& terminal_;
  RuleBook rules_;
  std::deque<Row> open_;  // in the order in which they were written
  std::deque<Row> late_;  // shown as on their way
  std::int64_t latest_ms_ = 0;
  unsigned invocation_ = 0, printed_invocation_ = 0;
  Counts counts_;
};

}  // namespace lab
