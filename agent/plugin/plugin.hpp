// One plugin inside the host: its table, its instance, every call to it timed and judged.
//
// A call of a NULL slot costs nothing and answers SLS_EMPTY; a quarantined plugin likewise. Failures of a call are
// that call's loss, never the host's. Calls come from plugin_set only, on the loop, never nested.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "config/settings.hpp"
#include "plugin/library.hpp"
#include "plugin/posted_facts.hpp"
#include "plugin/quarantine.hpp"
#include "plugin/running_call.hpp"
#include "sls/plugin.h"

namespace agent {

enum class PluginState { kLoaded, kSwitchedOff, kFailed, kRunning, kQuarantined };
std::string_view name(PluginState state);

inline sls_str to_sls(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view from_sls(sls_str text) {
  return text.data ? std::string_view(text.data, text.len) : std::string_view();
}

// The steady instant of the last look, and the time since.
class Stopwatch {
 public:
  Stopwatch() : last_(std::chrono::steady_clock::now()) {}
  Nanos lap() {
    const Steady now = std::chrono::steady_clock::now();
    return now - std::exchange(last_, now);
  }

 private:
  Steady last_;
};

// A member of an array of size-prefixed structs, made whole: the first one's size is the stride.
template <class Struct>
Struct element(const Struct* first, std::size_t i) {
  Struct whole{};
  const std::size_t stride = first->size;
  std::memcpy(&whole, reinterpret_cast<const char*>(first) + i * stride, std::min(stride, sizeof whole));
  return whole;
}

class Plugin {
 public:
  Plugin(Library library, std::size_t index, Counters& counters, PostedFacts& posted);
  ~Plugin();  // destroys a running instance
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const std::string& id() const { return id_; }
  const std::string& path() const { return library_.path; }
  std::string_view version() const { return from_sls(library_.table.version); }
  const sls_plugin& table() const { return library_.table; }
  std::size_t index() const { return index_; }
  PluginState state() const { return state_; }
  bool running() const { return state_ == PluginState::kRunning; }
  const std::string& problem() const { return problem_; }  // why it failed or was quarantined
  const Quarantine& quarantine() const { return quarantine_; }

  const OptionTable& option_table() const { return options_; }
  Resolved& values() { return values_; }
  const Resolved& values() const { return values_; }

  void switch_off() { state_ = PluginState::kSwitchedOff; }
  void fail(std::string problem);
  // Destroys a running instance: it asked for what another plugin has.
  void refuse(std::string problem);
  // Creates the instance and asks for its interests. False: failed, `problem` says why. `sandbox` dies with the call.
  bool create(const sls_sandbox& sandbox);
  const sls_interests& interests() const { return interests_; }

  // One call of a slot. `bytes` is what was passed, for the budget. `watch` holds the end of the call before: within a
  // chain of calls one clock reading ends a call and begins the next.
  // `slot_name` is a literal.
  template <class Slot, class... Args>
  sls_status call(Stopwatch& watch, const char* slot_name, Slot slot, std::size_t bytes, Args... args) {
    if (!slot || !running()) return SLS_EMPTY;
    const sls_status status = run(slot_name, slot, args...);
    const Nanos took = watch.lap();
    if (!quarantine_.is_plain(status, took)) finish(slot_name, took, bytes, status);
    return status;
  }

  // What the plugin states; after quarantine what it stated last.
  sls_state accounts();
  // Asks for its statement after a call that may have changed it: a fault's handler cannot ask any more.
  void note_accounts();
  const sls_state& noted_accounts() const { return last_accounts_; }

 private:
  struct HostTable {
    sls_host table{};
    Plugin* plugin = nullptr;
  };

  template <class Slot, class... Args>
  sls_status run(const char* slot_name, Slot slot, Args... args) {
    const CallMark mark(resume_row_, slot_name);
    return slot(self_, args...);
  }
  void finish(std::string_view slot_name, Nanos took, std::size_t bytes, sls_status status);
  bool check_interests();
  void close_off();
  static Plugin& self_of(const sls_host* host) { return *reinterpret_cast<const HostTable*>(host)->plugin; }
  static void host_log(const sls_host* host, int32_t level, sls_str text);
  static uint32_t host_counter(const sls_host* host, sls_str name);
  static void host_count(const sls_host* host, uint32_t counter, uint64_t n);
  static void host_sample(const sls_host* host, const sls_sample* sample);
  static void host_note(const sls_host* host, const sls_note* note);
  static const void* host_extension(const sls_host* host, sls_str id);

  Library library_;
  std::size_t index_;
  std::uint32_t resume_row_;
  std::string id_;
  Counters& counters_;
  PostedFacts& posted_;
  OptionTable options_;
  Resolved values_;
  HostTable host_;
  void* self_ = nullptr;
  sls_interests interests_{};
  PluginState state_ = PluginState::kLoaded;
  std::string problem_;
  Quarantine quarantine_;
  sls_state last_accounts_{};
  Counters::Handle dropped_facts_;
};

}  // namespace agent
