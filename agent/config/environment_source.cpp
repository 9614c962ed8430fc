#include "config/environment_source.hpp"

#include <unistd.h>

#include "base/text.hpp"

namespace agent {

Sources::Environment read_environment() {
  Sources::Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t sign = text.find('=');
    if (sign == 0 || sign == std::string_view::npos) continue;
    environment.emplace_back(text.substr(0, sign), text.substr(sign + 1));
  }
  return environment;
}

std::vector<const char*> environment_entries() {
  std::vector<const char*> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.push_back(*entry);
  return entries;
}

std::optional<std::string_view> find_exactly(const Sources::Environment& environment, std::string_view name) {
  std::optional<std::string_view> in_other_case;
  for (const auto& [candidate, text] : environment) {
    if (candidate.size() != name.size() || text.empty()) continue;
    if (candidate == name) return text;
    if (!in_other_case && iequals(candidate, name)) in_other_case = text;
  }
  return in_other_case;
}

std::optional<std::string_view> find_variable(const Sources::Environment& environment, std::string_view name) {
  if (const auto text = find_exactly(environment, name)) return text;
  if (name.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
  return find_exactly(environment, cat(kLongPrefix, name.substr(kPrefix.size())));
}

}  // namespace agent
