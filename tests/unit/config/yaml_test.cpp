// datadog.yaml as a file and as bytes: what is refused, what is only remarked upon, and that nothing is expensive.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/limits.hpp"
#include "config/yaml_source.hpp"
#include "rows.hpp"

namespace agent {
namespace {

using testing::Reading;
using testing::row;

const std::vector<sls_option> kX = {row({"x", "x", "DD_X", "json"})};

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text = "x: ";
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

std::string alias_bomb() {
  std::string text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i <= 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 9; ++j) text += ", " + last;
    text += "]\n";
  }
  return text + "x: *a9\n";
}

std::string long_text_bomb() {
  std::string text = "a: &a \"" + std::string(1 << 20, 'a') + "\"\nx: [*a";
  for (int i = 0; i < 1000; ++i) text += ", *a";
  return text + "]\n";
}

struct Broken {
  std::string_view name;
  std::string yaml;
  std::string_view finding;  // its begin
};

TEST(Yaml, WhatCannotBeUsedIsOneErrorAndVariablesApply) {
  const std::vector<Broken> cases = {
      {"open list", "x: [1, 2\ny: 3\n", "datadog.yaml:"},
      {"tab for blanks", "x:\n\ty: 1\n", "datadog.yaml:2:"},
      {"unknown anchor", "x: *none\n", "datadog.yaml:1:4: "},
      {"alias inside its anchor", "x: &a [1, *a]\n", "datadog.yaml:1:11: an alias stands inside its own anchor"},
      {"alias bomb", alias_bomb(), "datadog.yaml:6:"},
      {"long texts", long_text_bomb(), "datadog.yaml:2:"},
      {"deep lists", nested(65, "[", "]"), "datadog.yaml:1:67: it is nested too deeply"},
      {"deep maps", nested(65, "{a: ", "}"), "datadog.yaml:1:"},
      {"very deep lists", nested(100'000, "[", "]"), "datadog.yaml:1:67: it is nested too deeply"},
      {"a text alone", "hello\n", "datadog.yaml:1:1: the document is no map"},
      {"a list alone", "- a\n", "datadog.yaml:1:1: the document is no map"},
      {"binary", std::string("\x00\x01\x02: \xFF", 7), "datadog.yaml"},
  };
  for (const Broken& given : cases) {
    SCOPED_TRACE(given.name);
    const Reading reading(kX, {{"DD_X", "7"}}, given.yaml);
    ASSERT_EQ(reading.findings.all().size(), 1u) << reading.all_findings();
    EXPECT_EQ(reading.findings.all()[0].level, Level::kError);
    EXPECT_EQ(reading.finding().substr(0, given.finding.size()), given.finding) << reading.finding();
    EXPECT_NE(reading.finding().find("the whole file is ignored, variables and defaults apply"), std::string::npos);
    EXPECT_EQ(reading.value().text, "7");
  }
}

struct Sound {
  std::string_view name;
  std::string yaml;
  std::string_view text;
};

TEST(Yaml, OddSpellingsAreRead) {
  const std::vector<Sound> cases = {
      {"byte order mark", "\xEF\xBB\xBFx: 1\n", "1"},
      {"carriage returns", "x: 1\r\ny: 2\r\n", "1"},
      {"no line end", "x: 1", "1"},
      {"block text", "x: |\n  [1,\n   2]\n", "[1,\n 2]"},
      {"anchor and alias", "a: &a {b: 1}\nx: [*a, *a]\n", R"([{"b":1},{"b":1}])"},
      {"alias as key", "a: &a k\nx: {*a : 1}\n", R"({"k":1})"},
      {"merge", "a: &a {b: 1, c: 2}\nx: {<<: *a, c: 3}\n", R"({"c":3,"b":1})"},
      {"merge of several", "a: &a {b: 1}\nc: &c {b: 2, d: 3}\nx:\n  <<: [*a, *c]\n", R"({"b":1,"d":3})"},
      {"merge of no map is a key", "x: {<<: 1}\n", R"({"<<":1})"},
      {"anchor given anew", "a: &a 1\nb: &a 2\nx: [*a]\n", "[2]"},
      {"as deep as may be", nested(63, "[", "]"), std::string_view()},
  };
  for (const Sound& given : cases) {
    SCOPED_TRACE(given.name);
    const Reading reading(kX, {}, given.yaml);
    EXPECT_EQ(reading.all_findings(), "");
    ASSERT_TRUE(reading.value().present);
    if (!given.text.empty()) {
      EXPECT_EQ(reading.value().text, given.text);
    }
  }
}

TEST(Yaml, NothingInItIsNoFinding) {
  for (std::string_view yaml : {"", "\n", "# only a comment\n", "---\n", "~\n"})
    EXPECT_EQ(Reading(kX, {}, yaml).all_findings(), "") << yaml;
}

TEST(Yaml, AKeyThatStandsTwiceIsNamedWithBothPlacesAndTheLaterOneCounts) {
  const Reading reading(kX, {}, "x: 1\ny: 0\nx: 2\n");
  EXPECT_EQ(reading.value().text, "2");
  EXPECT_EQ(reading.all_findings(), "datadog.yaml:3:1: x stands twice, first in 1:1; the later one is used\n");
}

TEST(Yaml, AKeyThatStandsThriceIsNamedTwice) {
  const Reading reading(kX, {}, "x: {a: 1, b: 0, a: 2, a: 3}\n");
  EXPECT_EQ(reading.value().text, R"({"b":0,"a":3})");
  EXPECT_EQ(reading.findings.all().size(), 2u);
}

TEST(Yaml, OnlyTheFirstDocumentCounts) {
  const Reading reading(kX, {}, "x: 1\n---\nx: [\n");
  EXPECT_EQ(reading.value().text, "1");
  EXPECT_EQ(reading.all_findings(), "datadog.yaml: there is more than one document; only the first is used\n");
}

TEST(Yaml, TextsThatAreNotUtf8BecomeValidJson) {
  const Reading reading(kX, {}, "x: [\"a\xFF\"]\n");
  EXPECT_EQ(reading.value().text, "[\"a\xEF\xBF\xBD\"]");
}

// A folder of its own for each test, removed with what is in it.
class YamlFile : public ::testing::Test {
 protected:
  YamlFile() {
    char name[] = "/tmp/sls-config-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/datadog.yaml";
  }
  ~YamlFile() override { std::filesystem::remove_all(folder_); }

  void write(std::string_view text) {
    std::FILE* file = std::fopen(path_.c_str(), "w");
    ASSERT_NE(file, nullptr);
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }

  // The one finding, or what else there is.
  std::string read() {
    Findings findings;
    document_ = read_yaml_file(path_, findings);
    std::string text;
    for (const Finding& finding : findings.all()) text += finding.text;
    return text.substr(0, text.find("; the whole file"));
  }

  std::string folder_, path_;
  YamlDocument document_;
};

TEST_F(YamlFile, IsReadAndItsPathStandsInOrigins) {
  write("x: 1\n");
  EXPECT_EQ(read(), "");
  EXPECT_EQ(document_.where(document_.tree.find("x")->mark), path_ + ":1:4");
}

TEST_F(YamlFile, MayBeMissing) {
  EXPECT_EQ(read(), "");
  path_ = folder_ + "/none/datadog.yaml";
  EXPECT_EQ(read(), "");
  EXPECT_FALSE(document_.may_hold("x"));
}

TEST_F(YamlFile, IsNoDirectory) {
  std::filesystem::create_directory(path_);
  EXPECT_EQ(read(), path_ + ": it is a directory; wanted a file");
  EXPECT_FALSE(document_.may_hold("x"));
}

TEST_F(YamlFile, IsNoPipeAndNobodyWaitsForOne) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(read(), path_ + ": it is no regular file");
}

TEST_F(YamlFile, OfTenMegabytesIsNotParsedButLookedThrough) {
  write(std::string(10 << 20, '#') + "\na: {b: 1}");
  EXPECT_EQ(read(), path_ + ": it has 10485770 bytes; at most 2097152 are read");
  EXPECT_TRUE(document_.may_hold("a.b"));
  EXPECT_FALSE(document_.may_hold("a.other"));
}

TEST_F(YamlFile, ThatMayNotBeReadIsSaidAndHoldsNothing) {
  write("x: 1\n");
  ASSERT_EQ(::chmod(path_.c_str(), 0), 0);
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  const bool root = ::geteuid() == 0;
  if (root && ::seteuid(65534) != 0)
    GTEST_SKIP() << "root reads everything, and this process cannot become another user";
  const std::string said = read();
  const bool back = !root || ::seteuid(0) == 0;
  ASSERT_TRUE(back);
  EXPECT_EQ(said, path_ + ": it cannot be opened: Permission denied");
  EXPECT_FALSE(document_.may_hold("x"));
}

TEST_F(YamlFile, OfTwoMegabytesIsRead) {
  std::string text = "x: 1\n";
  while (text.size() < limits::kYamlBytesMax - 100) text += "# " + std::string(90, 'c') + "\n";
  write(text);
  EXPECT_EQ(read(), "");
  ASSERT_NE(document_.tree.find("x"), nullptr);
}

}  // namespace
}  // namespace agent
