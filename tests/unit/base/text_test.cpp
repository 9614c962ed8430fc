#include "base/text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace agent {
namespace {

TEST(Text, JoinsTextsCharactersAndNumbers) {
  EXPECT_EQ(cat("port ", 8124, ' ', std::string("is"), std::string_view(" taken"), -1), "port 8124 is taken-1");
  EXPECT_EQ(cat(), "");
}

TEST(Text, TrimsOnlyTheEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, ComparesAsciiWithoutRegardToCase) {
  EXPECT_TRUE(iequals("X-Datadog", "x-dATADOG"));
  EXPECT_FALSE(iequals("a", "ab"));
  EXPECT_TRUE(icontains("DD_LOGS_config", "Config"));
  EXPECT_FALSE(icontains("abc", "abcd"));
  EXPECT_EQ(lower("MyApp-Ä"), "myapp-Ä");
}

TEST(Text, NamesTheNearestCandidateOfASlip) {
  constexpr std::array<std::string_view, 4> kNames = {"flush_timeout", "log_level", "site", "env"};
  struct Case {
    std::string_view given, expected;
  };
  for (const Case& c : {Case{"flush_timout", "flush_timeout"}, Case{"loglevel", "log_level"}, Case{"sites", "site"},
                        Case{"completely_different", ""}, Case{"", ""}, Case{"enf", "env"}})
    EXPECT_EQ(nearest(c.given, kNames), c.expected) << c.given;
}

TEST(Text, QuotesForMessagesOnOneLine) {
  EXPECT_EQ(json_quoted("a\"b\\c\nd\x01"), "\"a\\\"b\\\\c\\nd\\u0001\"");
  EXPECT_EQ(json_quoted("\xff"), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace agent
