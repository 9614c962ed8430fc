#include "lifecycle/flush_run.hpp"

#include "base/limits.hpp"

namespace agent {
namespace {

constexpr std::size_t kHistoryMax = 32;

bool has_passed(Steady when) { return Now::read().steady >= when; }

}  // namespace

FlushRun::FlushRun(Loop& loop, PluginSet& plugins, Forwarder& forwarder)
    : loop_(loop), plugins_(plugins), forwarder_(forwarder), ended_(loop) {}

Task<> FlushRun::flush(std::uint32_t reason, Steady until) {
  // The last flush waits for nobody: an endpoint that holds a running one up would cost it its time.
  while (running_ && reason != SLS_FLUSH_SHUTDOWN) {
    const bool ended = co_await ended_.wait(until);
    if (!ended) co_return;
  }
  running_ = true;
  const Now begin = Now::read();
  FlushRecord record;
  record.at = begin.wall;
  record.reason = reason;

  // Half of the time at most: a plugin that never comes to an end must leave room for the others' data.
  const Steady worked_off_by = begin.steady + (until - begin.steady) / 2;
  co_await work_off(worked_off_by);
  forwarder_.begin_flush(reason == SLS_FLUSH_SHUTDOWN);
  sls_flush flush{};
  flush.size = sizeof flush;
  flush.reason = reason;
  flush.deadline_ns = to_ns(begin.wall + (until - begin.steady));
  bool more = true;
  while (more) {
    flush.now_ns = to_ns(Now::read().wall);
    bool full = false;
    record.payloads += pull(flush, full);
    co_await forwarder_.drain(until);
    more = full && forwarder_.has_room() && !has_passed(until);
  }

  record.took = Now::read().steady - begin.steady;
  record.complete = forwarder_.pending_items() == 0;
  remember(record);
  running_ = false;
  ended_.notify();
}

// Gives the loop a turn between units, so that a request is answered while a large body is being worked off.
Task<> FlushRun::work_off(Steady until) {
  while (plugins_.work_one()) {
    if (has_passed(until)) co_return;
    co_await yield(loop_);
  }
}

std::uint64_t FlushRun::pull(const sls_flush& flush, bool& full) {
  std::uint64_t taken = 0;
  for (const auto& plugin : plugins_.chain()) {
    if (!plugin->running() || !plugin->table().next_payload) continue;
    for (std::size_t calls = 0; calls < limits::kPayloadsPerFlushMax; ++calls) {
      if (!forwarder_.has_room(plugin->index())) {
        full = true;
        break;
      }
      sls_payload payload{};
      if (plugins_.next_payload(plugin->index(), flush, payload) != SLS_OK) break;
      forwarder_.accept(plugin->index(), payload);
      ++taken;
    }
  }
  return taken;
}

void FlushRun::remember(const FlushRecord& record) {
  if (history_.size() == kHistoryMax) history_.pop_front();
  history_.push_back(record);
}

}  // namespace agent
