// Each type of row, from a variable and from datadog.yaml.
#include "rows.hpp"

namespace agent {
namespace {

using testing::Reading;
using testing::row;

constexpr std::string_view kUnusable = "(unusable)";
constexpr std::string_view kUnset = "(unset)";

struct Case {
  std::string_view type, given, expect;
  std::string_view minimum = "", maximum = "";
};

std::string outcome(const Reading& reading) {
  if (reading.value().present) return reading.value().text;
  return std::string(reading.findings.all().empty() ? kUnset : kUnusable);
}

class FromVariable : public ::testing::TestWithParam<Case> {};

TEST_P(FromVariable, BecomesTheCanonicalText) {
  const Case& given = GetParam();
  const auto rows = std::vector{row({"x", "x", "DD_X", given.type, "", given.minimum, given.maximum})};
  const Reading reading(rows, {{"DD_X", std::string(given.given)}}, "");
  EXPECT_EQ(outcome(reading), given.expect) << reading.all_findings();
}

INSTANTIATE_TEST_SUITE_P(
    Values, FromVariable,
    ::testing::Values(
        Case{"bool", "true", "true"}, Case{"bool", "TRUE", "true"}, Case{"bool", " False ", "false"},
        Case{"bool", "1", "true"}, Case{"bool", "0", "false"}, Case{"bool", "1.0", "true"},
        Case{"bool", "0.0", "false"}, Case{"bool", "no", kUnusable}, Case{"bool", "yes", kUnusable},
        Case{"bool", "on", kUnusable}, Case{"bool", "2", kUnusable}, Case{"bool", "", kUnset},
        Case{"bool", "  ", kUnset},  //
        Case{"int", "-12", "-12"}, Case{"int", " 7 ", "7"}, Case{"int", "007", "7"}, Case{"int", "7.0", kUnusable},
        Case{"int", "7 seconds", kUnusable}, Case{"int", "9223372036854775808", kUnusable},
        Case{"int", "23", kUnusable, "1", "22"}, Case{"int", "0", kUnusable, "1", "22"},
        Case{"int", "22", "22", "1", "22"}, Case{"uint", "0", "0"}, Case{"uint", "-1", kUnusable},
        Case{"uint", "18446744073709551615", "18446744073709551615"}, Case{"uint", "65536", kUnusable, "", "65535"},  //
        Case{"float", "0.25", "0.25"}, Case{"float", "-1e3", "-1000"}, Case{"float", "nan", kUnusable},
        Case{"float", "inf", kUnusable}, Case{"float", "1,5", kUnusable}, Case{"float", "1.5", kUnusable, "0", "1"},  //
        Case{"string", "  as it is ", "  as it is "}, Case{"string", "true", "true"}, Case{"string", "", kUnset},
        Case{"string_or_int", "1.10", "1.10"}, Case{"string_or_int", "007", "007"}, Case{"string_or_int", " a ", "a"},
        Case{"string_or_int", "   ", kUnset},  //
        Case{"duration_s", "30", "30"}, Case{"duration_s", "0.5", "0.5"}, Case{"duration_s", "-1", kUnusable},
        Case{"duration_s", "30s", kUnusable}, Case{"duration_s", "0", kUnusable, "0.001"},  //
        Case{"duration_us", "5000", "5000"}, Case{"duration_us", "0.5", kUnusable},         //
        Case{"csv", "a, b,,c ", R"(["a","b","c"])"}, Case{"csv", R"(say "hi")", R"(["say \"hi\""])"},
        Case{"csv", ",", kUnset}, Case{"key_values", "a:1,b:2 c:3", R"(["a:1","b:2","c:3"])"},
        Case{"key_values", "a:1,a:2", R"(["a:2"])"},
        Case{"key_values", "url:http://x:80", R"(["url:http://x:80"])"},  //
        Case{"list", R"([1, "two", {"three": [true, null]}])", R"([1,"two",{"three":[true,null]}])"},
        Case{"list", "a, b", R"(["a","b"])"}, Case{"list", "[]", kUnset}, Case{"list", "[1, 2", kUnusable},
        Case{"list", R"(["\\d{16}"])", R"(["\\d{16}"])"},  //
        Case{"map", R"({"a":1,"b":{"c":"1"}})", R"({"a":1,"b":{"c":"1"}})"},
        Case{"map", "a:1, b:2", R"({"a":"1","b":"2"})"}, Case{"map", "{}", kUnset}, Case{"map", "{a", kUnusable},  //
        Case{"json", R"( [{"type": "x" }, broken)", R"([{"type": "x" }, broken)"}, Case{"json", "[]", kUnset},
        Case{"json", " {} ", kUnset}, Case{"a type of a later day", "text", "text"}));

class FromYaml : public ::testing::TestWithParam<Case> {};

TEST_P(FromYaml, BecomesTheCanonicalText) {
  const Case& given = GetParam();
  const auto rows = std::vector{row({"x", "x", "DD_X", given.type, "", given.minimum, given.maximum})};
  const Reading reading(rows, {}, "x: " + std::string(given.given) + "\n");
  EXPECT_EQ(outcome(reading), given.expect) << reading.all_findings();
}

INSTANTIATE_TEST_SUITE_P(
    Values, FromYaml,
    ::testing::Values(
        Case{"bool", "true", "true"}, Case{"bool", "True", "true"}, Case{"bool", "'false'", "false"},
        Case{"bool", "0", "false"}, Case{"bool", "yes", kUnusable}, Case{"bool", "[true]", kUnusable},
        Case{"bool", "", kUnset}, Case{"bool", "~", kUnset}, Case{"bool", "null", kUnset},  //
        Case{"int", "-3", "-3"}, Case{"int", "'3'", "3"}, Case{"int", "three", kUnusable},
        Case{"int", "{a: 1}", kUnusable}, Case{"uint", "8125", "8125"}, Case{"float", ".5", "0.5"},  //
        Case{"string", "1.10", "1.10"}, Case{"string", "true", "true"}, Case{"string", "''", ""},
        Case{"string", "' a '", " a "}, Case{"string", "[a]", kUnusable},  //
        Case{"string_or_int", "1.10", "1.10"}, Case{"string_or_int", "007", "007"},
        Case{"string_or_int", "0x1F", "0x1F"}, Case{"string_or_int", "''", kUnset},                                 //
        Case{"duration_s", "1.5", "1.5"}, Case{"duration_us", "250", "250"}, Case{"duration_s", "[1]", kUnusable},  //
        Case{"csv", "[a, 1, 'b c']", R"(["a","1","b c"])"}, Case{"csv", "a, b", R"(["a","b"])"},
        Case{"csv", "[]", kUnset}, Case{"csv", "{a: b}", kUnusable},  //
        Case{"key_values", "['a:1', b:2]", R"(["a:1","b:2"])"},
        Case{"key_values", "[a: 1, {b: 2}]", R"(["a:1","b:2"])"}, Case{"key_values", "'a:1 b:2'", R"(["a:1","b:2"])"},
        Case{"key_values", "{a: 1}", R"(["a:1"])"}, Case{"key_values", "['k:with blank']", R"(["k:with blank"])"},
        Case{"key_values", "[]", kUnset},  //
        Case{"list", "[1, '1', yes, ~, [a]]", R"([1,"1","yes",null,["a"]])"}, Case{"list", "{a: 1}", kUnusable},
        Case{"list", "'[1, 2]'", "[1,2]"},  //
        Case{"map", "{a: 1.50, b: false}", R"({"a":1.50,"b":false})"}, Case{"map", "[1]", kUnusable},
        Case{"map", "{a: }", R"({"a":null})"},  //
        Case{"json", "[{name: n, pattern: '\\d+'}]", R"([{"name":"n","pattern":"\\d+"}])"},
        Case{"json", "[01, 0x1F, 1., +1, .5, 1e5, -0.5, TRUE, .inf]",
             R"(["01","0x1F","1.","+1",".5",1e5,-0.5,true,".inf"])"},
        Case{"json", R"('[{"a":1}]')", R"([{"a":1}])"}, Case{"json", "[]", kUnset}, Case{"json", "{}", kUnset},
        Case{"json", "!!str 12", "12"}, Case{"json", "[!!str 12, \"tab\\t\"]", R"(["12","tab\t"])"}));

TEST(Values, BadPairsAreNamedAndTheOthersLive) {
  const auto rows = std::vector{row({"x", "x", "DD_X", "key_values"})};
  const Reading reading(rows, {{"DD_X", "url:http://x:80,bad,:v,k:"}}, "");
  EXPECT_EQ(reading.value().text, R"(["url:http://x:80"])");
  ASSERT_EQ(reading.findings.all().size(), 3u);
  EXPECT_EQ(reading.finding(0),
            "DD_X: x holds \"bad\", which is left out; wanted a list of key:value texts, or one text with commas");
}

TEST(Values, ListsAndPairsComeBackAsTexts) {
  const auto rows = std::vector{row({"l", "l", "DD_L", "list"}), row({"p", "p", "DD_P", "key_values"})};
  const Reading reading(rows, {}, "l: [\"tab\\t\", 1, [a, \"]\"], \"\\U0001F600 \\\\\", é]\np: ['a:b:c']\n");
  EXPECT_EQ(reading.resolved.list("l"),
            (std::vector<std::string>{"tab\t", "1", R"(["a","]"])", "\xF0\x9F\x98\x80 \\", "é"}));
  EXPECT_EQ(reading.resolved.pairs("p"), (std::vector<std::pair<std::string, std::string>>{{"a", "b:c"}}));
}

TEST(Values, EscapedTextsOfAFallbackAreDecoded) {
  const auto rows = std::vector{row({"x", "x", "DD_X", "json", R"(["\u00e9","\ud83d\ude00","\ud83d","\n"])"})};
  const Reading reading(rows, {}, "");
  EXPECT_EQ(reading.resolved.list("x"), (std::vector<std::string>{"é", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", "\n"}));
}

TEST(Values, NumbersAndFlagsComeBackAsTheirTypes) {
  const auto rows = std::vector{row({"b", "b", "DD_B", "bool", "true"}), row({"i", "i", "DD_I", "int"}),
                                row({"f", "f", "DD_F", "duration_s", "1.5"})};
  const Reading reading(rows, {}, "i: -7\n");
  EXPECT_TRUE(reading.resolved.flag("b"));
  EXPECT_EQ(reading.resolved.integer("i"), -7);
  EXPECT_DOUBLE_EQ(reading.resolved.number("f"), 1.5);
  const Reading unset(rows, {}, "");
  EXPECT_EQ(unset.resolved.integer("i", 42), 42);
}

}  // namespace
}  // namespace agent
