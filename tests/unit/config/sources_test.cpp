// Precedence, origins, findings, and rows that protect data.
#include "config/shown.hpp"
#include "config/value_text.hpp"
#include "rows.hpp"

namespace agent {
namespace {

using testing::Reading;
using testing::row;

const std::vector<sls_option> kX = {row({"x", "x|old.x", "DD_X|DD_OLD_X", "int", "3"})};

struct Precedence {
  std::string_view name;
  Sources::Environment environment;
  std::string_view yaml, text, where;
};

TEST(Precedence, EnvironmentThenFileThenDefault) {
  const std::vector<Precedence> cases = {
      {"nothing", {}, "", "3", "default"},
      {"file", {}, "a: 0\nx:   4\n", "4", "datadog.yaml:2:6"},
      {"second path", {}, "old:\n  x: 5\n", "5", "datadog.yaml:2:6"},
      {"first path wins", {}, "old: {x: 5}\nx: 4\n", "4", "datadog.yaml:2:4"},
      {"variable", {{"DD_X", "6"}}, "x: 4", "6", "DD_X"},
      {"second variable", {{"DD_OLD_X", "7"}}, "x: 4", "7", "DD_OLD_X"},
      {"first variable wins", {{"DD_OLD_X", "7"}, {"DD_X", "6"}}, "", "6", "DD_X"},
      {"empty variable", {{"DD_X", ""}}, "x: 4", "4", "datadog.yaml:1:4"},
      {"long prefix", {{"DATADOG_X", "8"}}, "x: 4", "8", "DATADOG_X"},
      {"short prefix wins", {{"DATADOG_X", "8"}, {"DD_X", "6"}}, "", "6", "DD_X"},
      {"short prefix of another name wins", {{"DATADOG_X", "8"}, {"DD_OLD_X", "7"}}, "", "7", "DD_OLD_X"},
      {"any case", {{"dd_x", "9"}}, "x: 4", "9", "DD_X"},
      {"the right case wins", {{"dd_x", "9"}, {"DD_X", "6"}}, "", "6", "DD_X"},
      {"null in the file", {}, "x:\n", "3", "default"},
  };
  for (const Precedence& given : cases) {
    SCOPED_TRACE(given.name);
    const Reading reading(kX, given.environment, given.yaml);
    EXPECT_EQ(reading.value().text, given.text);
    EXPECT_EQ(reading.value().origin.where, given.where);
    EXPECT_EQ(reading.all_findings(), "");
  }
}

TEST(Precedence, AnUnusableValueGivesWayToTheNextSource) {
  const Reading reading(kX, {{"DD_X", "many"}}, "x: 4\n");
  EXPECT_EQ(reading.value().text, "4");
  EXPECT_EQ(reading.all_findings(),
            "DD_X: x is \"many\"; wanted a whole number; the value 4 of datadog.yaml:1:4 is used\n");
}

TEST(Findings, SayPlaceValueWantedAndDefault) {
  const Reading reading(
      {row({"flush_timeout", "flush_timeout", "DD_T", "duration_s", "30"}), row({"y", "y", "DD_Y", "int"})}, {},
      "# first\nflush_timeout: abc\ny: 2\n");
  EXPECT_EQ(reading.all_findings(),
            "datadog.yaml:2:16: flush_timeout is \"abc\"; wanted a number of seconds; the default 30 is used\n");
  EXPECT_EQ(reading.value("y").text, "2");
}

TEST(Findings, SayThatNothingTakesThePlace) {
  const Reading reading({row({"y", "y", "DD_Y", "int", "", "1", "9"})}, {{"DD_Y", "10"}}, "");
  EXPECT_EQ(reading.finding(), "DD_Y: y is \"10\"; wanted a whole number from 1 to 9; it counts as not set");
  EXPECT_FALSE(reading.value("y").present);
}

TEST(Findings, NeverHoldASecret) {
  const auto secret = row({"k", "k", "DD_K", "int", "77", "", "", SLS_OPTION_SECRET});
  const Reading reading({secret}, {{"DD_K", "hunter2"}}, "k: [hunter3]\n");
  EXPECT_EQ(reading.finding(0), "DD_K: k is [hidden]; wanted a whole number; the default is used");
  EXPECT_EQ(reading.all_findings().find("hunter"), std::string::npos);
  EXPECT_EQ(reading.all_findings().find("77"), std::string::npos);
  EXPECT_EQ(shown(reading.value("k")), "[hidden]");
}

TEST(Findings, NeverHoldWhatLooksLikeACredential) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"http://user:pass@proxy:3128", "http://[hidden]@proxy:3128"},
      {"user:p@ss@proxy:3128", "[hidden]@proxy:3128"},
      {"0123456789abcdef0123456789abcdef", "[hidden]"},
      {"AKIAIOSFODNN7EXAMPL3", "[hidden]"},
      {"{\"api_key\": \"abc\", \"Host\": \"h\"}", "{\"api_key\": \"[hidden]\", \"Host\": \"h\"}"},
      {"password=abc&x=1", "password=[hidden]&x=1"},
      {"someone@example.com", "someone@example.com"},
      {"just a text, 12 of them", "just a text, 12 of them"},
      {"two\nlines", "two lines"},
  };
  for (const auto& [given, expect] : cases) {
    const Reading reading({row({"y", "y", "DD_Y", "int"})}, {{"DD_Y", given}}, "");
    EXPECT_EQ(reading.finding(), "DD_Y: y is \"" + expect + "\"; wanted a whole number; it counts as not set");
  }
}

