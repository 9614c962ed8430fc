#include "lab/sandbox_time.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace lab {
namespace {

constexpr Milliseconds kLook{5};

std::atomic<std::int64_t> wall_ahead_ns{0}, steady_ahead_ns{0};
std::mutex pauses_mutex;
std::multiset<Clock::time_point> pauses;  // their ends

class Pause {
 public:
  explicit Pause(Clock::time_point end) {
    const std::lock_guard lock(pauses_mutex);
    it_ = pauses.insert(end);
  }
  ~Pause() {
    const std::lock_guard lock(pauses_mutex);
    pauses.erase(it_);
  }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  std::multiset<Clock::time_point>::iterator it_;
};

}  // namespace

TimeAhead time_ahead() { return {std::chrono::nanoseconds(wall_ahead_ns), std::chrono::nanoseconds(steady_ahead_ns)}; }

void set_time_ahead(TimeAhead ahead) {
  wall_ahead_ns = ahead.wall.count();
  steady_ahead_ns = ahead.steady.count();
}

Clock::time_point sandbox_now() { return Clock::now() + std::chrono::nanoseconds(steady_ahead_ns); }

bool pause_in_sandbox(Clock::duration time, const std::function<bool()>& over) {
  const Clock::time_point end = sandbox_now() + time;
  const Pause pause(end);
  for (Clock::time_point now; !over() && (now = sandbox_now()) < end;)
    std::this_thread::sleep_for(std::min<Clock::duration>(kLook, end - now));
  return sandbox_now() >= end;
}

std::optional<Clock::time_point> next_pause_end() {
  const std::lock_guard lock(pauses_mutex);
  return pauses.empty() ? std::nullopt : std::optional(*pauses.begin());
}

}  // namespace lab
