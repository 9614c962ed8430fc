#include "between/processing_rules.hpp"

#include <gtest/gtest.h>

#include "rules_under_test.hpp"

namespace logs {
namespace {

using Fate = ProcessingRules::Fate;

constexpr std::string_view kGoodMask =
    R"({"type":"mask_sequences","name":"digits","pattern":"\\d+","replace_placeholder":"#"})";

std::string judged(ProcessingRules& rules, std::string_view text, bool from_customer = true) {
  const auto verdict = rules.judge(text, from_customer);
  switch (verdict.fate) {
    case Fate::kExcluded: return "(excluded)";
    case Fate::kUnmasked: return "(dropped unmasked)";
    default: return std::string(verdict.text);
  }
}

std::string all_texts(const Findings& findings) {
  std::string out;
  for (const Finding& each : findings.all()) out += each.text + "\n";
  return out;
}

TEST(ProcessingRules, RunInOrderAndEachSeesWhatTheOneBeforeLeft) {
  ProcessingRules rules = rules_from(R"([
    {"type":"exclude_at_match","name":"first","pattern":"never"},
    {"type":"mask_sequences","name":"mask","pattern":"secret","replace_placeholder":"public"},
    {"type":"exclude_at_match","name":"too late","pattern":"secret"},
    {"type":"include_at_match","name":"masked","pattern":"public"}])");
  EXPECT_EQ(judged(rules, "a secret"), "a public");
  EXPECT_EQ(judged(rules, "never a secret"), "(excluded)");
  EXPECT_EQ(judged(rules, "nothing"), "(excluded)");
  EXPECT_EQ(rules.rules()[0].matched, 1u);
  EXPECT_EQ(rules.rules()[1].matched, 1u) << "excluded lines come to no mask";
}

TEST(ProcessingRules, SayWhetherATextWasMasked) {
  ProcessingRules rules = rules_from(R"([
    {"type":"mask_sequences","name":"same","pattern":"x","replace_placeholder":"x"},
    {"type":"mask_sequences","name":"y","pattern":"y","replace_placeholder":"z"}])");
  EXPECT_FALSE(rules.judge("x", true).masked) << "replaced by itself";
  EXPECT_TRUE(rules.judge("xy", true).masked);
  EXPECT_FALSE(rules.judge("a", true).masked);
}

TEST(ProcessingRules, ABadRuleCostsNoOther) {
  Findings findings;
  ProcessingRules rules = rules_from(R"([
    {"type":"exclude_at_match","name":"broken","pattern":"("},
    {"type":"exclude_at_match","name":"no pattern"},
    {"type":"exclude_at_match","name":"empty","pattern":""},
    {"type":"exclude","name":"shortened","pattern":"x"},
    {"type":"multi_line","name":"lines","pattern":"x"},
    {"type":"exclude_truncated","name":"cut"},
    {"type":"exclude_at_match","name":"good","pattern":"debug"}])",
                                     findings);
  EXPECT_EQ(judged(rules, "debug"), "(excluded)");
  EXPECT_EQ(judged(rules, "x ( line"), "x ( line") << "an unusable exclude is skipped, nothing is withheld";
  const std::string texts = all_texts(findings);
  EXPECT_NE(texts.find("processing rule 1 \"broken\" (DD_LOGS_CONFIG_PROCESSING_RULES)"), std::string::npos) << texts;
  EXPECT_NE(texts.find("did you mean exclude_at_match?"), std::string::npos) << texts;
  EXPECT_NE(texts.find("has no effect in Lambda"), std::string::npos) << texts;
}

