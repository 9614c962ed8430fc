#include "lifecycle/lifecycle_loop.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kManagedFlushInterval = 30s;

Steady steady_now() { return Now::read().steady; }

// The platform sends deadlines in milliseconds; one that is absent or nonsense leaves the longest that Lambda allows.
Wall deadline_or(std::int64_t deadline_ms, Wall otherwise) {
  return deadline_ms > 0 && deadline_ms < (std::int64_t{1} << 43) ? from_ms(deadline_ms) : otherwise;
}

// A frozen sandbox's clocks part (the steady one may stand still), or simply much time has gone by.
bool may_have_slept(const Now& before, const Now& after) {
  const Nanos by_wall = after.wall - before.wall, by_steady = after.steady - before.steady;
  return by_wall >= limits::kFreezeGap || by_wall - by_steady >= limits::kClockDrift;
}

}  // namespace

LifecycleLoop::LifecycleLoop(Loop& loop, ExtensionsApi& api, InvocationFeed& feed, FlushRun& flushes,
                             Forwarder& forwarder, LifecycleOptions options)
    : loop_(loop),
      api_(api),
      feed_(feed),
      flushes_(flushes),
      forwarder_(forwarder),
      options_(std::move(options)),
      history_(options_.process_start) {}

Task<> LifecycleLoop::run() {
  loop_.spawn("flush_by_timer", options_.managed ? flush_by_timer() : flush_while_long_running());
  if (!options_.telemetry) loop_.spawn("flush_at_tracer_end", flush_at_tracer_end());
  const bool over = co_await go_on_with_unfinished();
  if (over) co_return;
  Nanos pause = limits::kNextBackoffMin;
  bool first = true;
  while (true) {
    if (!signal_.empty()) {
      const Now now = Now::read();
      co_await shut_down(signal_, now.wall + limits::kSignalGrace, now);
      co_return;
    }
    if (std::exchange(first, false) && options_.on_first_next) options_.on_first_next();
    const Now asked = Now::read();
    Result<NextEvent> event = co_await api_.next();
    // The sandbox may have slept: from here on only what is read now is true.
    const Now now = Now::read();
    if (may_have_slept(asked, now)) forwarder_.thawed();
    if (!signal_.empty()) continue;
    if (!event) {
      if (pause == limits::kNextBackoffMin)
        log_error("/next failed: ", event.error().text, "; it is asked again with pauses of up to 1 s");
      co_await feed_.changed().wait(now.steady + pause);
      pause = std::min<Nanos>(pause * 2, limits::kNextBackoffMax);
      continue;
    }
    pause = limits::kNextBackoffMin;
    NextEvent told = *std::move(event);
    if (options_.on_event) options_.on_event(told);
    const bool ended = co_await handle(std::move(told), now);
    if (ended) co_return;
  }
}

// The plugins hear of it again: those that knew of it are gone. True: it was the end.
Task<bool> LifecycleLoop::go_on_with_unfinished() {
  if (!options_.unfinished) co_return false;
  NextEvent event = *options_.unfinished;
  const Now now = Now::read();
  if (event.kind == NextEvent::Kind::kShutdown) co_return co_await handle(std::move(event), now);
  feed_.invoke(event.request_id, event.function_arn, deadline_or(event.deadline_ms, now.wall + 15min), now.wall);
  co_return false;
}

// True: it was the end.
Task<bool> LifecycleLoop::handle(NextEvent event, Now now) {
  if (event.kind == NextEvent::Kind::kInvoke) {
    co_await handle_invoke(std::move(event), now);
    co_return false;
  }
  const Wall deadline = deadline_or(event.deadline_ms, now.wall + limits::kSignalGrace);
  log_info("Exiting: ", event.shutdown_reason, ", deadline: ", event.deadline_ms);
  co_await shut_down(event.shutdown_reason, deadline, now);
  co_return true;
}

