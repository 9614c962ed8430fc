// The switches of `apm_config.features`: words with commas or blanks between them. Called by whoever knows one.
#pragma once

#include <algorithm>
#include <string_view>

namespace traces {

inline bool has_feature(std::string_view features, std::string_view wanted) {
  constexpr std::string_view kBetween = ", \t";
  while (!features.empty()) {
    const std::size_t n = std::min(features.find_first_of(kBetween), features.size());
    if (features.substr(0, n) == wanted) return true;
    features.remove_prefix(std::min(n + 1, features.size()));
  }
  return false;
}

}  // namespace traces
