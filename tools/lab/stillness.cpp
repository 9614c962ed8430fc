#include "lab/stillness.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <thread>

namespace lab {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::microseconds kBetweenLooks{300};

std::string text_of_file(const fs::path& path) {
  char bytes[4096];
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t got = file < 0 ? 0 : read(file, bytes, sizeof bytes);
  if (file >= 0) close(file);
  return {bytes, bytes + std::max<ssize_t>(got, 0)};
}

// "State:\tS (sleeping)" of /proc/PID/status; 0: the thread is gone.
char state_of(const std::string& status) {
  const std::size_t at = status.find("State:\t");
  return at == std::string::npos ? '\0' : status[at + 7];
}

// The voluntary and the other switches, which are the last lines.
std::string switches_of(const std::string& status) {
  const std::size_t at = status.find("voluntary_ctxt_switches:");
  return at == std::string::npos ? std::string() : status.substr(at);
}

using Switches = std::map<std::string, std::string>;

// The switches of every thread; false: one of them does not sleep.
bool all_sleep(pid_t process, pid_t except, Switches& switches) {
  std::error_code gone;
  const std::string root = "/proc/" + std::to_string(process) + "/task";
  for (fs::directory_iterator it(root, gone), end; !gone && it != end; it.increment(gone)) {
    const std::string thread = it->path().filename();
    if (thread == std::to_string(except)) continue;
    const std::string status = text_of_file(it->path() / "status");
    const char state = state_of(status);
    if (state != 'S' && state != 'I' && state != '\0') return false;
    switches[thread] = switches_of(status);
  }
  return true;
}

}  // namespace

bool wait_for_stillness(pid_t other, Clock::time_point until) {
  Switches before;
  for (bool first = true;; first = false) {
    Switches now;
    const bool asleep = all_sleep(other, 0, now) && all_sleep(getpid(), gettid(), now);
    if (asleep && !first && now == before) return true;
    if (Clock::now() > until) return false;
    before = asleep ? std::move(now) : Switches{};
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

bool is_stopped(pid_t process) {
  const char state = state_of(text_of_file("/proc/" + std::to_string(process) + "/status"));
  return state == 'T' || state == 't';
}

}  // namespace lab
