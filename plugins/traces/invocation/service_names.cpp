#include "service_names.hpp"

#include "letters.hpp"

namespace traces::invocation {

ServiceNames::ServiceNames(std::string_view mapping, bool instances, std::vector<std::string>& unusable)
    : instances_(instances) {
  while (!mapping.empty()) {
    const std::string_view entry = before_first(mapping, ',');
    mapping.remove_prefix(entry.size() == mapping.size() ? entry.size() : entry.size() + 1);
    if (trimmed(entry).empty()) continue;
    const std::size_t colon = entry.find(':');
    const std::string_view key = trimmed(entry.substr(0, colon));
    const std::string_view service =
        colon == std::string_view::npos ? std::string_view() : trimmed(entry.substr(colon + 1));
    if (key.empty() || service.empty() || key == service || service.find(':') != std::string_view::npos) {
      unusable.emplace_back(trimmed(entry));
    } else {
      mapping_.emplace_back(key, service);
    }
  }
}

const std::string* ServiceNames::mapped(std::string_view key) const {
  if (key.empty()) return nullptr;
  for (auto each = mapping_.rbegin(); each != mapping_.rend(); ++each)
    if (each->first == key) return &each->second;
  return nullptr;
}

std::string_view ServiceNames::of(const Names& names) const {
  if (const std::string* service = mapped(names.key)) return *service;
  if (const std::string* service = mapped(names.generic_key)) return *service;
  return instances_ && !trimmed(names.instance).empty() ? names.instance : names.fallback;
}

}  // namespace traces::invocation
