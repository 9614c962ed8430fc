#include "between/rules_setting.hpp"

#include <array>
#include <string>

#include "sls/codec/json.hpp"

namespace logs {

namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

constexpr std::string_view kSettingName = "processing_rules";  // shown where no rule's name is known

bool same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

struct Member {
  std::string_view name;
  std::optional<std::string> RuleEntry::*field;
};
constexpr std::array kMembers = {
    Member{"type", &RuleEntry::type},
    Member{"name", &RuleEntry::name},
    Member{"pattern", &RuleEntry::pattern},
    Member{"replace_placeholder", &RuleEntry::placeholder},
};

// A string's text, a number's or a truth value's spelling; nothing where it can be neither.
std::optional<std::string> scalar(const Value& value) {
  switch (value.kind) {
    case Kind::kString: {
      std::string spare;
      return std::string(sls::json::text_of(value, spare));
    }
    case Kind::kNumber:
    case Kind::kTrue:
    case Kind::kFalse: return std::string(value.raw);
    default: return std::nullopt;
  }
}

// A number or a map of other things is a slip that protects nothing.
bool speaks_of_masks(std::string_view text) {
  return text.find("mask") != text.npos || text.find("replace_placeholder") != text.npos;
}

RuleEntry read_entry(const Value& element) {
  RuleEntry entry;
  entry.is_object = element.kind == Kind::kObject;
  entry.speaks_of_masks = !entry.is_object && speaks_of_masks(element.raw);
  Cursor cursor(element.raw);
  if (!entry.is_object || !cursor.enter_object()) return entry;
  std::array<bool, kMembers.size()> exact{};
  std::string spare;
  Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    const std::string_view name = sls::json::text_of(key, spare);
    for (std::size_t i = 0; i < kMembers.size(); ++i) {
      const bool is_exact = name == kMembers[i].name;
      if (!is_exact && (exact[i] || !same_but_for_case(name, kMembers[i].name))) continue;
      exact[i] = exact[i] || is_exact;
      entry.*kMembers[i].field = scalar(value);
    }
  }
  return entry;
}

// The list as JSON: empty where there is none; false: the value is something else. `unquoted` keeps the list where it
// came as a text.
bool find_list(std::string_view value, std::string& unquoted, std::string_view& list) {
  Value parsed;
  if (!sls::json::parse(value, parsed)) return false;
  if (parsed.is_string()) {
    std::string spare;
    unquoted = std::string(sls::json::text_of(parsed, spare));
    if (is_blank(unquoted)) return true;
    if (!sls::json::parse(unquoted, parsed)) return false;
  }
  if (parsed.kind == Kind::kArray) list = parsed.raw;
  return parsed.kind == Kind::kArray || parsed.kind == Kind::kNull;
}

// Whether a value that is no list may have been meant to hide something: one that is no JSON at all, or that speaks of
// masks.
bool may_hold_masks(std::string_view value) {
  Value parsed;
  if (!sls::json::parse(value, parsed)) return true;
  if (parsed.is_string()) {
    std::string spare;
    const std::string text(sls::json::text_of(parsed, spare));
    if (!sls::json::parse(text, parsed)) return true;
  }
  return speaks_of_masks(value);
}

OnUnusableMask choice_of(std::string_view text, Findings& findings) {
  if (same_but_for_case(text, "ship")) return OnUnusableMask::kShip;
  if (same_but_for_case(text, "drop")) return OnUnusableMask::kDrop;
  if (!text.empty() && !same_but_for_case(text, "withhold")) {
    findings.error("on_unusable_mask: found \"" + std::string(text)
                   + "\", wanted withhold, ship or drop; withhold is used");
  }
  return OnUnusableMask::kWithhold;
}

std::string consequence(OnUnusableMask choice) {
  switch (choice) {
    case OnUnusableMask::kShip: return "; lines are shipped unmasked (on_unusable_mask: ship)";
    case OnUnusableMask::kDrop: return "; lines of the function and of extensions are dropped (on_unusable_mask: drop)";
    case OnUnusableMask::kWithhold: break;
  }
  return "; the text of lines of the function and of extensions is withheld (on_unusable_mask: withhold)";
}

}  // namespace

ProcessingRules read_processing_rules(const RulesSetting& setting, OpenEngine open, Findings& findings) {
  const OnUnusableMask choice = choice_of(setting.on_unusable_mask, findings);
  ProcessingRules rules;
  rules.on_unusable_mask(choice);
  const std::string what = "processing_rules (" + std::string(setting.origin) + ") ";
  if (!setting.unreadable.empty()) {
    rules.add_unusable_mask(kSettingName);
    findings.error("processing_rules cannot be read: " + std::string(setting.unreadable) + consequence(choice));
  }
  if (is_blank(setting.value)) return rules;

  std::string unquoted;
  std::string_view list;
  if (!find_list(setting.value, unquoted, list)) {
    const bool mask = may_hold_masks(setting.value);
    if (mask) rules.add_unusable_mask(kSettingName);
    findings.error(what + "is no list of rules and no JSON array of them"
                   + (mask ? consequence(choice) : "; there are no rules"));
    return rules;
  }
  Cursor cursor(list);
  if (!cursor.enter_array()) return rules;
  Value element;
  for (std::size_t i = 0; cursor.next_element() && cursor.take(element); ++i) {
    rules.add(i, read_entry(element), setting.origin, open, findings);
  }
  rules.seal(setting.with_prefilter);
  if (rules.has_unusable_mask()) findings.error(what + "holds a mask that cannot be applied" + consequence(choice));
  return rules;
}

}  // namespace logs
