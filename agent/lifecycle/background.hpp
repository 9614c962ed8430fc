// What happens between events: units of the plugins' work, and their ticks.
//
// A unit at a time, with a turn for everything else between two, so that a request is answered as if nothing happened.
// Ticks that are wanted only while an invocation is open wait for one without a timer. Started once by agent/agent.
#pragma once

#include "lifecycle/invocation_feed.hpp"
#include "net/task.hpp"
#include "plugin/plugin_set.hpp"

namespace agent {

class Background {
 public:
  Background(Loop& loop, PluginSet& plugins, InvocationFeed& feed);

  void start();
  // No unit and no tick begins after this.
  void stop();

 private:
  Task<> work();
  Task<> tick(std::size_t plugin);

  Loop& loop_;
  PluginSet& plugins_;
  InvocationFeed& feed_;
  Signal has_work_;
  bool stopped_ = false;
};

}  // namespace agent
