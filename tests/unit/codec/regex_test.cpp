#include "sls/codec/regex.hpp"

#include <gtest/gtest.h>

namespace sls {
namespace {

TEST(TranslatePattern, RewritesNamedGroupsOnlyWhereTheyAreGroups) {
  const struct {
    std::string_view pattern, expected;
  } kCases[] = {
      {"(?<user>\\w+)", "(?P<user>\\w+)"},
      {"(?P<user>\\w+)", "(?P<user>\\w+)"},
      {"\\(?<user>", "\\(?<user>"},
      {"[(?<a>]", "[(?<a>]"},
      {"[](?<a>](?<b>x)", "[](?<a>](?P<b>x)"},
      {"[^](?<a>](?<b>x)", "[^](?<a>](?P<b>x)"},
      {"[[:alpha:](?<a>](?<b>x)", "[[:alpha:](?<a>](?P<b>x)"},
      {"[\\](?<a>](?<b>x)", "[\\](?<a>](?P<b>x)"},
      {"\\Q(?<a>\\E(?<b>x)", "\\Q(?<a>\\E(?P<b>x)"},
      {"\\Q(?<a>", "\\Q(?<a>"},
      {"[a", "[a"},
      {"a\\", "a\\"},
      {"", ""},
  };
  for (const auto& each : kCases) {
    std::string out;
    EXPECT_TRUE(translate_pattern(each.pattern, out)) << each.pattern;
    EXPECT_EQ(out, each.expected);
  }
}

TEST(TranslatePattern, RefusesTheByteEscapeButNotItsLetters) {
  std::string out;
  EXPECT_FALSE(translate_pattern("a\\Cb", out));
  EXPECT_TRUE(translate_pattern("a\\\\Cb", out));
  EXPECT_TRUE(translate_pattern("\\Q\\C\\E", out));
}

TEST(Regex, AcceptsAndRefusesAsGoDoes) {
  const struct {
    std::string_view pattern;
    bool accepted;
  } kCases[] = {
      {"(?<n>a)", true},  {"\\Qa.b\\E", true}, {"a{,3}", true},  {"[a&&b]", true},  {"\\pL\\p{Greek}", true},
      {"a{1000}", true},  {"a{1001}", false},  {"(?=a)", false}, {"(a)\\1", false}, {"a**", false},
      {"\\u00e9", false}, {"\\Z", false},      {"(?x)a", false}, {"(", false},      {"\\C", false},
  };
  for (const auto& each : kCases) {
    std::string error;
    const Regex regex = Regex::compile(*sls_regex_engine_v1(), each.pattern, error);
    EXPECT_EQ(static_cast<bool>(regex), each.accepted) << each.pattern;
    EXPECT_EQ(error.empty(), each.accepted) << each.pattern << ": " << error;
  }
}

TEST(Regex, FindsInEmptyTextsAndFromTheMiddle) {
  std::string error;
  const Regex word = Regex::compile(*sls_regex_engine_v1(), "\\bb", error);
  RegexGroup span;
  EXPECT_FALSE(word.search("ab", 1, {&span, 1})) << "what lies before counts for the word boundary";
  EXPECT_TRUE(word.search("a b", 1, {&span, 1}));
  EXPECT_EQ(span.begin, 2);
  const Regex nothing = Regex::compile(*sls_regex_engine_v1(), "^$", error);
  EXPECT_TRUE(nothing.search(std::string_view(), 0, {&span, 1}));
  EXPECT_EQ(span.begin, 0);
  EXPECT_EQ(span.end, 0);
}

}  // namespace
}  // namespace sls
