#include "lab/rule_book.hpp"

#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

namespace lab {

struct RuleBook::Rule {
  Rule(std::string rule_name, std::string rule_type, const std::string& pattern, const std::string& placeholder)
      : name(std::move(rule_name)), type(std::move(rule_type)), expression(pattern, RE2::Quiet) {
    for (const char byte : placeholder) replacement += byte == '\\' ? std::string("\\\\") : std::string(1, byte);
  }
  std::string name, type;
  RE2 expression;
  std::string replacement;
};

RuleBook::RuleBook() = default;
RuleBook::~RuleBook() = default;
RuleBook::RuleBook(RuleBook&&) noexcept = default;
RuleBook& RuleBook::operator=(RuleBook&&) noexcept = default;

namespace {

std::string text(const YAML::Node& rule, const char* key) {
  const YAML::Node value = rule[key];
  return value && value.IsScalar() ? value.Scalar() : std::string();
}

YAML::Node loaded(const std::string& document) {
  try {
    return YAML::Load(document);
  } catch (const YAML::Exception&) {
    return {};  // the agent says what is wrong with it
  }
}

}  // namespace

void RuleBook::read_yaml(const std::string& document) {
  const YAML::Node root = loaded(document);
  if (!root.IsMap() || !root["logs_config"] || !root["logs_config"].IsMap()) return;
  const YAML::Node rules = root["logs_config"]["processing_rules"];
  if (!rules) return;
  YAML::Emitter out;
  out << rules;
  read_variable(rules.IsScalar() ? rules.Scalar() : out.c_str());
}

// JSON is YAML: one reader for both.
void RuleBook::read_variable(const std::string& list) {
  rules_.clear();
  const YAML::Node rules = loaded(list);
  if (!rules.IsSequence()) return;
  for (const YAML::Node& rule : rules) {
    if (!rule.IsMap()) continue;
    auto one = std::make_unique<Rule>(text(rule, "name"), text(rule, "type"), text(rule, "pattern"),
                                      text(rule, "replace_placeholder"));
    if (one->expression.ok()) rules_.push_back(std::move(one));
  }
}

std::optional<std::string> RuleBook::why_dropped(std::string line) const {
  for (const auto& rule : rules_) {
    if (rule->type == "mask_sequences") {
      RE2::GlobalReplace(&line, rule->expression, rule->replacement);
      continue;
    }
    const bool matches = RE2::PartialMatch(line, rule->expression);
    if ((rule->type == "exclude_at_match" && matches) || (rule->type == "include_at_match" && !matches))
      return rule->name + " (" + rule->type + ")";
  }
  return std::nullopt;
}

std::size_t RuleBook::size() const { return rules_.size(); }

}  // namespace lab
