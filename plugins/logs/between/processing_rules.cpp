#include "between/processing_rules.hpp"

#include <algorithm>
#include <utility>

#include "between/rule_type.hpp"
#include "sls/codec/json_writer.hpp"

namespace logs {

namespace {

// A longer pattern is compiled when it is read, so that an operator learns at the start that it is too large.
constexpr std::size_t kSurelySmallBytes = 1024;

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
  if (this->engine(open, error) == nullptr) return refuse("cannot be used: " + error);
  const bool is_mask = type == RuleType::kMask;
  const Rule::Kind kind = is_mask                      ? Rule::Kind::kMask
                          : type == RuleType::kExclude ? Rule::Kind::kExclude
                                                       : Rule::Kind::kInclude;
  Rule rule{kind, name, *entry.pattern, is_mask ? entry.placeholder.value_or("") : "", {}, {}};
  if (entry.attribute) {
    rule.attribute = AttributePath::parse(*entry.attribute);
    if (!rule.attribute) return refuse("has an attribute that is no path of names with dots between them");
  }
  read_shape(rule.pattern, shape_);
  const auto number = static_cast<std::uint32_t>(rules_.size());
  const bool compiled_now = !shape_.certain || rule.pattern.size() > kSurelySmallBytes;
  if (compiled_now && !compile(number, rule, error)) return refuse("has a pattern that cannot be used: " + error);
  if (!entry.name || entry.name->empty()) findings.warn(place + " has no name; it is applied as " + name);
  if (!is_mask && entry.placeholder) {
    findings.warn(place + " has a replace_placeholder, which only mask_sequences uses");
  }
  // What is inside a JSON text may be written there in other bytes.
  if (rule.attribute) {
    prefilter_.add_always();
  } else {
    prefilter_.add(rule.pattern, shape_);
  }
  if (kind == Rule::Kind::kInclude) includes_.push_back(number);
  rules_.push_back(std::move(rule));
}

void ProcessingRules::seal(bool with_prefilter) {
  if (!with_prefilter) prefilter_ = {};
  prefilter_.seal();
  shape_ = {};
}

bool ProcessingRules::compile(std::uint32_t number, Rule& rule, std::string& error) {
  rule.regex = sls::Regex::compile(*engine_, rule.pattern, error, memory_.share_bytes());
  if (rule.regex) {
    const auto used = [&](std::uint32_t other) { return rules_[other].used; };
    const std::uint32_t given_up = memory_.take_share(number, used);
    if (given_up != PatternMemory::kNobody) rules_[given_up].regex = {};
  } else if (!compile_large(rule, error)) {
    return false;
  }
  rule.used = ++questions_;
  if (rule.kind == Rule::Kind::kMask) rule.replacement = sls::Replacement(rule.placeholder, rule.regex);
  return true;
}

// Either it is no pattern, or a large one.
bool ProcessingRules::compile_large(Rule& rule, std::string& error) {
  constexpr std::size_t kSizes[] = {PatternMemory::kPatternBytes, PatternMemory::kPatternBytesMax};
  for (const std::size_t bytes : kSizes) {
    const bool room = memory_.take_large(bytes);
    rule.regex = sls::Regex::compile(*engine_, rule.pattern, error, bytes);
    if (rule.regex && room) return true;
    if (room) memory_.return_large(bytes);
    if (!rule.regex) continue;
    rule.regex = {};
    error = "it needs " + std::to_string(bytes >> 20) + " MiB, and large patterns may take "
            + std::to_string(PatternMemory::kLargeBytes >> 20) + " MiB together; wanted fewer or shorter ones";
    return false;
  }
  return false;
}

// What fails here is a large pattern without room: what the engine may refuse was compiled when it was read.
bool ProcessingRules::compiled(Rule& rule) {
  if (rule.regex) return rule.used = ++questions_, true;
  std::string error;
  const auto number = static_cast<std::uint32_t>(&rule - rules_.data());
  if (rule.unusable || compile(number, rule, error)) return !rule.unusable;
  rule.unusable = true;
  if (rule.kind == Rule::Kind::kMask) add_unusable_mask(rule.name);
  return false;
}

void ProcessingRules::add_unusable_mask(std::string_view name) {
  if (withheld_text_.empty()) withheld_text_ = "[withheld: rule " + std::string(name) + "]";
}

ProcessingRules::Effect ProcessingRules::apply(Rule& rule, Verdict& verdict) {
  if (!compiled(rule)) return Effect::kNone;
  if (rule.kind != Rule::Kind::kMask) {
    const bool found = matches(rule, verdict.text);
    if (found) ++rule.matched;
    return found == (rule.kind == Rule::Kind::kExclude) ? Effect::kDropped : Effect::kNone;
  }
  if (!mask(rule, verdict.text) || spare_ == verdict.text) return Effect::kNone;  // `x` replaced by `x` is no masking
  std::swap(masked_, spare_);
  verdict.text = masked_;
  verdict.masked = true;
  ++rule.matched;
  return Effect::kChanged;
}

bool ProcessingRules::matches(Rule& rule, std::string_view text) {
  if (!rule.attribute) return rule.regex.matches(text);
  for (const sls::json::Value& value : rule.attribute->values_in(text)) {
    if (rule.regex.matches(value.is_string() ? sls::json::text_of(value, value_) : value.raw)) return true;
  }
  return false;
}

// Writes the masked text to spare_. False: nothing matched.
bool ProcessingRules::mask(Rule& rule, std::string_view text) {
  return rule.attribute ? mask_attribute(rule, text) : rule.replacement.replace_all(rule.regex, text, spare_);
}

// What is masked becomes a string, whatever it was; everything around it stays as it is, byte for byte.
bool ProcessingRules::mask_attribute(Rule& rule, std::string_view text) {
  std::size_t copied = 0;
  spare_.clear();
  for (const sls::json::Value& value : rule.attribute->values_in(text)) {
    const std::string_view given = value.is_string() ? sls::json::text_of(value, value_) : value.raw;
    if (!rule.replacement.replace_all(rule.regex, given, masked_value_) || masked_value_ == given) continue;
    const auto at = static_cast<std::size_t>(value.raw.data() - text.data());
    spare_ += text.substr(copied, at - copied);
    sls::json::append_quoted(spare_, masked_value_);
    copied = at + value.raw.size();
  }
  if (copied == 0) return false;
  spare_ += text.substr(copied);
  return true;
}

bool ProcessingRules::passes_all(Verdict& verdict) {
  for (Rule& rule : rules_) {
    if (apply(rule, verdict) == Effect::kDropped) return false;
  }
  return true;
}

// As passes_all, without the rules that the prefilter leaves out: they match nothing. A mask that changed the text
// makes another text of it, which is looked through anew.
bool ProcessingRules::passes_candidates(Verdict& verdict) {
  const auto rules = static_cast<std::uint32_t>(rules_.size());
  auto include = includes_.begin();
  for (std::uint32_t next = 0; next < rules;) {
    const std::uint32_t first = next;
    std::size_t asked = 0;
    Effect effect = Effect::kNone;
    for (const std::uint32_t candidate : prefilter_.candidates(verdict.text, first)) {
      if (include != includes_.end() && *include < candidate) break;
      if (include != includes_.end() && *include == candidate) ++include;
      ++asked;
      next = candidate + 1;
      effect = apply(rules_[candidate], verdict);
      if (effect != Effect::kNone) break;
    }
    if (effect == Effect::kNone) next = rules;
    worth_.ran(next - first - asked);
    if (effect == Effect::kDropped) return false;
    // the next include that must match is none of the candidates
    if (effect == Effect::kNone && include != includes_.end()) return false;
  }
  return true;
}

ProcessingRules::Verdict ProcessingRules::judge(std::string_view text, bool from_customer) {
  Verdict verdict{Fate::kKeep, text, false};
  const bool passes = prefilter_.says_anything() && !worth_.paused() ? passes_candidates(verdict) : passes_all(verdict);
  if (!passes) return {Fate::kExcluded, {}, false};
  if (!from_customer || !withholds()) return verdict;
  if (choice_ == OnUnusableMask::kDrop) return {Fate::kUnmasked, {}, false};
  return {Fate::kWithheld, withheld_text_, false};
}

}  // namespace logs
