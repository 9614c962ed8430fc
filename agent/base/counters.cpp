#include "base/counters.hpp"

#include "base/limits.hpp"

namespace agent {
namespace {
constexpr std::string_view kDropped = "dropped.";  // reasons of the ledger: none may fall out of its sum
}

Counters::Handle Counters::handle(std::string_view owner, std::string_view name) {
  std::size_t owned = 0;
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    if (counters_[i].owner != owner) continue;
    if (counters_[i].name == name) return static_cast<Handle>(i);
    ++owned;
  }
  const bool is_drop = name.substr(0, kDropped.size()) == kDropped;
  const std::string_view other = is_drop ? "dropped.other" : "other";
  if (owned >= limits::kCountersPerOwnerMax && name != other) return handle(owner, other);
  counters_.push_back({std::string(owner), std::string(name), 0});
  return static_cast<Handle>(counters_.size() - 1);
}

std::uint64_t Counters::value(std::string_view owner, std::string_view name) const {
  for (const Counter& counter : counters_)
    if (counter.owner == owner && counter.name == name) return counter.value;
  return 0;
}

std::uint64_t Counters::sum(std::string_view owner, std::string_view prefix) const {
  std::uint64_t total = 0;
  for (const Counter& counter : counters_)
    if (counter.owner == owner && std::string_view(counter.name).substr(0, prefix.size()) == prefix)
      total += counter.value;
  return total;
}

}  // namespace agent