// Everything that may have been meant to hide something, and is no usable rule.
TEST(ProcessingRules, FailClosedWhateverIsWrongWithAMask) {
  const struct {
    std::string_view rule, name;
  } kCases[] = {
      {R"({"type":"mask_sequences","name":"m","pattern":"("})", "m"},
      {R"({"type":"mask_sequences","name":"m","pattern":"\\C"})", "m"},
      {R"({"type":"mask_sequences","name":"m"})", "m"},
      {R"({"type":"mask_sequences","name":"m","pattern":""})", "m"},
      {R"({"type":"mask_sequences","name":"m","pattern":["a"]})", "m"},
      {R"({"type":"mask_sequence","name":"m","pattern":"a"})", "m"},
      {R"({"type":"Mask_Sequences","name":"m","pattern":"a"})", "m"},
      {R"({"type":"mask-sequences","name":"m","pattern":"a"})", "m"},
      {R"({"type":"mask","name":"m","pattern":"a"})", "m"},
      {R"({"type":"mask_sequnces","name":"m","pattern":"a"})", "m"},
      {R"({"type":"exclude","name":"m","pattern":"a","replace_placeholder":"x"})", "m"},
      {R"({"name":"m","pattern":"a","replace_placeholder":"x"})", "m"},
      {R"({"type":5,"pattern":"a","replace_placeholder":"x"})", "#2"},
      {R"("mask_sequences")", "#2"},
      {R"(["mask_sequences"])", "#2"},
  };
  for (const auto& each : kCases) {
    Findings findings;
    ProcessingRules rules = rules_from("[" + std::string(kGoodMask) + "," + std::string(each.rule) + "]", findings);
    EXPECT_EQ(judged(rules, "card 4711"), "[withheld: rule " + std::string(each.name) + "]") << each.rule;
    EXPECT_EQ(judged(rules, "card 4711", false), "card #")
        << "platform lines are judged, never withheld: " << each.rule;
    EXPECT_FALSE(findings.all().empty()) << each.rule;
    EXPECT_EQ(findings.all()[0].level, Finding::Level::kError) << each.rule;
  }
}

TEST(ProcessingRules, TheOperatorMayChooseWhatBecomesOfUnmaskedLines) {
  constexpr std::string_view kBroken = R"([{"type":"mask_sequences","name":"m","pattern":"("}])";
  const struct {
    std::string_view choice, expected;
  } kCases[] = {{"ship", "card 4711"},
                {"Drop", "(dropped unmasked)"},
                {"withhold", "[withheld: rule m]"},
                {"", "[withheld: rule m]"},
                {"something", "[withheld: rule m]"}};
  for (const auto& each : kCases) {
    Findings findings;
    ProcessingRules rules = rules_from(kBroken, findings, each.choice);
    EXPECT_EQ(judged(rules, "card 4711"), each.expected) << each.choice;
  }
}

TEST(ProcessingRules, AnExcludeStillDropsWhatWouldBeWithheld) {
  ProcessingRules rules = rules_from(R"([{"type":"mask_sequences","name":"m","pattern":"("},
                                         {"type":"exclude_at_match","name":"e","pattern":"debug"}])");
  EXPECT_EQ(judged(rules, "debug"), "(excluded)");
}

TEST(ProcessingRules, WithholdWhenTheEngineCannotBeLoaded) {
  Findings findings;
  ProcessingRules rules = read_processing_rules(
      {"[" + std::string(kGoodMask) + "]", "X", {}, {}},
      [](std::string& error) -> const sls::RegexEngine* {
        error = "no such library";
        return nullptr;
      },
      findings);
  EXPECT_EQ(judged(rules, "1"), "[withheld: rule digits]");
  EXPECT_NE(all_texts(findings).find("no such library"), std::string::npos);
}

TEST(ProcessingRules, FinishInLinearTimeOnPatternsThatBacktrackersDread) {
  ProcessingRules rules = rules_from(R"([{"type":"exclude_at_match","name":"evil","pattern":"^(a+)+$"}])");
  const std::string text = std::string(100'000, 'a') + "!";
  EXPECT_EQ(judged(rules, text), text);
}

TEST(RulesSetting, AcceptsTheSameRulesInEveryForm) {
  const std::string list = "[" + std::string(kGoodMask) + "]";
  std::string quoted;
  for (const char c : list) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  for (const std::string& form : {list, "\"" + quoted + "\"", "  " + list + "\n"}) {
    Findings findings;
    ProcessingRules rules = rules_from(form, findings);
    EXPECT_EQ(judged(rules, "a1b22"), "a#b#") << form;
    EXPECT_TRUE(findings.all().empty()) << all_texts(findings);
  }
}

TEST(RulesSetting, TakesKeysWithoutRegardToCaseAndNumbersAsText) {
  ProcessingRules rules =
      rules_from(R"([{"Type":"mask_sequences","NAME":7,"Pattern":42,"pattern":43,"replace_placeholder":0}])");
  EXPECT_EQ(judged(rules, "42 43"), "42 0") << "the exact key counts";
  EXPECT_EQ(rules.rules()[0].name, "7");
}

TEST(RulesSetting, NothingIsNoRule) {
  for (const std::string_view nothing : {"", " ", "[]", "null", "\"\"", "\" \""}) {
    Findings findings;
    ProcessingRules rules = rules_from(nothing, findings);
    EXPECT_TRUE(rules.empty()) << nothing;
    EXPECT_TRUE(findings.all().empty()) << nothing;
  }
}

TEST(RulesSetting, FailsClosedWhenTheWholeValueIsUnusable) {
  for (const std::string_view value : {"{", "- type: mask_sequences", "{\"type\":\"mask_sequences\"}", "[",
                                       "\"- type: mask_sequences\"", "[{\"type\":\"mask_sequences\",}]"}) {
    Findings findings;
    ProcessingRules rules = rules_from(value, findings);
    EXPECT_EQ(judged(rules, "card 4711"), "[withheld: rule processing_rules]") << value;
    ASSERT_EQ(findings.all().size(), 1u) << value;
    EXPECT_EQ(findings.all()[0].level, Finding::Level::kError);
    EXPECT_NE(findings.all()[0].text.find("DD_LOGS_CONFIG_PROCESSING_RULES"), std::string::npos);
  }
}

TEST(RulesSetting, SaysOnceThatAValueIsNoListAndWithholdsNothingWhenItSpeaksOfNoMask) {
  for (const std::string_view value : {"1", "{\"a\":\"b\"}", "true", "\"\\\"[]\\\"\""}) {
    Findings findings;
    ProcessingRules rules = rules_from(value, findings);
    EXPECT_EQ(judged(rules, "card 4711"), "card 4711") << value;
    ASSERT_EQ(findings.all().size(), 1u) << value;
    EXPECT_EQ(findings.all()[0].level, Finding::Level::kError);
  }
}

TEST(RulesSetting, SkipsElementsThatAreNoMapsAndSpeakOfNoMask) {
  Findings findings;
  ProcessingRules rules = rules_from("[7,null,\"rule\"," + std::string(kGoodMask) + "]", findings);
  EXPECT_EQ(judged(rules, "card 4711"), "card #");
  EXPECT_EQ(findings.all().size(), 3u);
}

TEST(RulesSetting, FailsClosedWhenItsSourceCannotBeRead) {
  Findings findings;
  ProcessingRules rules =
      read_processing_rules({{}, "default", "datadog.yaml:3:1: a tab", {}}, linked_engine, findings);
  EXPECT_EQ(judged(rules, "card 4711"), "[withheld: rule processing_rules]");
  EXPECT_NE(all_texts(findings).find("datadog.yaml:3:1: a tab"), std::string::npos);
}

TEST(RulesSetting, AppliesARuleWithoutANameUnderItsNumber) {
  Findings findings;
  ProcessingRules rules =
      rules_from(R"([{"type":"mask_sequences","pattern":"a","replace_placeholder":"b"}])", findings);
  EXPECT_EQ(judged(rules, "a"), "b");
  ASSERT_EQ(findings.all().size(), 1u);
  EXPECT_EQ(findings.all()[0].level, Finding::Level::kWarn);
}

}  // namespace
}  // namespace logs
