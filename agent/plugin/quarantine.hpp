// Quarantine: how much misbehaviour of a plugin is borne. A value without clock: feed it calls, read the verdict.
//
// A call is slow beyond kCallBudget plus kCallBudgetPerMb of what it was passed; a call failed when its status is
// neither OK, EMPTY nor FULL (a full plugin counts its own drops). After more than kSlowCallsMax slow or
// kFailedCallsMax failed calls, or slow calls of kSlowCallsTimeMax in all, the plugin is called no more in this
// sandbox. Ten good calls make up for a bad one, so that a long life with rare trouble is no reason.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "sls/plugin.h"

namespace agent {

class Quarantine {
 public:
  // Nothing to judge: a good call of a plugin that has no bad ones to be pardoned.
  bool is_plain(sls_status status, Nanos took) const {
    return (status == SLS_OK || status == SLS_EMPTY) && took <= limits::kCallBudget && (slow_ | failed_) == 0;
  }
  // Counts one call. True: the plugin is to be called no more.
  bool judge(sls_status status, Nanos took, std::size_t bytes_passed);

  bool closed() const { return closed_; }
  std::string reason() const;  // "21 slow calls, the last took 50 ms" once closed
  std::uint64_t slow_calls() const { return slow_total_; }
  std::uint64_t failed_calls() const { return failed_total_; }

 private:
  std::uint64_t slow_total_ = 0, failed_total_ = 0;
  unsigned slow_ = 0, failed_ = 0, good_ = 0;
  Nanos slow_time_{}, last_slow_{};
  sls_status last_failure_ = SLS_OK;
  bool closed_ = false;
};

}  // namespace agent
