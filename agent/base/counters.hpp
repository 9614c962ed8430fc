// Named counters: one table for the host and all plugins, shown in GET /status and summed up in the ledger.
//
// A counter belongs to an owner (a plugin's id, or "host") and has a name; names that begin "dropped." are reasons of
// the ledger. A handle is an index, so counting is one addition. Only the loop thread counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agent {

class Counters {
 public:
  using Handle = std::uint32_t;

  struct Counter {
    std::string owner;
    std::string name;
    std::uint64_t value = 0;
  };

  // The counter's handle, made when it is new. A plugin may make at most kCountersPerOwnerMax (base/limits.hpp); beyond
  // that it gets the handle of its "other" counter (of "dropped.other" for a reason of the ledger), so nothing goes
  // uncounted.
  Handle handle(std::string_view owner, std::string_view name);

  // An unknown handle (a plugin's mistake) is ignored.
  void add(Handle handle, std::uint64_t n = 1) {
    if (handle < counters_.size()) counters_[handle].value += n;
  }
  std::uint64_t value(Handle handle) const { return handle < counters_.size() ? counters_[handle].value : 0; }
  std::uint64_t value(std::string_view owner, std::string_view name) const;
  // The sum of the owner's counters whose name begins with `prefix`.
  std::uint64_t sum(std::string_view owner, std::string_view prefix) const;

  const std::vector<Counter>& all() const { return counters_; }

 private:
  std::vector<Counter> counters_;
};

}  // namespace agent
