// Subject logs-rules: {rules, input, expect: {dropped, message}}; the rules as JSON text, the input as a function line.
#include "between/rules_setting.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::object;

void judge(const object& one) {
  logs::Findings findings;
  const std::string rules_text = vectors::json::serialize(one.at("rules"));
  logs::ProcessingRules rules = logs::read_processing_rules(
      {rules_text, "a vector", {}, {}}, [](std::string&) { return sls_regex_engine_v1(); }, findings);
  const std::string input(one.at("input").as_string());
  const logs::ProcessingRules::Verdict verdict = rules.judge(input, true);

  const object& expect = one.at("expect").as_object();
  const bool dropped = verdict.fate == logs::ProcessingRules::Fate::kExcluded;
  EXPECT_EQ(dropped, expect.at("dropped").as_bool());
  if (dropped || expect.at("dropped").as_bool()) return;
  EXPECT_EQ(verdict.text, std::string(expect.at("message").as_string()));
}

TEST(LogsRulesVectors, OwnCases) { vectors::run_own("logs-rules", judge); }
TEST(LogsRulesVectors, SharedCases) { vectors::run_shared("logs-rules", judge); }

}  // namespace
