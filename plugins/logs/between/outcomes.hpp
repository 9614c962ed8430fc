// What became of the last invocations: whether one failed, by its request id. Learnt from END and REPORT lines, in any
// order; asked by the pipeline for lines that are wanted only of failed ones.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace logs {

class Outcomes {
 public:
  // A failure that becomes known late counts for the lines that come after it.
  void learn(std::string_view request_id, bool failed) {
    for (Known& known : known_) {
      if (known.request_id != request_id) continue;
      known.failed = known.failed || failed;
      return;
    }
    known_[next_] = {std::string(request_id), failed};
    next_ = (next_ + 1) % known_.size();
  }
  std::optional<bool> failed(std::string_view request_id) const {
    for (const Known& known : known_) {
      if (known.request_id == request_id) return known.failed;
    }
    return std::nullopt;
  }

 private:
  struct Known {
    std::string request_id;
    bool failed = false;
  };
  std::array<Known, 64> known_;  // a managed instance runs as many side by side
  std::size_t next_ = 0;
};

}  // namespace logs
