#include "between/processing_rules.hpp"

#include <algorithm>
#include <utility>

#include "between/rule_type.hpp"

namespace logs {

namespace {

// One rule's automata may take this much; RE2's own 8 MiB are few for long alternations.
constexpr std::size_t kRegexMemoryBytesMax = 32 << 20;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// "processing rule 2 "cards" (DD_X)": every message about a rule begins so.
std::string where(std::size_t index, std::string_view name, std::string_view origin) {
  return "processing rule " + std::to_string(index + 1) + " " + quoted(name) + " (" + std::string(origin) + ")";
}

// Whether an entry that is no usable rule may have been meant to hide something.
bool may_be_mask(const RuleEntry& entry, RuleType type) {
  if (!entry.is_object) return entry.speaks_of_masks;
  if (entry.placeholder || type == RuleType::kMask) return true;
  return type == RuleType::kUnknown && entry.type && nearest_rule_type(*entry.type) == "mask_sequences";
}

std::string type_problem(const RuleEntry& entry) {
  if (!entry.is_object) return "is not a map with type, name and pattern";
  if (!entry.type || entry.type->empty()) {
    return "has no type; wanted exclude_at_match, include_at_match or mask_sequences";
  }
  return "has the unknown type " + quoted(*entry.type) + "; did you mean " + std::string(nearest_rule_type(*entry.type))
         + "?";
}

}  // namespace

const sls::RegexEngine* ProcessingRules::engine(OpenEngine open, std::string& error) {
  if (!engine_asked_) {
    engine_asked_ = true;
    engine_ = open(engine_error_);
  }
  if (engine_ == nullptr) error = engine_error_;
  return engine_;
}

void ProcessingRules::add(std::size_t index, const RuleEntry& entry, std::string_view origin, OpenEngine open,
                          Findings& findings) {
  const std::string name = entry.name && !entry.name->empty() ? *entry.name : "#" + std::to_string(index + 1);
  const std::string place = where(index, name, origin);
  const RuleType type = entry.is_object && entry.type ? rule_type(*entry.type) : RuleType::kUnknown;
  const auto refuse = [&](const std::string& reason) {
    const bool mask = may_be_mask(entry, type);
    if (mask) add_unusable_mask(name);
    findings.error(place + " " + reason + (reason.ends_with('?') ? " " : ". ")
                   + (mask ? "It may be meant to mask: see logs_config.on_unusable_mask for what becomes of the lines"
                           : "It is skipped"));
  };

  if (type == RuleType::kUnknown) return refuse(type_problem(entry));
  if (type == RuleType::kWithoutEffect) {
    if (entry.placeholder) return refuse("has a replace_placeholder, but its type is " + *entry.type);
    return findings.warn(place + " is of type " + *entry.type + ", which has no effect in Lambda");
  }
  if (!entry.pattern || entry.pattern->empty()) return refuse("has no pattern");
  std::string error;
  const sls::RegexEngine* engine = this->engine(open, error);
  if (engine == nullptr) return refuse("cannot be used: " + error);
  sls::Regex regex = sls::Regex::compile(*engine, *entry.pattern, error, kRegexMemoryBytesMax);
  if (!regex) return refuse("has a pattern that cannot be used: " + error);
  if (!entry.name || entry.name->empty()) findings.warn(place + " has no name; it is applied as " + name);

  const bool is_mask = type == RuleType::kMask;
  sls::Replacement replacement;
  if (is_mask) replacement = sls::Replacement(entry.placeholder.value_or(""), regex);
  if (!is_mask && entry.placeholder) {
    findings.warn(place + " has a replace_placeholder, which only mask_sequences uses");
  }
  const Rule::Kind kind = is_mask                      ? Rule::Kind::kMask
                          : type == RuleType::kExclude ? Rule::Kind::kExclude
                                                       : Rule::Kind::kInclude;
  rules_.push_back({kind, name, std::move(regex), std::move(replacement)});
}

void ProcessingRules::add_unusable_mask(std::string_view name) {
  if (withheld_text_.empty()) withheld_text_ = "[withheld: rule " + std::string(name) + "]";
}

ProcessingRules::Verdict ProcessingRules::judge(std::string_view text, bool from_customer) {
  Verdict verdict{Fate::kKeep, text, false};
  for (Rule& rule : rules_) {
    if (rule.kind == Rule::Kind::kMask) {
      if (!rule.replacement.replace_all(rule.regex, verdict.text, spare_)) continue;
      if (spare_ == verdict.text) continue;  // `x` replaced by `x` is no masking
      std::swap(masked_, spare_);
      verdict.text = masked_;
      verdict.masked = true;
      ++rule.matched;
      continue;
    }
    const bool matches = rule.regex.matches(verdict.text);
    if (matches) ++rule.matched;
    if (matches == (rule.kind == Rule::Kind::kExclude)) return {Fate::kExcluded, {}, false};
  }
  if (!from_customer || !withholds()) return verdict;
  if (choice_ == OnUnusableMask::kDrop) return {Fate::kUnmasked, {}, false};
  return {Fate::kWithheld, withheld_text_, false};
}

}  // namespace logs
