#include "invocation/invocations.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace agent {
namespace {

constexpr std::chrono::seconds kProactiveAfter{10};  // the peers' rule

std::size_t kept_bytes(const Invocation& record) { return record.start.payload.size() + record.end.payload.size(); }

}  // namespace

Invocations::Invocations(Wall process_start, bool managed) : process_start_(process_start), managed_(managed) {
  open_.reserve(8);
}

Invocation* Invocations::lookup(std::string_view request_id) const {
  for (auto it = open_.rbegin(); it != open_.rend(); ++it)
    if ((*it)->request_id == request_id) return it->get();
  return nullptr;
}

Invocation& Invocations::ensure(std::string_view request_id) {
  if (Invocation* known = lookup(request_id)) return *known;
  // A start-invocation that came without an id, before its INVOKE: the first id that is told takes it over.
  if (!request_id.empty() && !managed_) {
    if (Invocation* nameless = lookup({})) {
      nameless->request_id = request_id;
      return *nameless;
    }
  }
  if (open_.size() >= limits::kInvocationsMax) {
    ++evicted_;
    close(open_.begin());
  }
  open_.push_back(std::make_unique<Invocation>());
  open_.back()->request_id = request_id;
  return *open_.back();
}

// The record that a platform event is about; nullptr when it comes after the record was closed.
Invocation* Invocations::for_fact(std::string_view request_id) {
  closed_.clear();
  if (request_id.empty()) return nullptr;
  if (Invocation* known = lookup(request_id)) return known;
  return closed_lately(request_id) ? nullptr : &ensure(request_id);
}

void Invocations::close(std::vector<Record>::iterator at) {
  payload_bytes_ -= kept_bytes(**at);
  closed_ids_[next_closed_id_++ % closed_ids_.size()] = (*at)->request_id;
  closed_.push_back(std::move(*at));
  open_.erase(at);
}

bool Invocations::closed_lately(std::string_view request_id) const {
  return std::find(closed_ids_.begin(), closed_ids_.end(), request_id) != closed_ids_.end();
}

void Invocations::mark_invoked(Invocation& record, Wall at) {
  record.invoked = true;
  record.invoked_at = at;
  ++seen_;
  if (any_invoked_) return;
  any_invoked_ = true;
  // A snapshot was initialised long ago; what counts is the restore, whose record INVOKE may overtake.
  const bool restored = restored_at_ != Wall{};
  const Wall initialised = restored ? restored_at_ : process_start_;
  record.proactive_init = (restored || !snapshot_) && at - initialised > kProactiveAfter;
  record.cold_start = !record.proactive_init;
}

void Invocations::invoke(std::string_view request_id, std::string_view function_arn, Wall deadline, Wall now,
                         InvocationSteps& steps) {
  closed_.clear();
  const auto known =
      std::find_if(open_.begin(), open_.end(), [&](const Record& record) { return record->request_id == request_id; });
  if (known != open_.end() && (*known)->told_done) close(known);
  Invocation& record = ensure(request_id);
  record.function_arn = function_arn;
  record.deadline = deadline;
  if (!record.invoked) mark_invoked(record, now);
  settle_and_close(record, steps);
}

// The record that a tracer's call is about. One that was closed lately, or none for an end without an id: a record
// that is told and not kept.
Invocation& Invocations::for_tracer(std::string_view request_id, TracerCall Invocation::*call) {
  closed_.clear();
  const bool is_end = call == &Invocation::end;
  if (!request_id.empty()) {
    if (Invocation* known = lookup(request_id)) return *known;
    if (!closed_lately(request_id)) return ensure(request_id);
  } else {
    for (auto it = open_.rbegin(); it != open_.rend(); ++it)
      if (!((**it).*call).came && (!(*it)->told_done || (is_end && (*it)->start.came))) return **it;
    if (!is_end) return ensure({});
  }
  closed_.push_back(std::make_unique<Invocation>());
  closed_.back()->request_id = request_id;
  return *closed_.back();
}

void Invocations::keep(Invocation& record, TracerCall Invocation::*call, TracerCall&& value) {
  TracerCall& slot = record.*call;
  const bool kept = lookup(record.request_id) == &record;
  if (kept) payload_bytes_ -= slot.payload.size();
  slot = std::move(value);
  slot.came = true;
  if (kept) payload_bytes_ += slot.payload.size();
}

void Invocations::tracer_start(std::string_view request_id, TracerCall call, InvocationSteps& steps) {
  Invocation& record = for_tracer(request_id, &Invocation::start);
  keep(record, &Invocation::start, std::move(call));
  record.execution_incomplete = !record.end.came;
  steps.push_back({SLS_TRACER_START, &record});
}

void Invocations::tracer_end(std::string_view request_id, TracerCall call, bool error, InvocationSteps& steps) {
  Invocation& record = for_tracer(request_id, &Invocation::end);
  keep(record, &Invocation::end, std::move(call));
  ++tracer_ends_;
  record.execution_incomplete = false;
  record.tracer_error = error;
  steps.push_back({SLS_TRACER_END, &record});
}

