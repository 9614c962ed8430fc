#include "between/rule_prefilter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "random_pattern.hpp"
#include "rules_under_test.hpp"
#include "sls/codec/json_writer.hpp"
#include "sls/codec/regex.hpp"

namespace logs {
namespace {

PatternShape shape_of(std::string_view pattern) {
  PatternShape shape;
  read_shape(pattern, shape);
  return shape;
}

std::string as_json(std::string_view text) {
  std::string out;
  sls::json::append_quoted(out, text);
  return out;
}

std::string rule(std::string_view type, std::string_view pattern, std::string_view placeholder = "<$0>") {
  std::string out = R"({"type":")" + std::string(type) + R"(","name":"r","pattern":)" + as_json(pattern);
  if (type == "mask_sequences") out += R"(,"replace_placeholder":)" + as_json(placeholder);
  return out + "}";
}

TEST(PatternShape, IsKnownWhereTheSyntaxIs) {
  const struct {
    std::string_view pattern;
    bool known, certain;
  } kCases[] = {
      {"error", true, true},
      {"(?i)bearer\\s+[a-z0-9._\\-]{20,}", true, true},
      {"\\b(?:4[0-9]{3}|5[1-5][0-9]{2})[ -]?[0-9]{4}\\b", true, true},
      {"(?<user>\\w+)@(?P<host>\\w+)", true, true},
      {"a{,3}x{", true, true},
      {"[]a]+[^]b]*", true, true},
      {"", true, true},
      {"a|", true, true},
      {"\\pL\\p{Greek}", true, false},
      {"(?:a{100}){10}", true, false},
      {"a{1000}", true, false},
      {"(?<n>a)(?<n>b)", false, false},
      {"a**", false, false},
      {"a{2}{3}", false, false},
      {"a{3,2}", false, false},
      {"a{1001}", false, false},
      {"(a", false, false},
      {"a)", false, false},
      {"[a", false, false},
      {"[z-a]", false, false},
      {"*a", false, false},
      {"\\C", false, false},
      {"\\1", false, false},
      {"(?=a)", false, false},
      {"(?x)a", false, false},
      {"\xFF", false, false},
      {"\xED\xA0\x80", false, false},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(shape_of(each.pattern).known, each.known) << each.pattern;
    EXPECT_EQ(shape_of(each.pattern).certain, each.certain) << each.pattern;
  }
}

TEST(PatternShape, GivesUpNestingThatNobodyWrites) {
  const std::string deep = std::string(100'000, '(') + "a" + std::string(100'000, ')');
  EXPECT_FALSE(shape_of(deep).known);
  EXPECT_FALSE(shape_of(std::string(100'000, 'a')).known);
  EXPECT_FALSE(shape_of("((((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000}){1000})").certain);
}

TEST(PatternShape, NeverCallsAPatternCertainThatTheEngineRefuses) {
  std::mt19937 random(4711);
  RandomPattern made(random);
  constexpr std::string_view kBreakers = "()[]{}*+?|\\^$.,-:<>=!PQEix019\xC3";
  std::size_t certain = 0, refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    made.make();
    std::string pattern = made.pattern;
    for (unsigned n = made.below(4); n > 0; --n) {
      const std::size_t at = made.below(static_cast<unsigned>(pattern.size()) + 1);
      pattern.insert(at, 1, kBreakers[made.below(kBreakers.size())]);
    }
    std::string error;
    const bool compiles = static_cast<bool>(sls::Regex::compile(*sls_regex_engine_v1(), pattern, error));
    const PatternShape shape = shape_of(pattern);
    ASSERT_TRUE(compiles || !shape.certain) << pattern << ": " << error;
    certain += shape.certain;
    refused += !compiles;
  }
  EXPECT_GT(certain, 8'000U);
  EXPECT_GT(refused, 2'000U);
}

std::string judged(ProcessingRules& rules, std::string_view text) {
  const auto verdict = rules.judge(text, true);
  return (verdict.masked ? "masked " : "") + std::to_string(static_cast<int>(verdict.fate)) + " "
         + std::string(verdict.text);
}

// `count` rules made at random, judged with and without the prefilter.
void compare(std::mt19937& random, std::size_t count, int texts, std::size_t& changed) {
  RandomPattern made(random);
  std::vector<std::string> samples;
  std::string list = "[";
  for (std::size_t i = 0; i < count; ++i) {
    made.make();
    samples.push_back(made.sample);
    static constexpr std::array<std::string_view, 6> kTypes = {
        "mask_sequences", "mask_sequences", "mask_sequences", "mask_sequences", "exclude_at_match", "include_at_match"};
    // long lists that drop everything would compare nothing
    const std::string_view type = count > 20 ? "mask_sequences" : made.pick(kTypes);
    static constexpr std::array<std::string_view, 4> kPlaceholders = {"<$0>", "", "error 42", "k"};
    list += (i > 0 ? "," : "") + rule(type, made.pattern, made.pick(kPlaceholders));
  }
  list += "]";
  ProcessingRules filtered = rules_from(list);
  Findings findings;
  ProcessingRules plain = read_processing_rules({list, "here", {}, {}, false}, linked_engine, findings);
  for (int i = 0; i < texts; ++i) {
    std::string text = made.noise(6);
    for (unsigned n = made.below(3); n > 0; --n)
      text += samples[made.below(static_cast<unsigned>(count))] + made.noise(4);
    if (text.size() > 4096) continue;
    const std::string wanted = judged(plain, text);
    ASSERT_EQ(judged(filtered, text), wanted) << list << "\n" << text;
    changed += wanted != "0 " + text;
  }
  for (std::size_t i = 0; i < plain.rules().size(); ++i) {
    ASSERT_EQ(plain.rules()[i].matched, filtered.rules()[i].matched) << list;
  }
}

TEST(RulePrefilter, ChangesNothingButTheTime) {
  std::mt19937 random(20261124);
  std::size_t compared = 0, changed = 0;
  for (int round = 0; round < 250; ++round) {
    const std::size_t count = 1 + random() % 12;
    compare(random, count, 70, changed);
    if (HasFatalFailure()) return;
    compared += count * 70;
  }
  EXPECT_GT(compared, 100'000U);
  EXPECT_GT(changed, 5'000U) << "most texts must be touched by some rule";
}

TEST(RulePrefilter, ChangesNothingWithHundredsOfRules) {
  std::mt19937 random(20261125);
  std::size_t changed = 0;
  // A sanitizer fills what the engine's automata allocate, and there are hundreds of them.
#ifdef NDEBUG
  constexpr int kTexts = 60;
#else
  constexpr int kTexts = 6;
#endif
  for (const std::size_t count : {30U, 64U, 65U, 200U}) compare(random, count, kTexts, changed);
  EXPECT_GT(changed, static_cast<std::size_t>(kTexts));
}

TEST(RulePrefilter, LeavesOutRulesThatCannotMatch) {
  RulePrefilter prefilter;
  for (const std::string_view pattern :
       {"password=\\S+", "\\b[0-9a-f]{32}\\b", "\\w+@\\w+\\.com", "(?:alpha|beta|gamma)!"}) {
    prefilter.add(pattern, shape_of(pattern));
  }
  prefilter.add_always();
  prefilter.seal();
  using Rules = std::vector<std::uint32_t>;
  EXPECT_EQ(prefilter.candidates("an ordinary line, id 7c1e9a52-5b1f-4c0d-9d3e-2f1a7b6c8d90", 0), Rules({4}));
  EXPECT_EQ(prefilter.candidates("password=x", 0), Rules({0, 4}));
  EXPECT_EQ(prefilter.candidates("d41d8cd98f00b204e9800998ecf8427e", 0), Rules({1, 4}));
  EXPECT_EQ(prefilter.candidates("a@b.com beta!", 0), Rules({2, 3, 4}));
  EXPECT_EQ(prefilter.candidates("a@b.com beta!", 3), Rules({3, 4}));
  EXPECT_EQ(prefilter.candidates("", 0), Rules({4}));
}

TEST(RulePrefilter, FindsTheLiteralsOfTenThousandRules) {
  RulePrefilter prefilter;
  for (int i = 0; i < 10'000; ++i) {
    const std::string pattern =
        (i % 2 == 0 ? "(?i)" : "") + std::string("customer-") + std::to_string(100'000 + i) + "\\d*";
    prefilter.add(pattern, shape_of(pattern));
  }
  prefilter.seal();
  using Rules = std::vector<std::uint32_t>;
  EXPECT_EQ(prefilter.candidates("nobody is named here, 100000", 0), Rules());
  EXPECT_EQ(prefilter.candidates("customer-100007 CUSTOMER-107000 customer-109999 Customer-100001", 0),
            Rules({7, 7000, 9999}));
  EXPECT_EQ(prefilter.candidates("customer-100007customer-100007", 7), Rules({7}));
  EXPECT_EQ(prefilter.candidates("customer-100007", 8), Rules());
}

TEST(ProcessingRules, CompileAPatternWithTheFirstTextThatItMayMatch) {
  ProcessingRules rules =
      rules_from("[" + rule("mask_sequences", "secret\\d+") + "," + rule("mask_sequences", "\\pL{3}9") + "]");
  EXPECT_FALSE(rules.rules()[0].regex);
  EXPECT_TRUE(rules.rules()[1].regex) << "whether there is a class of that name only the engine knows";
  EXPECT_EQ(rules.judge("secret", true).text, "secret");
  EXPECT_FALSE(rules.rules()[0].regex);
  EXPECT_EQ(rules.judge("secret7", true).text, "<secret7>");
  EXPECT_TRUE(rules.rules()[0].regex);
}

}  // namespace
}  // namespace logs
