// A clock for one process that the lab can put ahead: preloaded into the agent, which stays the binary that is shipped.
//
// Takes the place of the C library's clock_gettime, gettimeofday, time, timerfd_settime and epoll_wait: the clocks show
// real time plus what the lab has written into the shared page, and timers that wait by them are set again after each
// leap. Time still flows by itself in between. CPU-time clocks, POSIX timers (the watchdog) and waits of threads for
// each other stay real. Without LAB_CLOCK_PAGE it changes nothing. No C++ library, no memory, no lock: it is there
// before anything else of the process.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "lab/shim/clock_page.hpp"

namespace {

constexpr std::int64_t kSecond = 1'000'000'000, kMillisecond = 1'000'000;
constexpr int kTimersMax = 16;  // timer descriptors that are known; later ones keep real time

struct Timer {
  std::atomic<int> fd{-1};
  std::atomic<std::int64_t> due_ns{lab::kNoTimer};  // by the clock that is shown
};

lab::ClockPage* page = nullptr;
int wake = -1;
Timer timers[kTimersMax];
std::atomic<std::uint64_t> taken_over{0};  // leaps

std::int64_t ns_of(const timespec& time) { return time.tv_sec * kSecond + time.tv_nsec; }
timespec time_of(std::int64_t ns) { return {static_cast<time_t>(ns / kSecond), static_cast<long>(ns % kSecond)}; }

std::int64_t real_ns(clockid_t clock) {
  timespec now{};
  syscall(SYS_clock_gettime, clock, &now);
  return ns_of(now);
}

std::int64_t ahead_of(clockid_t clock) {
  if (!page) return 0;
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE: return page->wall_ahead_ns.load();
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME: return page->steady_ahead_ns.load();
    default: return 0;
  }
}

std::int64_t steady_ns() { return real_ns(CLOCK_MONOTONIC) + ahead_of(CLOCK_MONOTONIC); }

int real_timer(int fd, std::int64_t in_ns, itimerspec* before) {
  itimerspec when{};
  when.it_value = time_of(in_ns > 0 ? in_ns : 1);
  return static_cast<int>(syscall(SYS_timerfd_settime, fd, 0, &when, before));
}

// A timer that is due and was not set again has still to fire; one that is long overdue belongs to nobody any more.
void publish(std::int64_t own_deadline) {
  const std::int64_t forgotten = steady_ns() - kSecond;
  std::int64_t next = own_deadline;
  for (const Timer& timer : timers)
    if (timer.fd >= 0 && timer.due_ns > forgotten && timer.due_ns < next) next = timer.due_ns;
  page->next_timer_ns = next;
}

void take_over_leaps() {
  const std::uint64_t leaps = page->leaps;
  if (leaps != taken_over) {
    const std::int64_t now = steady_ns();
    for (Timer& timer : timers)
      if (timer.fd >= 0 && timer.due_ns != lab::kNoTimer) real_timer(timer.fd, timer.due_ns - now, nullptr);
    taken_over = leaps;
  }
}

__attribute__((constructor)) void open_page() {
  const char* path = std::getenv(lab::kClockPageVariable);
  if (!path) return;
  char fifo[4096];
  if (std::strlen(path) + std::strlen(lab::kClockWakeSuffix) >= sizeof fifo) return;
  std::strcpy(fifo, path);
  std::strcat(fifo, lab::kClockWakeSuffix);
  const int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* memory = mmap(nullptr, sizeof(lab::ClockPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  wake = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (memory == MAP_FAILED || wake < 0) return;
  page = static_cast<lab::ClockPage*>(memory);
  page->next_timer_ns = lab::kNoTimer;
  taken_over = page->leaps.load();
  page->leaps_seen = taken_over.load();
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) noexcept {
  const int status = static_cast<int>(syscall(SYS_clock_gettime, clock, out));
  if (const std::int64_t ahead = ahead_of(clock); status == 0 && ahead != 0) *out = time_of(ns_of(*out) + ahead);
  return status;
}

int gettimeofday(timeval* out, void*) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

int timerfd_settime(int fd, int flags, const itimerspec* when, itimerspec* before) noexcept {
  const bool plain = when && when->it_interval.tv_sec == 0 && when->it_interval.tv_nsec == 0;
  if (!page || !plain) return static_cast<int>(syscall(SYS_timerfd_settime, fd, flags, when, before));
  Timer* mine = nullptr;
  for (Timer& timer : timers)
    if (timer.fd == fd) mine = &timer;
  for (Timer& timer : timers)
    if (int none = -1; !mine && timer.fd.compare_exchange_strong(none, fd)) mine = &timer;
  if (!mine) return static_cast<int>(syscall(SYS_timerfd_settime, fd, flags, when, before));
  const std::int64_t value = ns_of(when->it_value), now = steady_ns();
  if (value == 0) {
    mine->due_ns = lab::kNoTimer;
    return static_cast<int>(syscall(SYS_timerfd_settime, fd, flags, when, before));
  }
  mine->due_ns = (flags & TFD_TIMER_ABSTIME) != 0 ? value : now + value;
  return real_timer(fd, mine->due_ns - now, before);
}

int epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  const auto real = [&](int ms) {
    return static_cast<int>(syscall(SYS_epoll_pwait, epoll, events, most, ms, nullptr, 0));
  };
  if (!page) return real(timeout);
  const std::int64_t deadline = timeout < 0 ? lab::kNoTimer : steady_ns() + timeout * kMillisecond;
  for (;;) {
    take_over_leaps();
    publish(deadline);
    page->leaps_seen = taken_over.load();
    const int ready = real(0);
    const bool for_ever = deadline == lab::kNoTimer;
    const std::int64_t left = for_ever ? 0 : deadline - steady_ns();
    if (ready != 0 || (!for_ever && left <= 0)) return ready;
    pollfd both[2] = {{epoll, POLLIN, 0}, {wake, POLLIN, 0}};
    const int woken = poll(both, 2, for_ever ? -1 : static_cast<int>((left + kMillisecond - 1) / kMillisecond));
    if (woken < 0) return -1;
    char bytes[64];
    while (both[1].revents != 0 && read(wake, bytes, sizeof bytes) > 0) {
    }
  }
}
}
