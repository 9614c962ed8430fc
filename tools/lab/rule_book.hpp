// The processing rules of the configuration, read by the lab itself, to say why a line did not arrive.
//
// An explanation, not a verdict: it asks RE2 for each exclude and include rule in order and names the first that takes
// the line away; masking rules before it are applied first, as the documentation of the rules says. Rules that it
// cannot read are left out. It never looks at the agent. Called by the live view only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

class RuleBook {
 public:
  RuleBook();
  ~RuleBook();
  RuleBook(RuleBook&&) noexcept;
  RuleBook& operator=(RuleBook&&) noexcept;

  // logs_config.processing_rules of a datadog.yaml.
  void read_yaml(const std::string& text);
  // The value of DD_LOGS_CONFIG_PROCESSING_RULES; takes the place of what was read before.
  void read_variable(const std::string& text);

  // "drop_health (exclude_at_match)": the rule that takes the line away; nullopt: none does.
  std::optional<std::string> why_dropped(std::string line) const;
  std::size_t size() const;

 private:
  struct Rule;
  std::vector<std::unique_ptr<Rule>> rules_;
};

}  // namespace lab
