// The enhanced Lambda metrics: from facts about invocations to samples, each counted once.
//
// One record per request id, found by whatever fact comes first and kept, at most kInvocationsMax of them, the oldest
// given up first, so that a fact that comes twice or late is told from one that is new. Facts may come in any order,
// more than once, or never; which samples come of them depends on which facts came, not on their order:
//
//   INVOKE                   invocations. The first waits for initStart, which says whether the function is a durable
//                            one; a runtimeDone, a report, another INVOKE or SHUTDOWN end the wait, too.
//   runtimeDone, report      what each of them measures; post_runtime_duration needs both.
//   any that says it failed  errors, timeouts, out_of_memory: once per request id, whoever says so.
//
// A sample says whether its own invocation was a cold start; one whose INVOKE has not been told yet waits for it, but
// no longer than until the next flush. It refuses to read files, JSON and clocks. Driven by between/enhanced_feed.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "between/enhanced_facts.hpp"
#include "in/proc_sensors.hpp"

namespace metrics {

struct EnhancedSample {
  std::string_view name;  // a literal
  double value = 0;
  std::int64_t time_ns = 0;
  std::string tags;  // joined by commas
};

class Enhanced {
 public:
  static constexpr std::size_t kInvocationsMax = 500;
  static constexpr std::size_t kWaitingMax = 2000;              // samples that wait for an INVOKE; beyond, none waits
  static constexpr std::size_t kErrorCopiesMax = 500;           // that wait; beyond, a copy is an error of its own
  static constexpr std::int64_t kCopyWaitsNs = 10'000'000'000;  // managed instances: telemetry is later than packets

  // `sensors` may be null: nothing of the machine is told.
  Enhanced(bool managed, std::string architecture, Sensors* sensors)
      : managed_(managed), architecture_(std::move(architecture)), sensors_(sensors) {}

  void invoked(std::string_view request_id, bool cold_start, bool proactive, std::int64_t now_ns);
  void platform(std::string_view request_id, const PlatformFacts& facts, std::int64_t now_ns);
  void failed_by_tracer(std::string_view request_id, std::int64_t now_ns);
  void out_of_memory_by_line(std::string_view request_id, std::int64_t time_ns);
  // A language library's own count of an error: a copy, without a request id.
  void error_by_library(std::int64_t now_ns);
  void shut_down(std::int64_t now_ns);

  void set_runtime(std::string name) { runtime_ = std::move(name); }
  void tick(std::int64_t now_ns) {
    if (sensors_ != nullptr && any_invoked_) sensors_->tick(now_ns);
  }
  // A flush begins: what waits for its INVOKE goes as it is.
  void end_waiting();
  std::vector<EnhancedSample> take() { return std::exchange(ready_, {}); }

 private:
  struct Record {
    std::string request_id;
    std::uint64_t number = 0;  // in the order in which they became known, from 1
    bool invoked = false, started = false, done = false, reported = false;
    bool cold_start = false, proactive = false;
    std::int64_t started_ns = 0;  // by the platform's clock
    bool failed = false, timed_out = false, out_of_memory = false, measured = false;
    double runtime_ms = kAbsent, report_ms = kAbsent;
    std::shared_ptr<const Reading> from, to;  // at its INVOKE; at the next one, where that came before its report
    std::optional<Usage> usage;               // likewise
    std::unique_ptr<PlatformFacts> early;     // managed: a report that came before its start
  };
  struct Waiting {
    std::uint64_t number;  // of the record; 0: of the sandbox
    EnhancedSample sample;
  };

  Record* newest(std::string_view request_id);
  Record& add(std::string_view request_id);
  Record& any(std::string_view request_id);
  Record* lacking(std::string_view request_id, bool Record::*fact);
  Record* current();
  void give_up_oldest();

  void started(Record& record, std::int64_t now_ns);
  void done(Record& record, const PlatformFacts& facts, std::int64_t now_ns);
  void reported(Record& record, const PlatformFacts& facts, std::int64_t now_ns);
  void reported_managed(Record& record, const PlatformFacts& facts, std::int64_t now_ns);
  void judge(Record& record, const PlatformFacts& facts);
  void count_failure(Record& record, std::int64_t time_ns);
  void match_early_out_of_memory(Record& record);
  void count_out_of_memory(Record& record, std::int64_t time_ns);
  void count_init(Record* record, double ms, std::string_view type, std::int64_t time_ns);
  void count_post_runtime(Record& record, std::int64_t time_ns);
  void settle_copies(bool all, std::int64_t now_ns);
  void give_copies_to(Record* record);

  void close_measurements(const std::shared_ptr<const Reading>& reading, std::int64_t now_ns);
  void measure(Record& record, std::int64_t now_ns);
  void measure_counters(Record& record, std::int64_t now_ns);
  void tell_usage(const Record* record, const Usage& usage, std::int64_t now_ns);

  void tell(const Record* record, std::string_view name, double value, std::int64_t time_ns);
  void tell_first_invocation();
  std::string tags_of(bool known, bool cold_start, bool proactive) const;
  void end_wait(Waiting& waiting, const Record* record);

  bool managed_;
  std::string architecture_, runtime_;
  Sensors* sensors_;
  std::deque<Record> records_;
  std::uint64_t seen_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<EnhancedSample> ready_;

  bool any_invoked_ = false, cold_start_ = false, proactive_ = false;  // of the last INVOKE
  std::uint64_t first_number_ = 0;                                     // the first invocation waits for initStart
  std::int64_t first_ns_ = 0;
  bool init_started_ = false, init_counted_ = false, restore_counted_ = false, durable_ = false;
  bool early_out_of_memory_ = false, early_one_matched_ = false;  // before anything was known of an invocation
  std::string_view init_type_;
  std::deque<std::int64_t> error_copies_;  // that wait: when they came
};

}  // namespace metrics
