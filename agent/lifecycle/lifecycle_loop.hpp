// The life of the sandbox, in one coroutine: next, INVOKE, the wait for its end, flushes, SHUTDOWN.
//
// It waits and calls; what to do it reads from values: invocations (is it done?), flush_strategy (when to flush). It
// never makes the platform wait without a deadline: for an invocation's end until its deadline less a margin, for a
// flush at most kFlushHold. /next may answer nonsense for ever: it is asked again with a pause, the process never ends
// by that. Started by agent/agent after registration; ends after SHUTDOWN (or a signal), when all that could be
// delivered in time has been.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "forward/forwarder.hpp"
#include "lambda/extensions_api.hpp"
#include "lifecycle/flush_run.hpp"
#include "lifecycle/flush_strategy.hpp"
#include "lifecycle/invocation_feed.hpp"
#include "net/task.hpp"

namespace agent {

struct LifecycleOptions {
  bool managed = false;
  bool telemetry = true;  // the subscription was accepted: runtimeDone will come
  FlushStrategy strategy;
  Nanos flush_timeout{};
  Wall process_start{};
  std::function<void()> drain_sockets;             // takes in what waits in packet sockets, before a last flush
  std::function<void()> on_first_next;             // the start is over
  std::function<void(const NextEvent&)> on_event;  // before anybody else hears of it
  // An earlier life of the process was in the middle of this.
  std::optional<NextEvent> unfinished;
};

class LifecycleLoop {
 public:
  LifecycleLoop(Loop& loop, ExtensionsApi& api, InvocationFeed& feed, FlushRun& flushes, Forwarder& forwarder,
                LifecycleOptions options);

  // Runs until SHUTDOWN, or a signal, has been handled.
  Task<> run();
  // SIGTERM and its like: as SHUTDOWN, with kSignalGrace. Breaks off a pending /next.
  void end_by_signal(std::string reason);

 private:
  Task<bool> go_on_with_unfinished();
  Task<bool> handle(NextEvent event, Now now);
  Task<> handle_invoke(NextEvent event, Now now);
  Task<> wait_for_end(std::string request_id, Steady give_up);
  Task<> wait_for_late_telemetry(Steady deadline);
  Task<> shut_down(std::string reason, Wall deadline, Now now);
  Task<> flush_in_background();
  Task<> flush_while_long_running();
  Task<> flush_by_timer();
  Task<> flush_at_tracer_end();

  Loop& loop_;
  ExtensionsApi& api_;
  InvocationFeed& feed_;
  FlushRun& flushes_;
  Forwarder& forwarder_;
  LifecycleOptions options_;
  FlushHistory history_;
  bool stopping_ = false;
  std::string signal_;  // not empty: a signal has come
};

}  // namespace agent
