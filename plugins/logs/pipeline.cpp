#include "pipeline.hpp"

#include <optional>
#include <utility>

#include "sls/codec/json.hpp"

namespace logs {

namespace {

// An entry that may become larger is written apart first, so that no block is opened for a size that it hardly reaches.
constexpr std::size_t kWrittenInPlaceBytesMax = 64 << 10;

}  // namespace

Pipeline::Pipeline(const Options& options, ProcessingRules rules, const sls_sandbox& sandbox, LogSampling sampling)
    : rules_(std::move(rules)),
      sampling_(std::move(sampling)),
      keep_debug_of_failed_only_(options.keep_debug_of_failed_only),
      slow_ms_(static_cast<double>(options.keep_debug_slow_ms)),
      debug_(kDebugIdsMax, kHeldBytesMax),
      durable_ids_max_(options.durable_log_buffer_size),
      durable_(durable_ids_max_, kHeldBytesMax),
      entries_(sandbox),
      wait_(options.buffer_bytes),
      managed_instance_(sandbox.managed_instance != 0) {}

void Pipeline::on_sandbox(const sls_sandbox& sandbox) {
  entries_.adopt(sandbox);
  managed_instance_ = sandbox.managed_instance != 0;
}

void Pipeline::on_note(std::string_view request_id, std::string_view key, std::string_view value) {
  if (durable_ids_max_ > 0) executions_.on_note(request_id, key, value);
}

void Pipeline::on_telemetry(const sls_telemetry& batch) {
  settle_durable();
  const char* at = reinterpret_cast<const char*>(batch.records);
  for (std::size_t i = 0; i < batch.count; ++i, at += batch.stride) {
    on_record(*reinterpret_cast<const sls_record*>(at));
  }
}

void Pipeline::on_record(const sls_record& record) {
  Line line;
  if (!records_.read(record, line)) return;
  ++counts_.received;
  learn(line);
  if ((record.flags & SLS_RECORD_DROP) != 0) {
    ++counts_.dropped_edited_out;
    return;
  }
  if (line.from_customer()) json_.read(line);
  const bool kept = judge(line) && sampled(line);
  if (!line.request_id.empty()) {
    if (kept) pass_debug(line);
    ship_orphans(line.request_id);
    return;
  }
  if (!kept) return;
  if (managed_instance_ || !orphans_.hold(line)) pass_debug(line);
}

// What a platform line says of its invocation and of the function, whether it is shipped or not.
void Pipeline::learn(const Line& line) {
  if (!line.runtime_version.empty() && durable_ids_max_ > 0) {
    executions_.on_init_start(line.runtime_version);
    settle_durable();
  }
  if (line.outcome == Outcome::kNone || !keep_debug_of_failed_only_) return;
  outcomes_.learn(line.request_id, line.outcome == Outcome::kFailure || (slow_ms_ > 0 && line.duration_ms >= slow_ms_));
  settle_debug(line.request_id);
}

void Pipeline::settle_debug(std::string_view request_id) {
  const bool failed = outcomes_.failed(request_id).value_or(true);
  debug_.release(request_id, [&](const Line& line) {
    if (failed) {
      pass_durable(line);
    } else {
      ++counts_.dropped_debug_of_success;
    }
  });
}

// Debug and info lines wait until it is known what became of their invocation; of one that went well they are dropped.
void Pipeline::pass_debug(const Line& line) {
  const bool debug = line.from_customer() && line.status <= Status::kDebug;
  if (!keep_debug_of_failed_only_ || !debug || line.request_id.empty()) return pass_durable(line);
  const std::optional<bool> failed = outcomes_.failed(line.request_id);
  if (!failed) return debug_.hold(line, [this](const Line&) { ++counts_.dropped_debug_full; });
  if (*failed) return pass_durable(line);
  ++counts_.dropped_debug_of_success;
}

// In a durable function lines wait until the execution of their request id is known.
void Pipeline::pass_durable(Line line) {
  using Kind = DurableExecutions::Kind;
  const bool concerned = durable_ids_max_ > 0 && executions_.kind() != Kind::kOrdinary && line.execution_id.empty()
                         && !line.request_id.empty();
  if (!concerned) return ship(line);
  if (executions_.kind() == Kind::kDurable && executions_.attach(line, managed_instance_)) return ship(line);
  durable_.hold(line, [this](const Line& gone) { ship(gone); });
}

// Ships what has become known since.
void Pipeline::settle_durable() {
  if (durable_.count() == 0 || !executions_.learnt()) return;
  durable_.for_each_id([this](const std::string& id) {
    Line probe;
    probe.request_id = id;
    const bool known =
        executions_.kind() == DurableExecutions::Kind::kOrdinary
        || (executions_.kind() == DurableExecutions::Kind::kDurable && executions_.attach(probe, managed_instance_));
    if (known) durable_.release(id, [this](const Line& line) { pass_durable(line); });
  });
}

// False: the line is dropped, and counted.
bool Pipeline::judge(Line& line) {
  if (rules_.empty()) return true;
  // The rules judge what is shipped: a byte that is no UTF-8 must not break a match.
  const std::string_view text = sls::json::repair_utf8(line.text, repaired_);
  const ProcessingRules::Verdict verdict = rules_.judge(text, line.from_customer());
  switch (verdict.fate) {
    case ProcessingRules::Fate::kExcluded: ++counts_.dropped_rule_excluded; return false;
    case ProcessingRules::Fate::kUnmasked: ++counts_.dropped_unusable_mask; return false;
    case ProcessingRules::Fate::kWithheld:
      ++counts_.withheld;
      line.tags = {};  // they came out of the text
      break;
    case ProcessingRules::Fate::kKeep: break;
  }
  if (verdict.masked) ++counts_.masked;
  line.text = verdict.text;
  return true;
}

// False: the line is left out, and counted.
bool Pipeline::sampled(Line& line) {
  if (sampling_.empty() || !line.from_customer() || sampling_.keep(line)) return true;
  ++counts_.dropped_sampled_out;
  return false;
}

void Pipeline::ship(const Line& line) {
  if (line.request_id.empty()) ++counts_.unattributed;
  const std::size_t bytes_max = entries_.bytes_max(line);
  bool cut = false;
  if (bytes_max <= kWrittenInPlaceBytesMax) {
    cut = entries_.append(wait_.open(bytes_max), line);
  } else {
    large_entry_.clear();
    cut = entries_.append(large_entry_, line);
    wait_.open(large_entry_.size()) += large_entry_;
    if (large_entry_.capacity() > kWrittenInPlaceBytesMax * 4) large_entry_ = {};
  }
  if (cut) ++counts_.truncated;
  counts_.dropped_buffer_full += wait_.commit(!line.from_customer());
}

void Pipeline::ship_orphans(std::string_view request_id) {
  if (orphans_.count() == 0) return;
  orphans_.release(request_id, [this](const Line& line) { pass_debug(line); });
}

std::span<const sls_part> Pipeline::next_batch(bool at_shutdown) {
  settle_durable();
  if (at_shutdown) {
    ship_orphans({});
    // Nobody will say any more how these ended: one that was cut off did not end well.
    debug_.release_all([this](const Line& line) { pass_durable(line); });
    durable_.release_all([this](const Line& line) { ship(line); });
  }
  return wait_.take(kBatchEntriesMax, kBatchBytesMax - 2);
}

}  // namespace logs
