// Rules that look into one attribute of a JSON text.
#include <gtest/gtest.h>

#include "rules_under_test.hpp"

namespace logs {
namespace {

std::string judged(std::string_view list, std::string_view text) {
  ProcessingRules rules = rules_from(list);
  const auto verdict = rules.judge(text, true);
  return verdict.fate == ProcessingRules::Fate::kExcluded ? "(excluded)" : std::string(verdict.text);
}

TEST(AttributeRules, MaskOneAttributeAndLeaveEveryOtherByte) {
  constexpr std::string_view kRule =
      R"([{"type":"mask_sequences","name":"m","attribute":"user.email","pattern":"[^@]+@","replace_placeholder":"\"?\"@"}])";
  const struct {
    std::string_view text, expected;
  } kCases[] = {
      {R"({ "user": {"email": "bob@x.com", "name": "bob@home"} })"
       "\n",
       R"({ "user": {"email": "\"?\"@x.com", "name": "bob@home"} })"
       "\n"},
      {R"({"user.email":"bob@x.com"})", R"({"user.email":"\"?\"@x.com"})"},
      {R"({"user":[{"email":"a@1"},{"email":"b@2"},7]})", R"({"user":[{"email":"\"?\"@1"},{"email":"\"?\"@2"},7]})"},
      {R"({"user":{"email":["a@1","none"]}})", R"({"user":{"email":"\"?\"@1\",\"none\"]"}})"},
      {R"({"user":{"\u0065mail":"b\u006fb@x"}})", R"({"user":{"\u0065mail":"\"?\"@x"}})"},
      {R"({"user":{"email":12}})", R"({"user":{"email":12}})"},
      {R"({"email":"bob@x.com"})", R"({"email":"bob@x.com"})"},
      {R"({"user":{"email":"bob@x.com"})", R"({"user":{"email":"bob@x.com"})"},
      {"user.email=bob@x.com", "user.email=bob@x.com"},
      {R"([{"user":{"email":"bob@x.com"}}])", R"([{"user":{"email":"bob@x.com"}}])"},
  };
  for (const auto& each : kCases) EXPECT_EQ(judged(kRule, each.text), each.expected);
}

TEST(AttributeRules, DropAndKeepByOneAttribute) {
  constexpr std::string_view kExclude =
      R"([{"type":"exclude_at_match","name":"e","attribute":"http.status","pattern":"^2\\d\\d$"}])";
  EXPECT_EQ(judged(kExclude, R"({"http":{"status":204},"x":1})"), "(excluded)");
  EXPECT_EQ(judged(kExclude, R"({"http":{"status":500},"size":200})"), R"({"http":{"status":500},"size":200})");
  constexpr std::string_view kInclude =
      R"([{"type":"include_at_match","name":"i","attribute":"a\\.b","pattern":"yes"}])";
  EXPECT_EQ(judged(kInclude, R"({"a.b":"yes"})"), R"({"a.b":"yes"})");
  EXPECT_EQ(judged(kInclude, R"({"a":{"b":"yes"}})"), "(excluded)");
  EXPECT_EQ(judged(kInclude, "yes"), "(excluded)");
}

TEST(AttributeRules, FailClosedWhereAMaskNamesNoAttribute) {
  Findings findings;
  ProcessingRules rules =
      rules_from(R"([{"type":"mask_sequences","name":"m","attribute":"a..b","pattern":"x"}])", findings);
  EXPECT_EQ(findings.all().size(), 2U);
  EXPECT_EQ(rules.judge("x", true).text, "[withheld: rule m]");
}

}  // namespace
}  // namespace logs
