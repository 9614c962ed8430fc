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
    co_await pull(flush, until, record.payloads, full);
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

Task<> FlushRun::pull(sls_flush flush, Steady until, std::uint64_t& taken, bool& full) {
  for (std::size_t i = 0; i < plugins_.chain().size(); ++i) {
    // Half of what is left for each, so that one which never comes to an end leaves time for those behind it.
    const Steady now = Now::read().steady;
    const Steady share = now + (until - now) / 2;
    co_await pull_from(*plugins_.chain()[i], flush, share, taken, full);
  }
}

// One payload after the other, with a turn for everything else between two, since making one may take a while.
Task<> FlushRun::pull_from(const Plugin& plugin, sls_flush flush, Steady until, std::uint64_t& taken, bool& full) {
  for (std::size_t calls = 0; calls < limits::kPayloadsPerFlushMax; ++calls) {
    if (!plugin.running() || !plugin.table().next_payload || has_passed(until)) co_return;
    if (!forwarder_.has_room(plugin.index())) {
      full = true;
      co_return;
    }
    sls_payload payload{};
    if (plugins_.next_payload(plugin.index(), flush, payload) != SLS_OK) co_return;
    forwarder_.accept(plugin.index(), payload);
    ++taken;
    co_await yield(loop_);
  }
}

void FlushRun::remember(const FlushRecord& record) {
  if (history_.size() == kHistoryMax) history_.pop_front();
  history_.push_back(record);
}

}  // namespace agent
