// The context of a caller's trace, as it came with an invocation's event or with the tracer's requests. Owns its texts:
// it outlives the event. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traces::invocation {

struct TraceContext {
  std::uint64_t trace_id = 0, trace_id_high = 0;  // of a 128-bit id
  std::uint64_t parent_id = 0;                    // the caller's span
  std::optional<int> priority;                    // of sampling; none: nobody has decided
  std::string origin;
  std::vector<std::pair<std::string, std::string>> tags;  // _dd.p.*, and what W3C's headers leave

  const std::string* find(std::string_view key) const {
    for (const auto& [name, value] : tags)
      if (name == key) return &value;
    return nullptr;
  }
  // Replaces or appends.
  void set(std::string_view key, std::string_view value);
  void erase(std::string_view key);
};

// What ids look like in headers and tags. None: it is no such number, or too large.
std::optional<std::uint64_t> decimal_id(std::string_view text);  // may begin with +
std::optional<std::uint64_t> hex_id(std::string_view text);      // 1 to 16 digits of either case
std::string hex16(std::uint64_t id);

// The tags of `x-datadog-tags` that begin with _dd.p.; what is wrong with one is told in _dd.propagation_error.
void add_propagated_tags(TraceContext& context, std::string_view list);

}  // namespace traces::invocation
