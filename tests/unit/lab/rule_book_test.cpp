#include "lab/rule_book.hpp"

#include <gtest/gtest.h>

namespace lab {
namespace {

constexpr const char* kYaml = R"(
logs_config:
  processing_rules:
    - {type: mask_sequences, name: mask, pattern: "token=\\w+", replace_placeholder: "token=*"}
    - {type: exclude_at_match, name: noise, pattern: "^debug"}
    - {type: exclude_at_match, name: secret, pattern: "token=\\w"}
    - {type: exclude_at_match, name: broken, pattern: "("}
    - {type: include_at_match, name: wanted, pattern: "order|token"}
)";

TEST(RuleBook, NamesTheFirstRuleThatTakesALineAway) {
  RuleBook rules;
  rules.read_yaml(kYaml);
  EXPECT_EQ(rules.size(), 4u);
  EXPECT_EQ(rules.why_dropped("debug order"), "noise (exclude_at_match)");
  EXPECT_EQ(rules.why_dropped("hello"), "wanted (include_at_match)");
  EXPECT_EQ(rules.why_dropped("order 7"), std::nullopt);
}

TEST(RuleBook, AppliesMasksBeforeTheRulesBehindThem) {
  RuleBook rules;
  rules.read_yaml(kYaml);
  EXPECT_EQ(rules.why_dropped("token=abc"), std::nullopt);
}

TEST(RuleBook, TakesTheVariableInPlaceOfTheFile) {
  RuleBook rules;
  rules.read_yaml(kYaml);
  rules.read_variable(R"([{"type":"exclude_at_match","name":"all","pattern":"."}])");
  EXPECT_EQ(rules.why_dropped("order 7"), "all (exclude_at_match)");
}

TEST(RuleBook, KnowsNothingFromABrokenFile) {
  RuleBook rules;
  rules.read_yaml("logs_config: [");
  EXPECT_EQ(rules.why_dropped("debug"), std::nullopt);
}

}  // namespace
}  // namespace lab
