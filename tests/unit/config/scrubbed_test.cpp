#include "config/scrubbed.hpp"

#include <gtest/gtest.h>

#include "config/shown.hpp"
#include "config/yaml_source.hpp"

namespace agent {
namespace {

class Scrubbed : public testing::Test {
 protected:
  Scrubbed() { set_regex_library(SLS_REGEX_LIBRARY); }

  std::string yaml(std::string_view text) { return scrubbed_yaml(scrubber_, text); }
  std::string json(std::string_view text) { return scrubbed_json(scrubber_, text); }

  sls::Scrubber scrubber_{open_own_regex_engine};
};

TEST_F(Scrubbed, YamlKeepsItsOrderAndHowValuesAreSpelt) {
  EXPECT_EQ(
      yaml("b: yes\na: 1.10\nn: ~\nt: '12'\nl:\n- -5\n- {k: [x, []], e: {}}\n- - 'a: b'\n"),
      "b: yes\na: 1.10\nn: null\nt: \"12\"\nl:\n  - -5\n  - k:\n      - x\n      - []\n    e: {}\n  - - \"a: b\"");
}

TEST_F(Scrubbed, YamlReadsBackAsWhatItWas) {
  const std::string_view given =
      "a: &x \"two\\nlines # no, \\u0085\\u2028\\x7f\\ufeff\"\nb: *x\n? 'q: r'\n: 1\nc: >\n  folded\n  text\n";
  const auto before = parse_yaml(given), after = parse_yaml(yaml(given));
  ASSERT_TRUE(before && after) << yaml(given);
  EXPECT_EQ(to_json(*after, after->root()), to_json(*before, before->root()));
}

// Where a search over the written text would have taken the backslash of the quote.
TEST_F(Scrubbed, YamlIsStillYamlWhateverWasHidden) {
  EXPECT_EQ(yaml("a: k@h pass=\"a b *\n"), "a: \"k@h pass=\\\"******** b *\"");
  EXPECT_EQ(yaml("{? [a] : 1, 'pass=x': 2}"), "\"\": 1\n\"pass=********\": \"********\"");
}

TEST_F(Scrubbed, WholeValuesAreHiddenByTheirKeys) {
  EXPECT_EQ(yaml("passwords:\n- a\n- {b: c}\nport: 1"), "passwords: \"********\"\nport: 1");
  EXPECT_EQ(yaml("api_key: 123\nAPP_KEY: [a]"), "api_key: \"********\"\nAPP_KEY: \"********\"");
  EXPECT_EQ(yaml("additional_endpoints:\n  https://x: [k1, 'ENC[z]', ~]"),
            "additional_endpoints:\n  https://x:\n    - \"********\"\n    - \"ENC[z]\"\n    - null");
  EXPECT_EQ(yaml("additional_endpoints:\n- {api_key: abcdefgh, Host: h}"),
            "additional_endpoints:\n  - api_key: \"******gh\"\n    Host: h");
}

TEST_F(Scrubbed, AnAnchorIsJudgedWhereItIsUsed) {
  EXPECT_EQ(yaml("a: &x hunter2\npassword: *x"), "a: hunter2\npassword: \"********\"");
  EXPECT_EQ(yaml("base: &b {token: t}\nc:\n  <<: *b"), "base:\n  token: \"********\"\nc:\n  token: \"********\"");
}

TEST_F(Scrubbed, JsonIsIndentedAndItsNumbersStay) {
  EXPECT_EQ(
      json("{\"a\":[1.50,null,true,{}],\"pwd\":{\"x\":1},\"u\":\"redis://:pw@h\",\"d\":{\"k\":\"\\ud83d\\ude00\"}}"),
      "{\n  \"a\": [\n    1.50,\n    null,\n    true,\n    {}\n  ],\n  \"pwd\": \"********\",\n"
      "  \"u\": \"redis://:********@h\",\n  \"d\": {\n    \"k\": \"\xF0\x9F\x98\x80\"\n  }\n}");
  EXPECT_EQ(json("{\"community_strings\":[\"a\"]}"), "{\n  \"community_strings\": \"********\"\n}");
}

TEST_F(Scrubbed, WhatIsNoDocumentIsScrubbedAsText) {
  for (const std::string_view given : {"a: [\npassword: hunter2", "a: 1\n---\npassword: hunter2"}) {
    EXPECT_NE(yaml(given).find("password: \"********\""), std::string::npos) << yaml(given);
    EXPECT_EQ(yaml(given).find("hunter2"), std::string::npos);
  }
  EXPECT_EQ(json("{\"password\": \"hunter2\""), "{\"password\": \"********\"");
  EXPECT_EQ(json("{\"token\": \"x\"} 1"), "{\"token\": \"********\"} 1");
  const std::string deep = std::string(100, '[') + "\"password=hunter2\"" + std::string(100, ']');
  EXPECT_EQ(json(deep).find("hunter2"), std::string::npos);
  EXPECT_EQ(yaml(deep).find("hunter2"), std::string::npos);
  EXPECT_EQ(yaml(""), "");
  EXPECT_EQ(json(""), "");
}

}  // namespace
}  // namespace agent
