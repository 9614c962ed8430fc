// What outlives a fault: one flat record in a memfd, written while the agent lives and read by its next life.
//
// Fixed sizes, no pointers, since a signal handler completes it and another run of the executable reads it. Texts that
// are too long are cut at their beginning (of a path the end tells more). What does not fit the tables is left out: it
// is then missing from the ledger on both sides. Written by agent/agent (platform, event, totals) and plugin/resume.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/limits.hpp"

namespace agent {

template <std::size_t Bytes>
class FixedText {
 public:
  // Copies and counts only: it is called in signal handlers, too.
  void assign(std::string_view text) {
    const std::size_t kept = std::min(text.size(), Bytes);
    std::memcpy(bytes_, text.data() + (text.size() - kept), kept);
    length_ = static_cast<std::uint32_t>(kept);
  }
  void clear() { length_ = 0; }
  bool empty() const { return length_ == 0; }
  bool fits(std::string_view text) const { return text.size() <= Bytes; }
  std::string_view view() const { return {bytes_, std::min<std::size_t>(length_, Bytes)}; }
  bool holds(std::string_view text) const { return view() == text.substr(text.size() - std::min(text.size(), Bytes)); }

 private:
  std::uint32_t length_ = 0;
  char bytes_[Bytes] = {};
};

struct ResumeRecord {
  static constexpr std::uint64_t kMagic = 0x31656d7573657273;
  static constexpr std::size_t kCountersMax = 1024;
  static constexpr std::size_t kRowsMax = limits::kPluginsMax + 1;
  enum Awaited : std::uint32_t { kNothing, kRegistration, kNext };
  enum Telemetry : std::uint32_t { kNotAsked, kAccepted, kRefused };
  enum Event : std::uint32_t { kNoEvent, kInvoke, kShutdown };

  struct PluginRow {
    FixedText<252> path;
    FixedText<64> id;  // empty until it is known
    std::uint32_t faults = 0;
  };
  struct LedgerRow {
    FixedText<64> plugin;
    std::uint64_t received = 0, delivered = 0, dropped_by_host = 0, maybe_duplicate = 0;
  };
  struct CounterRow {
    FixedText<64> owner, name;
    std::uint64_t value = 0;
  };

  // All zeros at first, so that the tables cost no memory until they are used.
  std::uint64_t magic = 0;
  std::uint64_t bytes = 0;
  std::int32_t process = 0;

  // The platform.
  std::int32_t platform_descriptor = 0;  // while an answer is awaited on it
  std::uint32_t awaited = kNothing;
  std::uint32_t telemetry = kNotAsked;
  std::int32_t receiver_descriptor = 0;  // -1: none; listens for telemetry
  FixedText<252> identifier;             // empty: not registered yet
  FixedText<252> function_name, function_version, handler, account_id;
  FixedText<252> telemetry_refusal;

  // Everything has been delivered: there is nothing to go on with.
  std::uint32_t ended = 0;
  // The last event of /next.
  std::uint32_t event = kNoEvent;
  std::uint32_t event_done = 0;  // the invocation has ended
  std::int64_t event_deadline_ms = 0;
  std::uint64_t invocations = 0;
  FixedText<252> request_id, function_arn, shutdown_reason;

  // The fault that ended the life before; signal 0: none. A hang is one by the watchdog.
  std::int32_t signal = 0;
  std::uint32_t hang = 0;
  std::uint32_t culprit = 0;  // row of `plugins`, or kNoPlugin
  std::uint32_t host_faults = 0;
  FixedText<64> slot;

  std::uint32_t plugin_count = 0;
  std::uint32_t ledger_count = 0;
  std::uint32_t counter_count = 0;
  PluginRow plugins[kRowsMax];
  LedgerRow ledger[kRowsMax];
  CounterRow counters[kCountersMax];

  // False: the table is full.
  bool add(const LedgerRow& row) {
    if (ledger_count >= kRowsMax) return false;
    ledger[ledger_count++] = row;
    return true;
  }
  bool add_counter(std::string_view owner, std::string_view name, std::uint64_t value) {
    if (counter_count >= kCountersMax) return false;
    CounterRow& row = counters[counter_count];
    if (!row.owner.fits(owner) || !row.name.fits(name)) return false;
    row.owner.assign(owner);
    row.name.assign(name);
    row.value = value;
    ++counter_count;
    return true;
  }
};

}  // namespace agent
