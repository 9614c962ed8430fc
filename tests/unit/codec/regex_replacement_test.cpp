#include "sls/codec/regex_replacement.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

namespace sls {
namespace {

std::optional<std::string> replaced(std::string_view pattern, std::string_view placeholder, std::string_view text) {
  std::string error, out;
  const Regex regex = Regex::compile(*sls_regex_engine_v1(), pattern, error);
  EXPECT_TRUE(regex) << pattern << ": " << error;
  const Replacement replacement(placeholder, regex);
  if (!replacement.replace_all(regex, text, out)) return std::nullopt;
  return out;
}

TEST(Replacement, ExpandsPlaceholdersAsGoDoes) {
  const struct {
    std::string_view placeholder, expected;
  } kCases[] = {
      {"$1", "ab"},
      {"${1}x", "abx"},
      {"$1x", ""},
      {"$1_x", ""},
      {"$1-2", "ab-2"},
      {"$0", "abcd"},
      {"$2", "cd"},
      {"$3", ""},
      {"$01", ""},
      {"$100000000", ""},
      {"$$", "$"},
      {"$$1", "$1"},
      {"$", "$"},
      {"a$", "a$"},
      {"$ ", "$ "},
      {"$-", "$-"},
      {"${1", "${1"},
      {"${}", "${}"},
      {"${1-}", "${1-}"},
      {"${", "${"},
      {"$name", "cd"},
      {"${name}!", "cd!"},
      {"$nam", ""},
      {"\\1", "\\1"},
      {"\\$1", "\\ab"},
      {"$1\xC3\xA9", ""},
      {"${1}\xC3\xA9", "ab\xC3\xA9"},
      {"$\xE2\x82\xAC", "$\xE2\x82\xAC"},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(replaced("(ab)(?P<name>cd)", each.placeholder, "abcd"), std::string(each.expected)) << each.placeholder;
  }
}

TEST(Replacement, LeavesGroupsThatTookNoPartEmpty) {
  EXPECT_EQ(replaced("(a)|(b)", "<$1$2>", "ab"), "<a><b>");
  EXPECT_EQ(replaced("a(b)?", "[$1]", "ac"), "[]c");
}

TEST(Replacement, ReplacesEmptyMatchesAsGoDoes) {
  const struct {
    std::string_view pattern, placeholder, text, expected;
  } kCases[] = {
      {"a*", "x", "baaac", "xbxcx"},
      {"x*", "-", "abc", "-a-b-c-"},
      {"x*", "-", "", "-"},
      {"x*", "-", "\xC3\xA9", "-\xC3\xA9-"},
      {"$", "!", "ab", "ab!"},
      {"^", ">", "ab", ">ab"},
      {"\\b", "|", "ab cd", "|ab| |cd|"},
      {"(?m)^", "> ", "a\nb", "> a\n> b"},
      {"a|", "x", "ba", "xbx"},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(replaced(each.pattern, each.placeholder, each.text), std::string(each.expected))
        << each.pattern << " in " << each.text;
  }
}

TEST(Replacement, DoesNotRescanWhatItWrote) { EXPECT_EQ(replaced("a", "aa", "aba"), "aabaa"); }

TEST(Replacement, SaysWhenNothingMatches) { EXPECT_EQ(replaced("x", "y", "abc"), std::nullopt); }

// Each match found by a search of its own from the front, in the way in which the rule is documented: slow and obvious.
std::string obvious(const Regex& regex, std::string_view text, std::string_view by) {
  std::string out;
  std::ptrdiff_t last_end = -1, written = 0;
  for (std::size_t from = 0; from <= text.size();) {
    RegexGroup span;
    if (!regex.search(text, from, {&span, 1})) break;
    const bool empty_behind_another = span.begin == span.end && span.begin == last_end;
    if (!empty_behind_another) {
      out.append(text, static_cast<std::size_t>(written), static_cast<std::size_t>(span.begin - written));
      out.append(by);
      written = span.end;
    }
    last_end = span.end;
    from = static_cast<std::size_t>(span.end);
    if (span.begin != span.end) continue;
    do ++from;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80);
  }
  return out.append(text, static_cast<std::size_t>(written), std::string_view::npos);
}

TEST(Replacement, AgreesWithAnObviousLoopOnRandomTexts) {
  const std::vector<std::string_view> patterns = {"a*",     "a+", "ab|b",     "\\b",       "(?m)^|c$", "[^a]?",
                                                  "\\d{2}", "x*", "(a|b)*c?", "\xC3\xA9*", "$",        "."};
  const std::vector<std::string_view> letters = {"a", "b", "c", "1", "2", " ", "\n", "\xC3\xA9", "\xE2\x82\xAC", "x"};
  std::mt19937 random(20221021);
  for (const std::string_view pattern : patterns) {
    std::string error, out;
    const Regex regex = Regex::compile(*sls_regex_engine_v1(), pattern, error);
    const Replacement replacement("<>", regex);
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      for (unsigned n = random() % 12; n != 0; --n) text += letters[random() % letters.size()];
      const std::string ours = replacement.replace_all(regex, text, out) ? out : text;
      ASSERT_EQ(ours, obvious(regex, text, "<>")) << pattern << " in " << text;
    }
  }
}

}  // namespace
}  // namespace sls
