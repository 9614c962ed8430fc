// Watches for calls that never return: a timer's signal, once a second while calls are being made, none when there are
// none. What counts is how often it found the same call, not a difference of clocks: a sandbox that was frozen within a
// call wakes up to one tick. An endless loop shows by its CPU time; what merely stands still is given longer.
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "base/limits.hpp"
#include "plugin/resume.hpp"
#include "plugin/running_call.hpp"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace agent {
namespace {

using std::chrono::nanoseconds;

timer_t timer{};
bool exists = false;
void (*on_hang)() = nullptr;
std::uint64_t seen_number = 0;
unsigned ticks = 0;  // that found the call seen_number
std::int64_t cpu_then = 0;

int tick_signal() { return SIGRTMIN + 3; }

std::int64_t cpu_now() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * std::int64_t{1'000'000'000} + spent.tv_nsec;
}

void set_interval(std::chrono::seconds every) {
  itimerspec when{};
  when.it_interval.tv_sec = when.it_value.tv_sec = every.count();
  ::timer_settime(timer, 0, &when, nullptr);
}

bool never_returns() {
  const nanoseconds cpu(cpu_now() - cpu_then);
  const nanoseconds found = ticks * limits::kWatchdogTick;
  return (found >= limits::kCallHangTime && cpu >= limits::kCallHangCpu) || found >= limits::kCallBlockedTime;
}

void on_tick(int) {
  const int errno_before = errno;
  if (running_call.number != seen_number) {
    seen_number = running_call.number;
    ticks = 0;
    cpu_then = cpu_now();
  } else if (running_call.row == kNoPlugin) {
    set_interval(std::chrono::seconds(0));
    running_call.unwatched = 1;
  } else {
    ++ticks;
    if (never_returns()) on_hang();
  }
  errno = errno_before;
}

}  // namespace

void prepare_watchdog(void (*ended)()) {
  on_hang = ended;
  struct sigaction action {};
  action.sa_handler = on_tick;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;  // the loop thread: no other's CPU time, no other's calls
  event.sigev_signo = tick_signal();
  event.sigev_notify_thread_id = ::gettid();
  if (::sigaction(tick_signal(), &action, nullptr) != 0) return;
  exists = ::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
  running_call.unwatched = exists ? 1 : 0;
}

void wake_watchdog() {
  running_call.unwatched = 0;
  const int errno_before = errno;
  set_interval(std::chrono::duration_cast<std::chrono::seconds>(limits::kWatchdogTick));
  errno = errno_before;
}

// A tick that is on its way must not meet the next life.
void stop_watchdog() {
  if (exists) set_interval(std::chrono::seconds(0));
  ::signal(tick_signal(), SIG_IGN);
}

}  // namespace agent
