#include "plugin/plugin.hpp"

#include "base/log.hpp"
#include "plugin/resume.hpp"

namespace agent {

std::string_view name(PluginState state) {
  switch (state) {
    case PluginState::kLoaded: return "loaded";
    case PluginState::kSwitchedOff: return "off";
    case PluginState::kFailed: return "failed";
    case PluginState::kRunning: return "running";
    case PluginState::kQuarantined: return "quarantined";
  }
  return "unknown";
}

Plugin::Plugin(Library library, std::size_t index, Counters& counters, PostedFacts& posted)
    : library_(std::move(library)),
      index_(index),
      resume_row_(resume_row(library_.path)),
      id_(from_sls(library_.table.id)),
      counters_(counters),
      posted_(posted),
      options_(id_, library_.table.options, library_.table.option_count),
      dropped_facts_(counters.handle(id_, "facts_dropped")) {
  name_resume_row(resume_row_, id_);
  host_.plugin = this;
  host_.table = {.size = sizeof(sls_host),
                 .abi_minor = SLS_ABI_MINOR,
                 .log_level = Log::level_address(),
                 .log = &host_log,
                 .counter = &host_counter,
                 .count = &host_count,
                 .sample = &host_sample,
                 .note = &host_note,
                 .extension = &host_extension};
}

Plugin::~Plugin() {
  if (!running()) return;
  const CallMark mark(resume_row_, "destroy");
  library_.table.destroy(self_);
}

void Plugin::fail(std::string problem) {
  problem_ = std::move(problem);
  state_ = PluginState::kFailed;
  log_error("plugin ", id_, " is off: ", problem_);
}

void Plugin::refuse(std::string problem) {
  if (running()) close_off();
  fail(std::move(problem));
}

bool Plugin::create(const sls_sandbox& sandbox) {
  sls_status created = SLS_OK;
  {
    const CallMark mark(resume_row_, "create");
    created = library_.table.create(&host_.table, &sandbox, &self_);
  }
  if (created != SLS_OK) {
    fail(cat("create answered ", created, "; see its own message above, correct its options or deploy another build"));
    return false;
  }
  state_ = PluginState::kRunning;
  interests_ = {};
  interests_.size = sizeof interests_;
  if (library_.table.interests) {
    Stopwatch watch;
    const sls_status asked = call(watch, "interests", library_.table.interests, 0, &interests_);
    if (asked != SLS_OK) {
      close_off();
      fail(cat("interests answered ", asked, "; ask its author"));
      return false;
    }
  }
  return check_interests();
}

// What a plugin asks for must have the slot that takes it.
bool Plugin::check_interests() {
  const sls_plugin& table = library_.table;
  std::string_view missing, reason;
  if (interests_.route_count != 0 && !table.on_request) missing = "on_request", reason = "it asks for routes";
  if (interests_.socket_count != 0 && !table.on_packets) missing = "on_packets", reason = "it asks for sockets";
  if (interests_.tick_ns != 0 && !table.on_tick) missing = "on_tick", reason = "it asks for ticks";
  if (interests_.telemetry_kinds != 0 && !table.on_telemetry)
    missing = "on_telemetry", reason = "it subscribes to telemetry";
  if (table.next_payload && interests_.intake_count == 0) missing = "an intake", reason = "it has next_payload";
  if (table.next_payload && !table.state)
    missing = "state", reason = "it has next_payload, and every item is accounted for";
  const bool arrays_there = (interests_.route_count == 0 || interests_.routes)
                            && (interests_.socket_count == 0 || interests_.sockets)
                            && (interests_.intake_count == 0 || interests_.intakes);
  if (!arrays_there) missing = "a table", reason = "its interests count what they do not point at";
  if (missing.empty()) return true;
  close_off();
  fail(cat(reason, ", but lacks ", missing, "; ask its author"));
  return false;
}

void Plugin::close_off() {
  {
    const CallMark mark(resume_row_, "destroy");
    library_.table.destroy(self_);
  }
  self_ = nullptr;
  interests_ = {};
  state_ = PluginState::kFailed;
}

void Plugin::finish(std::string_view slot_name, Nanos took, std::size_t bytes, sls_status status) {
  if (!quarantine_.judge(status, took, bytes)) return;
  if (library_.table.state) {
    last_accounts_ = {};
    last_accounts_.size = sizeof last_accounts_;
    run("state", library_.table.state, &last_accounts_);
  }
  state_ = PluginState::kQuarantined;
  problem_ = cat(quarantine_.reason(), " (last call: ", slot_name, ")");
  counters_.add(counters_.handle(id_, "dropped.quarantine"), last_accounts_.pending_items);
  last_accounts_.pending_items = last_accounts_.pending_bytes = 0;
  log_error("plugin ", id_, " is called no more in this sandbox: ", problem_,
            "; what it still held is lost; disable it (DD_PLUGINS_DISABLED) or deploy another build");
}

sls_state Plugin::accounts() {
  if (state_ == PluginState::kQuarantined || !library_.table.state || !running()) return last_accounts_;
  sls_state now{};
  now.size = sizeof now;
  Stopwatch watch;
  if (call(watch, "state", library_.table.state, 0, &now) == SLS_OK) last_accounts_ = now;
  return last_accounts_;
}

void Plugin::note_accounts() {
  if (!library_.table.state || !running()) return;
  last_accounts_.size = sizeof last_accounts_;
  run("state", library_.table.state, &last_accounts_);
}

void Plugin::host_log(const sls_host* host, int32_t level, sls_str text) {
  if (level < SLS_LOG_ERROR || level > SLS_LOG_DEBUG) level = SLS_LOG_DEBUG;
  const auto known = static_cast<Level>(level);
  if (Log::wants(known)) Log::write(known, cat(self_of(host).id_, ": ", from_sls(text)));
}

uint32_t Plugin::host_counter(const sls_host* host, sls_str name) {
  Plugin& self = self_of(host);
  return self.counters_.handle(self.id_, from_sls(name));
}

void Plugin::host_count(const sls_host* host, uint32_t counter, uint64_t n) { self_of(host).counters_.add(counter, n); }

void Plugin::host_sample(const sls_host* host, const sls_sample* sample) {
  Plugin& self = self_of(host);
  if (sample && !self.posted_.add(self.index_, element(sample, 0))) self.counters_.add(self.dropped_facts_);
}

void Plugin::host_note(const sls_host* host, const sls_note* note) {
  Plugin& self = self_of(host);
  if (note && !self.posted_.add(self.index_, element(note, 0))) self.counters_.add(self.dropped_facts_);
}

const void* Plugin::host_extension(const sls_host*, sls_str) { return nullptr; }

}  // namespace agent
