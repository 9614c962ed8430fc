#include "sql_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace traces {
namespace {

constexpr std::size_t kBytesMax = 15;
using Letters = std::array<char, kBytesMax + 1>;  // zeros behind the word

struct Word {
  Letters letters{};
  std::uint8_t size = 0;
  Lexeme kind = Lexeme::kWord;
  bool before_table = false;
};

constexpr std::string_view kCommands =
    "SELECT INSERT DELETE CREATE ALTER DROP GRANT REVOKE COMMIT BEGIN TRUNCATE MERGE EXECUTE EXEC EXPLAIN USE VACUUM ";
constexpr std::string_view kCommandsBeforeTable = "JOIN UPDATE STRAIGHT_JOIN CLONE ";
constexpr std::string_view kKeywords =
    "ADD ALL AND ANY ASC BETWEEN BY CASE CHECK COLUMN CONSTRAINT DATABASE DECLARE DEFAULT DESC DISTINCT ELSE END "
    "ESCAPE "
    "FOREIGN GROUP HAVING IN INDEX INNER IS KEY LATERAL LEFT LIKE LIMIT NOT ON OR ORDER OUT OUTER PRIMARY REPLACE "
    "RETURNS "
    "RIGHT ROLLBACK ROWNUM SET SOME TOP UNION UNIQUE VALUES VIEW WHERE CUBE ROLLUP LITERAL WINDOW ANALYZE ILIKE USING "
    "ASSERTION DOMAIN CLUSTER COPY PLPGSQL TRIGGER TEMPORARY UNLOGGED RECURSIVE RETURNING OFFSET OF SKIP IF ";
constexpr std::string_view kKeywordsBeforeTable = "FROM INTO TABLE EXISTS ONLY ";

constexpr std::size_t count(std::string_view words) {
  return static_cast<std::size_t>(std::count(words.begin(), words.end(), ' '));
}
constexpr std::size_t kWordCount =
    count(kCommands) + count(kCommandsBeforeTable) + count(kKeywords) + count(kKeywordsBeforeTable) + 7;

constexpr bool less(const Word& a, const Word& b) {
  return std::lexicographical_compare(a.letters.begin(), a.letters.end(), b.letters.begin(), b.letters.end());
}

constexpr auto kWords = [] {
  std::array<Word, kWordCount> out{};
  std::size_t n = 0;
  const auto add = [&](std::string_view words, Lexeme kind, bool before_table) {
    while (!words.empty()) {
      const std::size_t size = words.find(' ');
      for (std::size_t i = 0; i < size; ++i) out[n].letters[i] = words[i];
      out[n].size = static_cast<std::uint8_t>(size);
      out[n].kind = kind;
      out[n++].before_table = before_table;
      words.remove_prefix(size + 1);
    }
  };
  add(kCommands, Lexeme::kCommand, false);
  add(kCommandsBeforeTable, Lexeme::kCommand, true);
  add(kKeywords, Lexeme::kKeyword, false);
  add(kKeywordsBeforeTable, Lexeme::kKeyword, true);
  add("TRUE FALSE ", Lexeme::kBoolean, false);
  add("NULL ", Lexeme::kNull, false);
  add("PROCEDURE PROC ", Lexeme::kProcedure, false);
  add("WITH ", Lexeme::kWith, false);
  add("AS ", Lexeme::kAs, false);
  std::sort(out.begin(), out.end(), less);
  return out;
}();

// Where the words of each first letter begin.
constexpr auto kFirst = [] {
  std::array<std::uint8_t, 33> out{};
  for (const Word& each : kWords)
    for (std::size_t letter = static_cast<std::size_t>(each.letters[0] & 31) + 1; letter < out.size(); ++letter)
      ++out[letter];
  return out;
}();

// Per first letter, the lengths of the words that begin with it: most words are known to be none by one look.
constexpr auto kLengths = [] {
  std::array<std::uint16_t, 32> out{};
  for (const Word& each : kWords) out[each.letters[0] & 31] |= static_cast<std::uint16_t>(1u << each.size);
  return out;
}();

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c; }
// False: too long.
bool upper(std::string_view word, Letters& out) {
  if (word.size() > kBytesMax) return false;
  out = {};
  for (std::size_t i = 0; i < word.size(); ++i) out[i] = upper(word[i]);
  return true;
}

}  // namespace

Lexeme sql_word(std::string_view word, bool& before_table) {
  before_table = false;
  if (word.empty() || word.size() > kBytesMax) return Lexeme::kWord;
  const auto letter = static_cast<std::size_t>(word[0] & 31);
  if ((kLengths[letter] >> word.size() & 1) == 0) return Lexeme::kWord;
  for (std::size_t i = kFirst[letter]; i < kFirst[letter + 1]; ++i) {
    if (kWords[i].size != word.size()) continue;
    std::size_t same = 0;
    while (same < word.size() && kWords[i].letters[same] == upper(word[same])) ++same;
    if (same != word.size()) continue;
    before_table = kWords[i].before_table;
    return kWords[i].kind;
  }
  return Lexeme::kWord;
}

bool is_field_of_time(std::string_view word) {
  constexpr std::string_view kFields =
      " CENTURY DAY DECADE DOW DOY EPOCH HOUR ISODOW ISOYEAR JULIAN MICROSECONDS MILLENNIUM MILLISECONDS MINUTE MONTH "
      "QUARTER SECOND TIMEZONE TIMEZONE_HOUR TIMEZONE_MINUTE WEEK YEAR ";
  Letters letters;
  if (word.empty() || !upper(word, letters)) return false;
  const std::string_view wanted(letters.data(), word.size());
  for (std::size_t at = kFields.find(wanted); at != kFields.npos; at = kFields.find(wanted, at + 1))
    if (at != 0 && kFields[at - 1] == ' ' && kFields[at + wanted.size()] == ' ') return true;
  return false;
}

}  // namespace traces