void Invocations::trim_payloads() {
  for (auto it = open_.begin(); it != open_.end() && payload_bytes_ > limits::kInvocationPayloadBytesMax; ++it) {
    payload_bytes_ -= kept_bytes(**it);
    (*it)->start.payload = {};
    (*it)->end.payload = {};
  }
}

void Invocations::started(std::string_view request_id, std::string_view version, Wall at, InvocationSteps& steps) {
  Invocation* record = for_fact(request_id);
  if (!record) return;
  record->started = true;
  record->started_at = at;
  record->version = version;
  if (managed_ && !record->invoked) mark_invoked(*record, at);
  settle_and_close(*record, steps);
}

void Invocations::done(std::string_view request_id, const DoneFacts& facts, Wall at, InvocationSteps& steps) {
  Invocation* record = for_fact(request_id);
  if (!record) return;
  if (!record->done) {
    record->done = true;
    record->done_at = at;
    record->status = facts.status;
    record->error_type = facts.error_type;
    record->duration_ms = facts.duration_ms;
    record->produced_bytes = facts.produced_bytes;
  }
  settle_older_than(*record, steps);
  settle_and_close(*record, steps);
}

void Invocations::reported(std::string_view request_id, const ReportFacts& facts, Wall at, InvocationSteps& steps) {
  Invocation* record = for_fact(request_id);
  if (!record) return;
  if (!record->reported) {
    record->reported = true;
    record->report_status = facts.status;
    record->report_error_type = facts.error_type;
    record->report_duration_ms = facts.duration_ms;
    record->billed_ms = facts.billed_ms;
    record->init_ms = facts.init_ms;
    record->restore_ms = facts.restore_ms;
    record->memory_mb = facts.memory_mb;
    record->memory_used_mb = facts.memory_used_mb;
  }
  if (managed_ && !record->done) {
    record->done = true;
    record->done_at = at;
    record->status = facts.status;
    record->error_type = facts.error_type;
    record->duration_ms = facts.duration_ms;
  }
  settle_and_close(*record, steps);
}

// Tells what has become tellable of one record, in the canonical order.
void Invocations::settle(Invocation& record, InvocationSteps& steps) {
  if (record.invoked && !record.told_invoke) {
    record.told_invoke = true;
    steps.push_back({SLS_INVOKE, &record});
  }
  if (record.done && record.told_invoke && !record.told_done) {
    record.told_done = true;
    steps.push_back({SLS_DONE, &record});
  }
  if (record.reported && record.told_done && !record.told_reported) {
    record.told_reported = true;
    steps.push_back({SLS_REPORTED, &record});
  }
}

// A later invocation is done: the runtimeDone that an earlier, reported one still misses does not come any more.
void Invocations::settle_older_than(const Invocation& record, InvocationSteps& steps) {
  if (managed_) return;
  for (std::size_t i = 0; i < open_.size() && open_[i].get() != &record;) {
    Invocation& older = *open_[i];
    if (older.invoked && older.reported && !older.done) {
      older.done = true;
      older.done_at = record.done_at;
      older.status = older.report_status;
      older.error_type = older.report_error_type;
      settle(older, steps);
    }
    if (older.told_reported)
      close(open_.begin() + static_cast<std::ptrdiff_t>(i));
    else
      ++i;
  }
}

void Invocations::settle_and_close(Invocation& record, InvocationSteps& steps) {
  settle(record, steps);
  if (!record.told_reported) return;
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Record& r) { return r.get() == &record; });
  if (at != open_.end()) close(at);
}

void Invocations::shut_down(std::string_view reason, Wall now, InvocationSteps& steps) {
  closed_.clear();
  for (const Record& record : open_) {
    if (!record->invoked && record->started) mark_invoked(*record, record->started_at);
    if (record->invoked && !record->done) {
      record->done = true;
      record->done_at = now;
      // A sandbox that spins down runs nothing: then the runtimeDone was lost, not the invocation.
      const bool cut_off = !record->reported && reason != "spindown";
      record->status = cut_off ? reason : std::string_view(record->report_status);
      if (record->reported) record->error_type = record->report_error_type;
    }
    settle(*record, steps);
  }
  closed_ = std::move(open_);
  open_.clear();
  payload_bytes_ = 0;
}

bool Invocations::is_done(std::string_view request_id) const {
  const Invocation* record = find(request_id);
  return !record || record->done;
}

std::string_view Invocations::newest_running() const {
  for (auto it = open_.rbegin(); it != open_.rend(); ++it)
    if ((*it)->invoked && !(*it)->done) return (*it)->request_id;
  return {};
}

bool Invocations::any_running() const {
  return std::any_of(open_.begin(), open_.end(), [](const Record& record) { return record->invoked && !record->done; });
}

}  // namespace agent
