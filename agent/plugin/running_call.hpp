// Which plugin is being called now, and in which slot: what the handlers of plugin/resume and the watchdog look at.
//
// A few plain stores per call, no system call: the only one is the arming of the watchdog by the first call after a
// quiet time. Volatile, since a signal handler on the same thread reads it; the loop thread alone writes. Called by
// plugin/plugin and plugin/plugin_set around everything that runs a plugin's code.
#pragma once

#include <csignal>
#include <cstdint>

namespace agent {

inline constexpr std::uint32_t kNoPlugin = ~std::uint32_t{0};

struct RunningCall {
  volatile std::uint32_t row = kNoPlugin;  // of ResumeRecord::plugins
  const char* volatile slot = nullptr;
  volatile std::uint64_t number = 0;         // of calls so far
  volatile std::sig_atomic_t unwatched = 0;  // the watchdog exists and sleeps
};
inline RunningCall running_call;

// plugin/watchdog: ticks from now on, until calls have ceased.
void wake_watchdog();

// Around one call. `slot`: a literal.
class CallMark {
 public:
  CallMark(std::uint32_t row, const char* slot) {
    running_call.slot = slot;
    running_call.number = running_call.number + 1;
    running_call.row = row;
    if (running_call.unwatched != 0) wake_watchdog();
  }
  ~CallMark() { running_call.row = kNoPlugin; }
  CallMark(const CallMark&) = delete;
  CallMark& operator=(const CallMark&) = delete;
};

}  // namespace agent
