#include "between/enhanced.hpp"

#include <algorithm>

#include "between/enhanced_formulas.hpp"

namespace metrics {

// ---- records

Enhanced::Record* Enhanced::newest(std::string_view request_id) {
  for (auto it = records_.rbegin(); it != records_.rend(); ++it)
    if (it->request_id == request_id) return &*it;
  return nullptr;
}

Enhanced::Record& Enhanced::add(std::string_view request_id) {
  if (records_.size() >= kInvocationsMax) give_up_oldest();
  Record& record = records_.emplace_back();
  record.request_id = request_id;
  record.number = ++seen_;
  return record;
}

Enhanced::Record& Enhanced::any(std::string_view request_id) {
  Record* known = newest(request_id);
  return known != nullptr ? *known : add(request_id);
}

// The oldest record of that id that lacks the fact: a retry has the id of what it repeats. Null: the fact came before.
Enhanced::Record* Enhanced::lacking(std::string_view request_id, bool Record::*fact) {
  bool known = false;
  for (Record& each : records_) {
    if (each.request_id != request_id) continue;
    if (!(each.*fact)) return &each;
    known = true;
  }
  return known ? nullptr : &add(request_id);
}

// The invocation that runs or, between two of them, that ran last.
Enhanced::Record* Enhanced::current() {
  Record* last = nullptr;
  for (auto it = records_.rbegin(); it != records_.rend(); ++it) {
    if (!it->invoked) continue;
    if (!it->done) return &*it;
    if (last == nullptr) last = &*it;
  }
  return last;
}

void Enhanced::give_up_oldest() {
  const Record& oldest = records_.front();
  if (first_number_ == oldest.number) tell_first_invocation();
  std::erase_if(waiting_, [&](Waiting& each) {
    if (each.number != oldest.number) return false;
    end_wait(each, nullptr);
    return true;
  });
  records_.pop_front();
}

// ---- samples

std::string Enhanced::tags_of(bool known, bool cold_start, bool proactive) const {
  std::string out;
  const auto add = [&out](std::string_view key, std::string_view value) {
    if (!out.empty()) out.push_back(',');
    out.append(key).append(value);
  };
  if (known) add("cold_start:", cold_start ? "true" : "false");
  if (durable_) add("durable_function:", "true");
  if (!init_type_.empty()) add("init_type:", init_type_);
  if (known && proactive) add("proactive_initialization:", "true");
  if (!runtime_.empty()) add("runtime:", runtime_);
  return out;
}

void Enhanced::end_wait(Waiting& waiting, const Record* record) {
  const bool own = record != nullptr;
  waiting.sample.tags =
      tags_of(any_invoked_, own ? record->cold_start : cold_start_, own ? record->proactive : proactive_);
  ready_.push_back(std::move(waiting.sample));
}

void Enhanced::end_waiting() {
  if (!managed_) give_copies_to(current());
  for (Waiting& each : waiting_) end_wait(each, nullptr);
  waiting_.clear();
}

void Enhanced::tell(const Record* record, std::string_view name, double value, std::int64_t time_ns) {
  Waiting waiting{record != nullptr ? record->number : 0, {name, value, time_ns, {}}};
  const bool told = record != nullptr ? record->invoked : any_invoked_;
  if (!told && waiting_.size() < kWaitingMax)
    waiting_.push_back(std::move(waiting));
  else
    end_wait(waiting, record != nullptr && record->invoked ? record : nullptr);
}

void Enhanced::tell_first_invocation() {
  if (first_number_ == 0) return;
  const std::uint64_t number = std::exchange(first_number_, 0);
  for (const Record& each : records_)
    if (each.number == number) tell(&each, "aws.lambda.enhanced.invocations", 1, first_ns_);
}

// ---- facts

void Enhanced::invoked(std::string_view request_id, bool cold_start, bool proactive, std::int64_t now_ns) {
  Record* known = newest(request_id);
  if (known != nullptr && known->invoked && !known->done && !known->reported) return;  // told twice
  tell_first_invocation();
  Record& record = known == nullptr || known->invoked ? add(request_id) : *known;
  record.invoked = true;
  record.cold_start = cold_start_ = cold_start;
  record.proactive = proactive_ = proactive;
  const bool first = !std::exchange(any_invoked_, true);
  if (first) match_early_out_of_memory(record);
  if (sensors_ != nullptr) {
    const std::shared_ptr<const Reading> reading = sensors_->read();
    if (!managed_) close_measurements(reading, now_ns);
    record.from = reading;
    if (!managed_) sensors_->begin(now_ns);
  }
  first_number_ = record.number;
  first_ns_ = now_ns;
  if (!first || managed_ || init_started_ || record.done || record.reported) tell_first_invocation();
  std::erase_if(waiting_, [&](Waiting& each) {
    if (each.number != 0 && each.number != record.number) return false;
    end_wait(each, &record);
    return true;
  });
  if (managed_)
    started(record, now_ns);
  else
    give_copies_to(&record);
}

void Enhanced::started(Record& record, std::int64_t now_ns) {
  record.started = true;
  if (record.early == nullptr) return;
  const std::unique_ptr<PlatformFacts> report = std::move(record.early);
  reported_managed(record, *report, now_ns);
}

void Enhanced::platform(std::string_view request_id, const PlatformFacts& facts, std::int64_t now_ns) {
  switch (facts.kind) {
    case PlatformKind::kInitStart:
      init_started_ = true;
      durable_ = durable_ || facts.durable;
      tell_first_invocation();
      break;
    case PlatformKind::kInitReport: count_init(nullptr, facts.duration_ms, facts.init_type, facts.time_ns); break;
    case PlatformKind::kRestoreReport:
      if (facts.duration_ms < 0 || std::exchange(restore_counted_, true)) break;
      tell(nullptr, "aws.lambda.enhanced.snapstart_restore_duration", facts.duration_ms * 0.001, facts.time_ns);
      break;
    case PlatformKind::kStart:
      if (request_id.empty()) break;
      any(request_id).started_ns = facts.time_ns;
      started(any(request_id), now_ns);
      break;
    case PlatformKind::kRuntimeDone:
      if (request_id.empty()) break;
      if (Record* record = lacking(request_id, &Record::done)) done(*record, facts, now_ns);
      break;
    case PlatformKind::kReport:
      if (request_id.empty()) break;
      if (Record* record = lacking(request_id, &Record::reported)) reported(*record, facts, now_ns);
      break;
  }
  if (managed_) settle_copies(false, now_ns);
}

void Enhanced::done(Record& record, const PlatformFacts& facts, std::int64_t now_ns) {
  record.done = true;
  if (first_number_ == record.number) tell_first_invocation();
  record.runtime_ms = facts.duration_ms;
  const auto told = [&](std::string_view name, double value) {
    if (value >= 0) tell(&record, name, value, facts.time_ns);
  };
  told("aws.lambda.enhanced.runtime_duration", facts.duration_ms);
  told("aws.lambda.enhanced.produced_bytes", facts.produced_bytes);
  told("aws.lambda.enhanced.response_latency", facts.response_latency_ms);
  told("aws.lambda.enhanced.response_duration", facts.response_duration_ms);
  judge(record, facts);
  count_post_runtime(record, facts.time_ns);
  measure(record, now_ns);
}

void Enhanced::reported(Record& record, const PlatformFacts& facts, std::int64_t now_ns) {
  record.reported = true;
  if (first_number_ == record.number) tell_first_invocation();
  if (facts.duration_ms >= 0) tell(&record, "aws.lambda.enhanced.duration", facts.duration_ms * 0.001, facts.time_ns);
  if (managed_) {
    // Of an invocation that nobody has seen begin, the rest is told when its start comes.
    if (record.started)
      reported_managed(record, facts, now_ns);
    else
      record.early = std::make_unique<PlatformFacts>(facts);
    return;
  }
  const auto told = [&](std::string_view name, double value, double factor) {
    if (value >= 0) tell(&record, name, value * factor, facts.time_ns);
  };
  told("aws.lambda.enhanced.billed_duration", facts.billed_ms, 0.001);
  told("aws.lambda.enhanced.max_memory_used", facts.memory_used_mb, 1);
  told("aws.lambda.enhanced.memorysize", facts.memory_mb, 1);
  if (facts.billed_ms >= 0 && facts.memory_mb >= 0)
    told("aws.lambda.enhanced.estimated_cost", estimated_cost(facts.billed_ms, facts.memory_mb, architecture_), 1);
  count_init(&record, facts.init_ms, "on-demand", facts.time_ns);
  judge(record, facts);
  if (facts.memory_used_mb > 0 && facts.memory_used_mb == facts.memory_mb) count_out_of_memory(record, facts.time_ns);
  record.report_ms = facts.duration_ms;
  count_post_runtime(record, facts.time_ns);
  measure(record, now_ns);
  measure_counters(record, now_ns);
}

// The report of a managed instance stands for the runtimeDone, which does not come.
void Enhanced::reported_managed(Record& record, const PlatformFacts& facts, std::int64_t now_ns) {
  if (!record.done) {
    record.done = true;
    const double ms = facts.response_latency_ms >= 0 ? facts.response_latency_ms : facts.duration_ms;
    if (ms >= 0) tell(&record, "aws.lambda.enhanced.runtime_duration", ms, facts.time_ns);
  }
  judge(record, facts);
  measure(record, now_ns);
  measure_counters(record, now_ns);
}

void Enhanced::judge(Record& record, const PlatformFacts& facts) {
  if (facts.ending == Ending::kError || facts.ending == Ending::kTimeout) count_failure(record, facts.time_ns);
  if (facts.ending == Ending::kTimeout && !std::exchange(record.timed_out, true))
    tell(&record, "aws.lambda.enhanced.timeouts", 1, facts.time_ns);
  if (facts.out_of_memory) count_out_of_memory(record, facts.time_ns);
}

void Enhanced::count_failure(Record& record, std::int64_t time_ns) {
  if (std::exchange(record.failed, true)) return;
  tell(&record, "aws.lambda.enhanced.errors", 1, time_ns);
  if (managed_ && !error_copies_.empty()) error_copies_.pop_front();
}

// What a line of the init phase told is the first invocation's.
void Enhanced::match_early_out_of_memory(Record& record) {
  if (early_out_of_memory_ && !std::exchange(early_one_matched_, true)) record.out_of_memory = true;
}

void Enhanced::count_out_of_memory(Record& record, std::int64_t time_ns) {
  match_early_out_of_memory(record);
  if (!std::exchange(record.out_of_memory, true)) tell(&record, "aws.lambda.enhanced.out_of_memory", 1, time_ns);
}

void Enhanced::count_init(Record* record, double ms, std::string_view type, std::int64_t time_ns) {
  if (ms < 0 || std::exchange(init_counted_, true)) return;
  init_type_ = type;
  tell(record, "aws.lambda.enhanced.init_duration", ms * 0.001, time_ns);
}

void Enhanced::count_post_runtime(Record& record, std::int64_t time_ns) {
  if (record.runtime_ms > 0 && record.report_ms >= 0)
    tell(&record, "aws.lambda.enhanced.post_runtime_duration", record.report_ms - record.runtime_ms, time_ns);
}

void Enhanced::failed_by_tracer(std::string_view request_id, std::int64_t now_ns) {
  Record* record = request_id.empty() ? current() : &any(request_id);
  if (record != nullptr)
    count_failure(*record, now_ns);
  else
    tell(nullptr, "aws.lambda.enhanced.errors", 1, now_ns);
}

void Enhanced::out_of_memory_by_line(std::string_view request_id, std::int64_t time_ns) {
  Record* record = request_id.empty() ? nullptr : newest(request_id);
  if (record == nullptr && !managed_) record = current();
  if (record == nullptr && !managed_ && !records_.empty()) record = &records_.back();
  if (record == nullptr && managed_) {  // the only one that runs, if there is but one
    const auto runs = [](const Record& each) { return each.started && !each.done; };
    const auto first = std::find_if(records_.begin(), records_.end(), runs);
    if (std::count_if(records_.begin(), records_.end(), runs) == 1) record = &*first;
  }
  if (record != nullptr)
    count_out_of_memory(*record, time_ns);
  else if (managed_ || !std::exchange(early_out_of_memory_, true))
    tell(nullptr, "aws.lambda.enhanced.out_of_memory", 1, time_ns);
}

// On demand one invocation runs at a time. When none does, a copy is a late one of the last, or one that is here sooner
// than the INVOKE of the next: it waits for that INVOKE or for a flush. On managed instances it waits until all that
// may have sent it are reported.
void Enhanced::error_by_library(std::int64_t now_ns) {
  Record* record = managed_ ? nullptr : current();
  if (record != nullptr && (record->failed || !record->done))
    count_failure(*record, now_ns);
  else if (error_copies_.size() < kErrorCopiesMax)
    error_copies_.push_back(now_ns);
  else
    tell(nullptr, "aws.lambda.enhanced.errors", 1, now_ns);
}

void Enhanced::give_copies_to(Record* record) {
  if (error_copies_.empty()) return;
  const std::int64_t time_ns = error_copies_.front();
  error_copies_.clear();
  if (record != nullptr)
    count_failure(*record, time_ns);
  else
    tell(nullptr, "aws.lambda.enhanced.errors", 1, time_ns);
}

void Enhanced::settle_copies(bool all, std::int64_t now_ns) {
  const auto may_be_of = [](const Record& each, std::int64_t copy_ns) {
    return each.started && !each.done && each.started_ns <= copy_ns;
  };
  while (!error_copies_.empty()) {
    const std::int64_t copy_ns = error_copies_.front();
    if (!all && now_ns - copy_ns < kCopyWaitsNs) return;
    if (!all && std::any_of(records_.begin(), records_.end(), [&](const Record& r) { return may_be_of(r, copy_ns); }))
      return;
    error_copies_.pop_front();
    tell(nullptr, "aws.lambda.enhanced.errors", 1, copy_ns);
  }
}

void Enhanced::shut_down(std::int64_t now_ns) {
  tell_first_invocation();
  if (managed_)
    settle_copies(true, now_ns);
  else
    give_copies_to(current());
  if (managed_ && sensors_ != nullptr && any_invoked_) tell_usage(nullptr, sensors_->usage(now_ns), now_ns);
  if (!any_invoked_) tell(nullptr, "aws.lambda.enhanced.unused_init", 1, now_ns);
  tell(nullptr, "aws.lambda.enhanced.shutdowns", 1, now_ns);
  end_waiting();
}

}  // namespace metrics
