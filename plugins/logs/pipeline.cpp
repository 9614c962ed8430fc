#include "pipeline.hpp"

#include <utility>

#include "sls/codec/json.hpp"

namespace logs {

namespace {

// An entry that may become larger is written apart first, so that no block is opened for a size that it hardly reaches.
constexpr std::size_t kWrittenInPlaceBytesMax = 64 << 10;

}  // namespace

Pipeline::Pipeline(const Options& options, ProcessingRules rules, const sls_sandbox& sandbox)
    : rules_(std::move(rules)),
      entries_(sandbox),
      wait_(options.buffer_bytes),
      managed_instance_(sandbox.managed_instance != 0) {}

void Pipeline::on_sandbox(const sls_sandbox& sandbox) {
  entries_.adopt(sandbox);
  managed_instance_ = sandbox.managed_instance != 0;
}

void Pipeline::on_telemetry(const sls_telemetry& batch) {
  const char* at = reinterpret_cast<const char*>(batch.records);
  for (std::size_t i = 0; i < batch.count; ++i, at += batch.stride) {
    on_record(*reinterpret_cast<const sls_record*>(at));
  }
}

void Pipeline::on_record(const sls_record& record) {
  Line line;
  if (!records_.read(record, line)) return;
  ++counts_.received;
  if ((record.flags & SLS_RECORD_DROP) != 0) {
    ++counts_.dropped_edited_out;
    return;
  }
  if (line.from_customer()) json_.read(line);
  const bool kept = judge(line);
  if (!line.request_id.empty()) {
    if (kept) ship(line);
    ship_orphans(line.request_id);
    return;
  }
  if (!kept) return;
  if (managed_instance_ || !orphans_.hold(line)) ship(line);
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
  orphans_.release(request_id, [this](const Line& line) { ship(line); });
}

std::span<const sls_part> Pipeline::next_batch(bool at_shutdown) {
  if (at_shutdown) ship_orphans({});
  return wait_.take(kBatchEntriesMax, kBatchBytesMax - 2);
}

}  // namespace logs
