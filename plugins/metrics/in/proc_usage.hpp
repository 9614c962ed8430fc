// Peaks of what the sandbox uses while an invocation runs: space in /tmp, open descriptors, threads.
//
// A sweep looks at every process that can be seen. It is cut into steps, each of which has a price in microseconds, and
// takes no more of them than its allowance: kMicrosecondsPerSecond of the time that has gone by, kMicrosecondsPerCall
// at once. So the distance between two sweeps grows with what a sweep costs, whether the sandbox has five processes or
// five thousand, and no call is long. It refuses to know a clock: the time is told. Called by in/proc_sensors.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "in/proc.hpp"

namespace metrics {

// What is not known is not there. Peaks since the last restart; where no sweep has ended since then, the last one's.
struct Usage {
  std::optional<Space> tmp;  // its peak of used bytes
  std::optional<double> descriptors, threads;
  std::optional<double> descriptors_max, threads_max;  // the lowest limit of all processes
};

class UsageSampler {
 public:
  static constexpr double kMicrosecondsPerSecond = 3000;
  static constexpr double kMicrosecondsPerCall = 2000;
  static constexpr double kMicrosecondsAtFirst = 12'000;  // so that also a short first invocation has a whole sweep
  static constexpr std::size_t kProcessesMax = 4096;      // further ones are not looked at
  static constexpr double kLimitMax = 1024;               // what a sandbox allows at most

  explicit UsageSampler(const Proc& proc) : proc_(proc) {}

  void restart();
  // As many steps as the allowance holds, but one sweep at most.
  void run(std::int64_t now_ns);
  Usage take(std::int64_t now_ns);
  std::uint64_t sweeps() const { return sweeps_; }  // that have ended

 private:
  struct Sweep {
    double descriptors = 0, threads = 0;
    bool threads_known = true;
    double descriptors_max = kLimitMax, threads_max = kLimitMax;
  };
  void earn(std::int64_t now_ns);
  double begin_sweep();
  double step(std::uint32_t pid);
  void end_sweep();

  const Proc& proc_;
  double allowance_us_ = kMicrosecondsAtFirst;
  std::int64_t earned_until_ns_ = 0;
  std::vector<std::uint32_t> pids_;
  std::size_t at_ = 0;
  bool sweeping_ = false, limits_wanted_ = true;
  Sweep sweep_;
  std::uint64_t sweeps_ = 0;
  Usage last_;  // of the last sweep
  Usage peaks_;
};

}  // namespace metrics
