#include "between/rules_setting.hpp"

#include <array>
#include <string>

#include "in/setting_list.hpp"
#include "sls/codec/json.hpp"

namespace logs {

namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

constexpr std::string_view kSettingName = "processing_rules";  // shown where no rule's name is known

struct Member {
  std::string_view name;
  std::optional<std::string> RuleEntry::*field;
};
constexpr std::array kMembers = {
    Member{"type", &RuleEntry::type},           Member{"name", &RuleEntry::name},
    Member{"pattern", &RuleEntry::pattern},     Member{"replace_placeholder", &RuleEntry::placeholder},
    Member{"attribute", &RuleEntry::attribute},
};

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
  std::size_t count = 0;
  for (Cursor counting = cursor; counting.next_element() && counting.skip();) ++count;
  rules.expect(count);
  for (std::size_t i = 0; cursor.next_element() && cursor.take(element); ++i) {
    rules.add(i, read_entry(element), setting.origin, open, findings);
  }
  rules.seal(setting.with_prefilter);
  if (rules.has_unusable_mask()) findings.error(what + "holds a mask that cannot be applied" + consequence(choice));
  return rules;
}

}  // namespace logs
