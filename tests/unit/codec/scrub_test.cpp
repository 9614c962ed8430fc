#include "sls/codec/scrub.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "../../../sdk/codec/scrub_table.hpp"

namespace sls {
namespace {

const RegexEngine* linked_in(std::string&) { return sls_regex_engine_v1(); }
const RegexEngine* none(std::string& error) { return error = "it is not there", nullptr; }
const RegexEngine* not_to_be_asked(std::string&) {
  ADD_FAILURE() << "the engine was opened";
  return nullptr;
}

std::string text_of(std::string_view given) { return Scrubber(linked_in).text(given); }

struct Case {
  std::string_view given, expected;
};

TEST(Scrubber, HidesWhatTheOrdinaryAgentsOneLetsThrough) {
  const Case cases[] = {
      {"community_strings:\n- 'a'\n- 'b'\nc: 1", "community_strings: \"********\"\nc: 1"},
      {"PASSWORD: two words", "PASSWORD: \"********\""},
      {"connect password='a b' now", "connect password=\"********\" now"},
      {"got {\"token\": \"x\\\"y\", \"k\": 1}", "got {\"token\": \"********\", \"k\": 1}"},
      {"l:\n- auth_token: x", "l:\n- auth_token: \"********\""},
      {"redis://:pw@host", "redis://:********@host"},
      {"  private_key: |\n    one\n\n    two\n  other: 1", "  private_key: \"********\"\n  other: 1"},
  };
  for (const Case& one : cases) EXPECT_EQ(text_of(one.given), one.expected);
}

TEST(Scrubber, TreatsLinesOfATextByKind) {
  const Case cases[] = {{"", ""},
                        {"\n", "\n"},
                        {"# password: x\n", ""},
                        {"a\r\nb\r\n", "a\nb"},
                        {"a\n\n\n", "a\n\n"},
                        {"  \na", "\na"},
                        {"# one\na\n  # two\nb", "a\nb"}};
  for (const Case& one : cases) EXPECT_EQ(text_of(one.given), one.expected);
}

TEST(Scrubber, LeavesALineAndAValueTheirShape) {
  Scrubber scrubber(linked_in);
  EXPECT_EQ(scrubber.line("# api_key=abcdefgh"), "# api_key=****************************efgh");
  EXPECT_EQ(scrubber.value("# a\n\npassword: x\n"), "# a\n\npassword: \"********\"\n");
}

TEST(Scrubber, KeepsHandlesWhereItIsTold) {
  Scrubber scrubber(linked_in);
  EXPECT_EQ(scrubber.line("password: ENC[a]", true), "password: ENC[a]");
  EXPECT_EQ(scrubber.line("password: ENC[a]", false), "password: \"********\"");
  EXPECT_EQ(scrubber.line("pwd=b password=ENC[a]", true), "pwd=******** password=ENC[a]");
  EXPECT_TRUE(Scrubber::is_handle(" ENC[x]\t"));
  EXPECT_FALSE(Scrubber::is_handle("ENC[x] y"));
}

TEST(Scrubber, JudgesKeysWhateverTheirCase) {
  using Key = Scrubber::Key;
  const std::pair<std::string_view, Key> cases[] = {{"DD_API_KEY", Key::kKeepLast},
                                                    {"application-key", Key::kKeepLast},
                                                    {"X-Foo-Key", Key::kHidden},
                                                    {"Authorization", Key::kHidden},
                                                    {"compass", Key::kHidden},
                                                    {"auth_token_file_path", Key::kPlain},
                                                    {"additional_endpoints", Key::kLeaves},
                                                    {"secret", Key::kPlain},
                                                    {"client_secret", Key::kHidden},
                                                    {"community_strings", Key::kHidden},
                                                    {"site", Key::kPlain},
                                                    {"", Key::kPlain}};
  Scrubber scrubber(linked_in);
  for (const auto& [key, expected] : cases) EXPECT_EQ(scrubber.judge_key(key), expected) << key;
}

TEST(Scrubber, KeepsSoManyLastCharactersOfAKey) {
  const Case cases[] = {{"  ", ""},
                        {"abcd", "********"},
                        {" abcde ", "****e"},
                        {"abcdefgh", "******gh"},
                        {"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", "****\xC3\xA4"},
                        {"0123456789abcdef", "*************def"},
                        {"0123456789abcdef0123456789abcdef", "****************************cdef"}};
  for (const Case& one : cases) EXPECT_EQ(Scrubber::keep_last(one.given), one.expected);
}

TEST(Scrubber, OpensNoEngineForTextsWithoutAnythingToLookAt) {
  Scrubber scrubber(not_to_be_asked);
  for (const std::string_view text : {"serverless-agent 0.1.0 is ready after 1234 us", "request 0123456789abcdef",
                                      "site: datadoghq.eu", "spa pw ps@: no", "PW: D"})
    EXPECT_EQ(scrubber.value(text), text);
  EXPECT_EQ(scrubber.judge_key("site"), Scrubber::Key::kPlain);
  EXPECT_EQ(scrubber.problem(), "");
}

TEST(Scrubber, WithholdsWhatItCannotLookThrough) {
  Scrubber scrubber(none);
  EXPECT_EQ(scrubber.value("all is well"), "all is well");
  EXPECT_EQ(scrubber.value("password=hunter2"), Scrubber::kWithheld);
  EXPECT_EQ(scrubber.text("a: 1\npassword: hunter2").find("hunter2"), std::string::npos);
  EXPECT_EQ(scrubber.judge_key("token"), Scrubber::Key::kHidden);
  EXPECT_EQ(scrubber.problem(), "it is not there");
}

// Every row tried, with no look before but the hints, which are part of what is meant.
std::string line_by_the_table(std::string_view line) {
  static const auto& compiled = *new std::vector<Regex>([] {
    std::vector<Regex> all;
    std::string error;
    for (const auto& row : scrub_table::kRows)
      all.push_back(row.pattern.empty() ? Regex() : Regex::compile(*sls_regex_engine_v1(), row.pattern, error));
    return all;
  }());
  std::string text(line), out;
  for (std::size_t i = 0; i < scrub_table::kRows.size(); ++i) {
    const auto& row = scrub_table::kRows[i];
    if (row.multi_line || row.pattern.empty()) continue;
    EXPECT_TRUE(compiled[i]) << row.pattern;
    bool hinted = row.needs != scrub_table::Needs::kHint;
    std::string hints = std::string(row.hints) + " ";
    for (std::size_t at = 0, end; !hinted && (end = hints.find(' ', at)) != std::string::npos; at = end + 1)
      hinted = text.find(hints.substr(at, end - at)) != std::string::npos;
    if (hinted && Replacement(row.replacement, compiled[i]).replace_all(compiled[i], text, out)) text.swap(out);
  }
  return text;
}

// What is tried first must only ever say no where the pattern would.
TEST(Scrubber, GivesWhatTheTableGivesWithoutTheLooksBefore) {
  const std::vector<std::string> pieces = {"password",
                                           "Pwd",
                                           "pSwD",
                                           "pass",
                                           "pas",
                                           "token",
                                           "_secret",
                                           "api_key=",
                                           "x-api-key",
                                           "Bearer ",
                                           "cookie",
                                           ": ",
                                           "=",
                                           " = ",
                                           "@",
                                           "://",
                                           "http",
                                           "\"",
                                           "'",
                                           " ",
                                           "-",
                                           ",",
                                           "0123456789abcdef0123456789ABCDEF",
                                           "0123456789abcdef0123456789abcdef01234567",
                                           "abcdef",
                                           "_",
                                           "g",
                                           "|",
                                           "[",
                                           "DDRCM_ABCDEFGH",
                                           "ddapp_",
                                           "ENC[x]",
                                           "\xC3\xA4",
                                           "\xFF",
                                           "authKey",
                                           "community",
                                           "private_key",
                                           "\t"};
  std::mt19937 random(7);
  Scrubber scrubber(linked_in);
  std::size_t changed = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string line;
    for (std::size_t n = 1 + random() % 9; n > 0; --n) line += pieces[random() % pieces.size()];
    const std::string expected = line_by_the_table(line);
    ASSERT_EQ(scrubber.line(line), expected) << line;
    changed += expected != line;
  }
  EXPECT_GT(changed, 400u);
  EXPECT_LT(changed, 3600u);
}

}  // namespace
}  // namespace sls
