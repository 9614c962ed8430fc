// The way of a log record through this plugin: record, line, rules, id, entry, wait; and out again in batches.
//
// It is the whole plugin without its door: no host, no socket, no clock. Every record that would become a log is
// counted once in `received` and ends as a part that is handed out, as one of the drops, or still waits.
// Called by the door (plugin.cpp) and by tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "between/attribution.hpp"
#include "between/durable.hpp"
#include "between/held_lines.hpp"
#include "between/outcomes.hpp"
#include "between/processing_rules.hpp"
#include "between/sampling.hpp"
#include "in/json_text.hpp"
#include "in/record.hpp"
#include "options.hpp"
#include "out/log_entry.hpp"
#include "sls/plugin.h"
#include "wait.hpp"

namespace logs {

inline constexpr std::size_t kBatchEntriesMax = 1000;   // per payload; the rest goes into the next one
inline constexpr std::size_t kBatchBytesMax = 5 << 20;  // the same, uncompressed, brackets and commas included
inline constexpr std::size_t kHeldBytesMax = 4 << 20;   // lines held for what becomes known; oldest go first
inline constexpr std::size_t kDebugIdsMax = 128;        // invocations whose debug lines are held

struct Counts {
  std::uint64_t received = 0;
  std::uint64_t dropped_edited_out = 0;  // another plugin did not want them shipped
  std::uint64_t dropped_rule_excluded = 0;
  std::uint64_t dropped_unusable_mask = 0;  // by the operator's wish (on_unusable_mask: drop)
  std::uint64_t dropped_buffer_full = 0;
  std::uint64_t dropped_sampled_out = 0;
  std::uint64_t dropped_debug_of_success = 0;                               // keep_debug_of_failed_only
  std::uint64_t dropped_debug_full = 0;                                     // the same, for want of room
  std::uint64_t masked = 0, withheld = 0, truncated = 0, unattributed = 0;  // shipped, but not as they came
};

class Pipeline {
 public:
  Pipeline(const Options& options, ProcessingRules rules, const sls_sandbox& sandbox, LogSampling sampling = {});

  void on_sandbox(const sls_sandbox& sandbox);
  void on_telemetry(const sls_telemetry& batch);
  void on_note(std::string_view request_id, std::string_view key, std::string_view value);
  // The next batch's entries, valid until the next call; none: nothing waits. At shutdown, lines without an id go too.
  std::span<const sls_part> next_batch(bool at_shutdown);

  const Counts& counts() const { return counts_; }
  const ProcessingRules& rules() const { return rules_; }
  std::size_t pending() const { return wait_.pending() + orphans_.count() + debug_.count() + durable_.count(); }
  std::size_t pending_bytes() const {
    return wait_.pending_bytes() + orphans_.bytes() + debug_.bytes() + durable_.bytes();
  }

 private:
  void on_record(const sls_record& record);
  bool judge(Line& line);
  bool sampled(Line& line);
  void learn(const Line& line);
  void settle_debug(std::string_view request_id);
  void settle_durable();
  void pass_debug(const Line& line);
  void pass_durable(Line line);
  void ship(const Line& line);
  void ship_orphans(std::string_view request_id);

  RecordReader records_;
  JsonTextReader json_;
  ProcessingRules rules_;
  LogSampling sampling_;
  Orphans orphans_;
  bool keep_debug_of_failed_only_;
  double slow_ms_;  // 0: none is slow
  Outcomes outcomes_;
  HeldLines debug_;
  std::size_t durable_ids_max_;  // 0: nothing is held for durable executions
  DurableExecutions executions_;
  HeldLines durable_;
  LogEntryWriter entries_;
  Wait wait_;
  Counts counts_;
  bool managed_instance_ = false;
  std::string repaired_, large_entry_;
};

}  // namespace logs
