#include "lifecycle/flush_strategy.hpp"

#include <algorithm>
#include <charconv>

#include "base/limits.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kAdaptiveInterval = 20s;
constexpr Nanos kSparse = 120s;  // a mean gap from which on nothing is gained by waiting for the next invocation
constexpr Nanos kRaceInterval = 60s;
constexpr Nanos kRaceIntervalAtEnd = 15min;

bool is_due(const FlushHistory& history, Wall now, std::chrono::milliseconds interval) {
  return now - history.last_timed_flush() >= interval;
}

}  // namespace

FlushStrategy FlushStrategy::parse(std::string_view text, bool& understood) {
  understood = true;
  if (text == "end") return {Kind::kEnd, 0ms};
  const auto comma = text.find(',');
  const std::string_view word = text.substr(0, comma);
  FlushStrategy strategy;
  if (word == "end")
    strategy.kind = Kind::kEnd;
  else if (word == "periodically")
    strategy.kind = Kind::kPeriodically;
  else if (word == "continuously")
    strategy.kind = Kind::kContinuously;
  std::string_view number = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  number = number.substr(0, number.find(','));
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), ms);
  constexpr std::int64_t kMsMax = 365LL * 24 * 3600 * 1000;
  const bool is_number = error == std::errc() && end == number.data() + number.size();
  if (strategy.kind == Kind::kAdaptive || !is_number || ms <= 0 || ms > kMsMax) {
    understood = text.empty() || text == "default";
    return {};
  }
  strategy.interval = std::chrono::milliseconds(ms);
  return strategy;
}

void FlushHistory::invoked(Wall at) {
  times_[count_ % kInvocationsMax] = at;
  ++count_;
}

FlushDecision decide(const FlushStrategy& strategy, const FlushHistory& history, Wall now, Nanos flush_timeout) {
  switch (strategy.kind) {
    case FlushStrategy::Kind::kEnd:
      return strategy.interval == 0ms || is_due(history, now, strategy.interval) ? FlushDecision::kAtEnd
                                                                                 : FlushDecision::kNone;
    case FlushStrategy::Kind::kPeriodically:
      return is_due(history, now, strategy.interval) ? FlushDecision::kNow : FlushDecision::kNone;
    case FlushStrategy::Kind::kContinuously:
      return is_due(history, now, strategy.interval) ? FlushDecision::kInBackground : FlushDecision::kNone;
    case FlushStrategy::Kind::kAdaptive: break;
  }
  if (!history.full()) return FlushDecision::kAtEnd;
  const Nanos elapsed = now - history.oldest();
  constexpr auto kGaps = static_cast<std::int64_t>(FlushHistory::kInvocationsMax - 1);
  if (elapsed / kGaps >= kSparse) return FlushDecision::kAtEnd;
  if (!is_due(history, now, kAdaptiveInterval)) return FlushDecision::kNone;
  return elapsed < flush_timeout ? FlushDecision::kInBackground : FlushDecision::kNow;
}

Nanos race_interval(const FlushStrategy& strategy) {
  if (strategy.kind == FlushStrategy::Kind::kAdaptive) return kRaceInterval;
  if (strategy.kind == FlushStrategy::Kind::kEnd) return kRaceIntervalAtEnd;
  return std::max<Nanos>(strategy.interval, limits::kFlushTimerMin);
}

}  // namespace agent