TEST(Shown, ValuesGoThroughTheScrubberToo) {
  set_regex_library(SLS_REGEX_LIBRARY);
  const Reading reading({row({"y", "y", "DD_Y", "string"}), row({"my_token", "z", "DD_Z", "string"})},
                        {{"DD_Y", "pwd: abc def"}, {"DD_Z", "short"}}, "");
  EXPECT_EQ(shown(reading.value("y")), "pwd: \"********\"");
  EXPECT_EQ(shown(reading.value("my_token")), "[hidden]");
  EXPECT_EQ(scrubbed("the proxy http://u:hunter2@p is not to be had"),
            "the proxy http://u:********@p is not to be had");
}

TEST(Findings, CutLongValuesAtACharacter) {
  std::string umlauts = "a";
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  const Reading reading({row({"y", "y", "DD_Y", "int"})}, {{"DD_Y", umlauts}}, "");
  EXPECT_NE(reading.finding().find(umlauts.substr(0, 99) + "…\""), std::string::npos) << reading.finding();
}

TEST(Findings, AreOnlyCountedBeyondTheirLimit) {
  Findings findings;
  for (int i = 0; i < 60; ++i) findings.add(Level::kWarn, "one");
  EXPECT_EQ(findings.all().size(), 50u);
  EXPECT_EQ(findings.suppressed(), 10u);
}

std::vector<sls_option> protecting() {
  return {row({"rules", "log.rules", "DD_RULES", "json", "", "", "", SLS_OPTION_PROTECTS}),
          row({"words", "log.words", "DD_WORDS", "list", "", "", "", SLS_OPTION_PROTECTS}),
          row({"other", "log.other", "DD_OTHER", "json"})};
}

TEST(Protects, ABrokenFileThatHoldsTheNameIsUnreadable) {
  const Reading reading(protecting(), {}, "log:\n  rules: [{\n  other: 1\n");
  ASSERT_EQ(reading.resolved.unreadable().size(), 1u);
  EXPECT_EQ(reading.resolved.unreadable()[0].first, "rules");
  EXPECT_NE(reading.resolved.unreadable()[0].second.find("datadog.yaml: "), std::string::npos);
}

TEST(Protects, AVariableStandsInForABrokenFile) {
  const Reading reading(protecting(), {{"DD_RULES", "[{}]"}}, "log:\n  rules: [{\n");
  EXPECT_TRUE(reading.resolved.unreadable().empty());
  EXPECT_EQ(reading.value("rules").text, "[{}]");
}