Task<> LifecycleLoop::handle_invoke(NextEvent event, Now now) {
  const Wall deadline = deadline_or(event.deadline_ms, now.wall + 15min);
  history_.invoked(now.wall);
  feed_.invoke(event.request_id, event.function_arn, deadline, now.wall);
  FlushDecision decision = decide(options_.strategy, history_, now.wall, options_.flush_timeout);
  // Without telemetry nobody says runtimeDone: /next at once, and a flush when the tracer says it (or at the next
  // INVOKE).
  if (decision == FlushDecision::kAtEnd && !options_.telemetry) decision = FlushDecision::kNow;
  const Steady give_up = now.steady_at(deadline - limits::kDeadlineMargin);
  switch (decision) {
    case FlushDecision::kNone: co_return;
    case FlushDecision::kInBackground:
      history_.flushed(now.wall);
      if (!flushes_.running()) loop_.spawn("flush_in_background", flush_in_background());
      co_return;
    case FlushDecision::kNow:
      history_.flushed(now.wall);
      co_await flushes_.flush(SLS_FLUSH_PERIODIC, std::min(give_up, now.steady + limits::kFlushHold));
      co_return;
    case FlushDecision::kAtEnd:
      if (options_.strategy.interval > 0ms) history_.flushed(now.wall);
      co_await wait_for_end(event.request_id, give_up);
      co_await flushes_.flush(SLS_FLUSH_INVOCATION_END, std::min(give_up, steady_now() + limits::kFlushHold));
      co_return;
  }
}

Task<> LifecycleLoop::wait_for_end(std::string request_id, Steady give_up) {
  const Nanos interval = race_interval(options_.strategy);
  Steady race = steady_now() + interval;
  while (signal_.empty() && !feed_.invocations().is_done(request_id)) {
    const bool changed = co_await feed_.changed().wait(std::min(give_up, race));
    if (changed) continue;
    if (steady_now() >= give_up) co_return;
    // A long invocation: what has come in meanwhile is shipped, the function runs on.
    co_await flushes_.flush(SLS_FLUSH_PERIODIC, std::min(give_up, steady_now() + limits::kFlushHold));
    race = steady_now() + interval;
  }
}

Task<> LifecycleLoop::flush_in_background() {
  co_await flushes_.flush(SLS_FLUSH_PERIODIC, steady_now() + options_.flush_timeout);
}

Task<> LifecycleLoop::flush_at_tracer_end() {
  std::uint64_t flushed_after = 0;
  while (!stopping_) {
    if (feed_.invocations().tracer_ends() == flushed_after) {
      co_await feed_.changed().wait(kNever);
      continue;
    }
    flushed_after = feed_.invocations().tracer_ends();
    co_await flush_in_background();
  }
}

// The adaptive default asks /next at once when invocations are frequent; one that then runs long is not left waiting.
Task<> LifecycleLoop::flush_while_long_running() {
  if (options_.strategy.kind != FlushStrategy::Kind::kAdaptive) co_return;
  while (!stopping_) {
    co_await sleep_until(loop_, steady_now() + race_interval(options_.strategy));
    if (!stopping_ && !flushes_.running() && feed_.invocations().any_running()) co_await flush_in_background();
  }
}

// Managed instances have no INVOKE to flush at.
Task<> LifecycleLoop::flush_by_timer() {
  const bool own = options_.strategy.kind == FlushStrategy::Kind::kContinuously;
  const Nanos interval = own ? race_interval(options_.strategy) : kManagedFlushInterval;
  while (!stopping_) {
    co_await sleep_until(loop_, steady_now() + interval);
    if (!stopping_ && !flushes_.running()) co_await flush_in_background();
  }
}

Task<> LifecycleLoop::wait_for_late_telemetry(Steady deadline) {
  const Steady until = std::min(deadline, steady_now() + limits::kLateTelemetryWait);
  co_await sleep_until(loop_, until);
}

Task<> LifecycleLoop::shut_down(std::string reason, Wall deadline, Now now) {
  stopping_ = true;
  feed_.changed().notify();
  const Steady last = now.steady_at(deadline - limits::kShutdownMargin);
  if (options_.telemetry) co_await wait_for_late_telemetry(last);
  if (options_.drain_sockets) options_.drain_sockets();
  feed_.shut_down(reason, deadline, Now::read().wall);
  co_await flushes_.flush(SLS_FLUSH_SHUTDOWN, last);
  forwarder_.abandon(now.steady_at(deadline - limits::kSpoolMargin));
}

void LifecycleLoop::end_by_signal(std::string reason) {
  if (!signal_.empty()) return;
  signal_ = std::move(reason);
  api_.close();
  feed_.changed().notify();
}

}  // namespace agent
