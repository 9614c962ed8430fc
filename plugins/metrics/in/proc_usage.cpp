#include "in/proc_usage.hpp"

#include <algorithm>

namespace metrics {
namespace {

// What a step costs, in microseconds of a slow machine.
constexpr double kTmpPrice = 2, kListPrice = 20, kListedPrice = 0.4, kProcessPrice = 10, kLimitsPrice = 12;

void raise(std::optional<double>& peak, const std::optional<double>& value) {
  if (value && (!peak || *peak < *value)) peak = value;
}

}  // namespace

void UsageSampler::restart() { peaks_ = {}; }

void UsageSampler::earn(std::int64_t now_ns) {
  const std::int64_t gone_ns = now_ns - earned_until_ns_;
  earned_until_ns_ = now_ns;
  if (gone_ns <= 0) return;
  const double earned = static_cast<double>(gone_ns) / 1e9 * kMicrosecondsPerSecond;
  allowance_us_ = std::min(allowance_us_ + earned, std::max(allowance_us_, kMicrosecondsPerSecond));
}

double UsageSampler::begin_sweep() {
  std::vector<std::uint32_t> seen = proc_.pids(kProcessesMax);
  limits_wanted_ = !last_.descriptors_max || seen != pids_;
  pids_.swap(seen);
  at_ = 0;
  sweep_ = {};
  sweeping_ = true;
  return kListPrice + kListedPrice * static_cast<double>(pids_.size());
}

double UsageSampler::step(std::uint32_t pid) {
  if (const auto open = proc_.descriptors(pid)) sweep_.descriptors += static_cast<double>(*open);
  if (const auto threads = proc_.threads(pid))
    sweep_.threads += static_cast<double>(*threads);
  else if (proc_.exists(pid))  // one that has ended meanwhile has none
    sweep_.threads_known = false;
  if (!limits_wanted_) return kProcessPrice;
  const ProcessLimits limits = proc_.limits(pid);
  if (limits.descriptors)
    sweep_.descriptors_max = std::min(sweep_.descriptors_max, static_cast<double>(*limits.descriptors));
  if (limits.processes) sweep_.threads_max = std::min(sweep_.threads_max, static_cast<double>(*limits.processes));
  return kProcessPrice + kLimitsPrice;
}

void UsageSampler::end_sweep() {
  sweeping_ = false;
  ++sweeps_;
  if (pids_.empty()) return;
  last_.descriptors = sweep_.descriptors;
  last_.threads = sweep_.threads_known ? std::optional<double>(sweep_.threads) : std::nullopt;
  if (limits_wanted_) {
    last_.descriptors_max = sweep_.descriptors_max;
    last_.threads_max = sweep_.threads_max;
  }
  raise(peaks_.descriptors, last_.descriptors);
  raise(peaks_.threads, last_.threads);
}

void UsageSampler::run(std::int64_t now_ns) {
  earn(now_ns);
  if (allowance_us_ <= 0) return;
  double spent = kTmpPrice;
  if (const std::optional<Space> tmp = proc_.tmp())
    if (!peaks_.tmp || peaks_.tmp->used_bytes <= tmp->used_bytes) peaks_.tmp = tmp;
  if (!sweeping_ && spent < allowance_us_) spent += begin_sweep();
  while (sweeping_ && at_ < pids_.size() && spent < allowance_us_ && spent < kMicrosecondsPerCall)
    spent += step(pids_[at_++]);
  if (sweeping_ && at_ == pids_.size()) end_sweep();
  allowance_us_ -= spent;
}

Usage UsageSampler::take(std::int64_t now_ns) {
  run(now_ns);
  Usage out = peaks_;
  if (!out.descriptors) out.descriptors = last_.descriptors;
  if (!out.threads) out.threads = last_.threads;
  out.descriptors_max = last_.descriptors_max;
  out.threads_max = last_.threads_max;
  return out;
}

}  // namespace metrics