TEST(Protects, AValueOfTheWrongTypeIsUnreadableEvenWhenAnotherSourceHasOne) {
  const Reading yaml(protecting(), {}, "log: {words: {a: b}}\n");
  ASSERT_EQ(yaml.resolved.unreadable().size(), 1u);
  EXPECT_EQ(yaml.resolved.unreadable()[0].first, "words");
  EXPECT_EQ(yaml.resolved.unreadable()[0].second, "datadog.yaml:1:14: wanted a list");
  const Reading variable(protecting(), {{"DD_WORDS", "[broken"}}, "log: {words: [a]}\n");
  ASSERT_EQ(variable.resolved.unreadable().size(), 1u);
  EXPECT_EQ(variable.value("words").text, R"(["a"])");
}

TEST(Protects, ASoundFileIsReadable) {
  EXPECT_TRUE(Reading(protecting(), {}, "log: {rules: [{a: 1}], words: [b]}\n").resolved.unreadable().empty());
  EXPECT_TRUE(Reading(protecting(), {}, "").resolved.unreadable().empty());
}

struct EnablesCase {
  Sources::Environment environment;
  std::string_view yaml;
  bool on;
};

TEST(Enables, StrongestSourceDecidesAndItsRowsAreJoinedByOr) {
  const std::vector<sls_option> rows = {row({"a", "a", "DD_A", "bool", "true", "", "", SLS_OPTION_ENABLES}),
                                        row({"b", "b", "DD_B", "bool", "", "", "", SLS_OPTION_ENABLES})};
  const std::vector<EnablesCase> cases = {
      {{}, "", true},
      {{{"DD_B", "false"}}, "", false},
      {{{"DD_A", "false"}, {"DD_B", "true"}}, "", true},
      {{{"DD_A", "false"}}, "b: true", false},
      {{}, "a: false", false},
      {{}, "a: false\nb: true", true},
      {{{"DD_A", "no"}}, "", true},
  };
  for (const EnablesCase& given : cases)
    EXPECT_EQ(is_enabled(Reading(rows, given.environment, given.yaml).resolved), given.on) << given.yaml;
  EXPECT_TRUE(is_enabled(Reading(kX, {}, "").resolved));
}

TEST(Table, RowsWithoutNamesGetThoseOfTheirPlugin) {
  const auto rows = std::vector{row({"max_size", "", "", "int"})};
  EXPECT_EQ(Reading(rows, {{"DD_PLUGINS_ACME_RED_MAX_SIZE", "1"}}, "", "acme-red").value("max_size").text, "1");
  EXPECT_EQ(Reading(rows, {}, "plugins: {acme-red: {max_size: 2}}", "acme-red").value("max_size").text, "2");
}

TEST(Table, TakesRowsOfAnOlderAndOfALaterLibrary) {
  struct Later {
    sls_option row;
    char more[16];
  };
  Later later[2] = {{row({"a", "a", "DD_A", "int", "1"}), {}}, {row({"b", "b", "DD_B", "int", "2"}), {}}};
  for (Later& entry : later) entry.row.size = sizeof(Later);
  const OptionTable longer("acme", &later[0].row, 2);
  ASSERT_EQ(longer.rows().size(), 2u);
  EXPECT_EQ(view(longer.rows()[1].key), "b");

  std::vector<char> bytes;
  for (const Later& entry : later)
    bytes.insert(bytes.end(), reinterpret_cast<const char*>(&entry.row),
                 reinterpret_cast<const char*>(&entry.row.about));
  const std::uint32_t stride = offsetof(sls_option, about);
  std::copy_n(reinterpret_cast<const char*>(&stride), sizeof stride, bytes.data());
  std::vector<sls_option> aligned(2);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(aligned.data()));
  const OptionTable shorter("acme", aligned.data(), 2);
  ASSERT_EQ(shorter.rows().size(), 2u);
  EXPECT_EQ(view(shorter.rows()[1].key), "b");
  EXPECT_EQ(view(shorter.rows()[1].about), "");
}

TEST(Environment, GivesVariablesOfAnyName) {
  Findings findings;
  const Sources sources =
      Sources::from({{"AWS_REGION", "r"}, {"EMPTY", ""}, {"DATADOG_SITE", "s"}}, "/nowhere", findings);
  EXPECT_EQ(sources.variable("AWS_REGION"), "r");
  EXPECT_EQ(sources.variable("EMPTY"), std::nullopt);
  EXPECT_EQ(sources.variable("DD_SITE"), "s");
  EXPECT_TRUE(findings.all().empty());
}

}  // namespace
}  // namespace agent
