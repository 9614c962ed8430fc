#include "between/filters.hpp"

#include <algorithm>
#include <utility>

#include "between/list_setting.hpp"

namespace traces {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Null: the key means no field.
const std::string_view* field_of(const Span& span, std::string_view key) {
  if (key == "name") return &span.name;
  if (key == "service") return &span.service;
  if (key == "resource") return &span.resource;
  if (key == "type") return &span.type;
  return nullptr;
}

std::string where(std::string_view option, const Setting& setting) {
  return std::string(option) + " (" + std::string(setting.origin) + "): found \"";
}

}  // namespace

bool Filters::Rule::matches(const Span& span) const {
  const std::string_view* field = field_of(span, key);
  if (field != nullptr && !field->empty() && matches(*field)) return true;
  const std::string_view* tag = span.find(key);
  return tag != nullptr && matches(*tag);
}

void Filters::read(std::vector<Rule>& out, std::string_view option, const Setting& setting, Kind kind,
                   Patterns& patterns, Findings& findings) {
  for (const std::string& entry : entries_of(setting.value, Between::kBlanks)) {
    const std::size_t colon = std::min(entry.find(':'), entry.size());
    Rule rule;
    rule.key = trimmed(std::string_view(entry).substr(0, colon));
    rule.value = trimmed(std::string_view(entry).substr(std::min(colon + 1, entry.size())));
    std::string error;
    if (rule.key.empty()) {
      findings.error(where(option, setting) + entry
                     + "\", wanted a tag's key, or key:value; that entry is not applied");
      continue;
    }
    if (kind == Kind::kRegex && !rule.value.empty()) {
      rule.pattern = patterns.compile(rule.value, error);
      if (!rule.pattern) {
        findings.error(where(option, setting) + entry + "\", wanted key:pattern with a pattern that can be used ("
                       + error + "); that entry is not applied");
        continue;
      }
    }
    out.push_back(std::move(rule));
  }
}

Filters::Filters(const FilterSettings& settings, Patterns& patterns, Findings& findings) {
  read(require_, "filter_tags_require", settings.require, Kind::kLiteral, patterns, findings);
  read(require_, "filter_tags_regex_require", settings.regex_require, Kind::kRegex, patterns, findings);
  read(reject_, "filter_tags_reject", settings.reject, Kind::kLiteral, patterns, findings);
  read(reject_, "filter_tags_regex_reject", settings.regex_reject, Kind::kRegex, patterns, findings);
  const Setting& ignored = settings.ignore_resources;
  for (const std::string& entry : entries_of(ignored.value, Between::kCommas)) {
    std::string error;
    if (sls::Regex pattern = patterns.compile(entry, error))
      ignored_.push_back(std::move(pattern));
    else
      findings.error(where("ignore_resources", ignored) + entry + "\", wanted a pattern that can be used (" + error
                     + "); that entry is not applied");
  }
}

bool Filters::ignores(const Span& root) const {
  return std::any_of(ignored_.begin(), ignored_.end(), [&](const auto& each) { return each.matches(root.resource); });
}

bool Filters::rejects(const Span& root) const {
  const auto matches = [&](const Rule& rule) { return rule.matches(root); };
  return std::any_of(reject_.begin(), reject_.end(), matches)
         || !std::all_of(require_.begin(), require_.end(), matches);
}

}  // namespace traces
