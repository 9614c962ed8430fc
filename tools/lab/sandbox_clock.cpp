#include "lab/sandbox_clock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <thread>

#include "lab/socket.hpp"
#include "lab/stillness.hpp"

namespace lab {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kRestLimit{20};  // of real time, for one leap
constexpr std::chrono::microseconds kLook{100};

}  // namespace

SandboxClock::SandboxClock(const std::string& folder) : path_(folder + "/lab-clock") {
  const int file = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const bool sized = file >= 0 && ftruncate(file, sizeof(ClockPage)) == 0;
  void* memory = sized ? mmap(nullptr, sizeof(ClockPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  if (file >= 0) close(file);
  if (memory == MAP_FAILED) throw LabError("cannot make " + path_);
  page_ = new (memory) ClockPage{};
  page_->next_timer_ns = kNoTimer;
  const std::string fifo = path_ + kClockWakeSuffix;
  if (mkfifo(fifo.c_str(), 0600) != 0 || (wake_ = open(fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0)
    throw LabError("cannot make " + fifo);
}

SandboxClock::~SandboxClock() {
  set_time_ahead({});
  munmap(page_, sizeof(ClockPage));
  close(wake_);
}

Environment SandboxClock::variables() const {
  const std::filesystem::path library = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "lab_clock.so";
  if (!std::filesystem::exists(library)) throw LabError("no " + library.string() + ": scenarios with a clock want it");
  return {{"LD_PRELOAD", library}, {kClockPageVariable, path_}};
}

void SandboxClock::leap(nanoseconds wall, nanoseconds steady) {
  const TimeAhead before = time_ahead();
  set_time_ahead({before.wall + wall, before.steady + steady});
  page_->wall_ahead_ns += wall.count();
  page_->steady_ahead_ns += steady.count();
  ++page_->leaps;
  [[maybe_unused]] const ssize_t told = write(wake_, "", 1);  // a full FIFO wakes as well
}

// Until the earliest timer of the agent, or the earliest end of a pause of the lab's.
nanoseconds SandboxClock::until_next_timer() const {
  const Clock::time_point now = sandbox_now();
  nanoseconds until = nanoseconds::max();
  if (const std::int64_t next = page_->next_timer_ns; next != kNoTimer)
    until = Clock::time_point(nanoseconds(next)) - now;
  if (const auto end = next_pause_end()) until = std::min<nanoseconds>(until, *end - now);
  return std::max(until, nanoseconds(0));
}

void SandboxClock::wait_until_seen(const ChildProcess& agent) const {
  const auto until = Clock::now() + kRestLimit;
  while (page_->leaps_seen != page_->leaps && !agent.ended() && Clock::now() < until)
    std::this_thread::sleep_for(kLook);
}

void SandboxClock::put_ahead(nanoseconds by, nanoseconds grain, const ChildProcess* agent,
                             const std::function<void()>& at_rest) {
  const Clock::time_point end = sandbox_now() + by;
  for (Clock::time_point now; (now = sandbox_now()) < end;) {
    if (!agent || agent->ended() || is_stopped(agent->pid())) return leap(end - now, end - now);
    at_rest();
    if (!wait_for_stillness(agent->pid(), Clock::now() + kRestLimit)) throw LabError("the agent does not come to rest");
    const nanoseconds wanted = std::min<nanoseconds>(std::max(until_next_timer(), grain), end - sandbox_now());
    const nanoseconds step = std::max(wanted, nanoseconds(0));
    leap(step, step);
    wait_until_seen(*agent);
  }
  at_rest();
  if (agent) wait_for_stillness(agent->pid(), Clock::now() + kRestLimit);
}

void SandboxClock::put_wall_ahead(nanoseconds by) { leap(by, nanoseconds(0)); }

}  // namespace lab
