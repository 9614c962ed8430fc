// One flush: work off, pull every payload, send, under a deadline.
//
// Pulls from every plugin until it says SLS_EMPTY or the forwarder has no room, lets the forwarder send, and goes on
// while there is more and time. When the deadline comes, what has not been pulled stays in its plugin and what has not
// been sent stays in the forwarder; requests in flight are not cut. One flush at a time: a second caller waits for the
// running one and then flushes what came since; the last one, at SHUTDOWN, does not wait. Called by lifecycle_loop;
// decides nothing about when.
#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.hpp"
#include "forward/forwarder.hpp"
#include "net/task.hpp"
#include "plugin/plugin_set.hpp"

namespace agent {

// What GET /status shows of the last flushes.
struct FlushRecord {
  Wall at{};
  std::uint32_t reason = 0;  // SLS_FLUSH_*
  Nanos took{};
  std::uint64_t payloads = 0;
  bool complete = false;  // nothing was left when it ended
};

class FlushRun {
 public:
  FlushRun(Loop& loop, PluginSet& plugins, Forwarder& forwarder);

  // Returns when everything was sent or given up for now, or at `until` (there always is one).
  Task<> flush(std::uint32_t reason, Steady until);
  bool running() const { return running_; }
  const std::deque<FlushRecord>& history() const { return history_; }

 private:
  Task<> work_off(Steady until);
  // `full` when the forwarder had no room for more of some plugin's. Plugins live as long as the set.
  Task<> pull(sls_flush flush, Steady until, std::uint64_t& taken, bool& full);
  Task<> pull_from(const Plugin& plugin, sls_flush flush, Steady until, std::uint64_t& taken, bool& full);
  void remember(const FlushRecord& record);

  Loop& loop_;
  PluginSet& plugins_;
  Forwarder& forwarder_;
  Signal ended_;
  bool running_ = false;
  std::deque<FlushRecord> history_;
};

}  // namespace agent
