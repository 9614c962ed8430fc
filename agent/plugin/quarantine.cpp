#include "plugin/quarantine.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

namespace agent {
namespace {

constexpr unsigned kGoodCallsPerPardon = 10;

Nanos budget(std::size_t bytes_passed) {
  return limits::kCallBudget + limits::kCallBudgetPerMb * static_cast<std::int64_t>(bytes_passed) / (1 << 20);
}

std::string_view name(sls_status status) {
  switch (status) {
    case SLS_E_INVALID: return "invalid";
    case SLS_E_UNSUPPORTED: return "unsupported";
    case SLS_E_FAILED: return "failed";
    case SLS_E_EXCEPTION: return "an exception";
    default: return "an unknown status";
  }
}

}  // namespace

bool Quarantine::judge(sls_status status, Nanos took, std::size_t bytes_passed) {
  const bool failed = status != SLS_OK && status != SLS_EMPTY && status != SLS_E_FULL;
  const bool slow = took > budget(bytes_passed);
  if (!failed && !slow) {
    if ((slow_ != 0 || failed_ != 0) && ++good_ == kGoodCallsPerPardon) {
      good_ = 0;
      if (slow_ != 0) --slow_;
      if (failed_ != 0) --failed_;
    }
    return false;
  }
  if (failed) ++failed_, ++failed_total_, last_failure_ = status;
  if (slow) ++slow_, ++slow_total_, slow_time_ += took, last_slow_ = took;
  closed_ =
      slow_ > limits::kSlowCallsMax || failed_ > limits::kFailedCallsMax || slow_time_ > limits::kSlowCallsTimeMax;
  return closed_;
}

std::string Quarantine::reason() const {
  if (failed_ > limits::kFailedCallsMax)
    return cat(failed_total_, " failed calls, the last answered ", name(last_failure_));
  return cat(slow_total_, " slow calls of ", slow_time_ / std::chrono::milliseconds(1), " ms in all, the last took ",
             last_slow_ / std::chrono::milliseconds(1), " ms");
}

}  // namespace agent
