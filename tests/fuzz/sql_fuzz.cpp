// Any bytes as SQL, and as the content of a literal in a statement that is none of the fuzzer's: the one ends, within
// its bounds, and no word of a literal that the tokeniser saw is in what comes out; the other comes out as if nothing
// had been there.
//
// The first byte says what the rest is: a statement (with rules by its bits) or the content of a literal.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "between/sql.hpp"
#include "between/sql_tokens.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"

namespace {

using namespace traces;

constexpr std::size_t kWordBytesMin = 6;  // shorter ones may be part of a name
constexpr Dbms kSystems[] = {Dbms::kOther,      Dbms::kMssql,  Dbms::kMysql,
                             Dbms::kPostgresql, Dbms::kOracle, Dbms::kSnowflake};

SqlRules rules_of(std::uint8_t bits, SqlMode mode) {
  return {.mode = mode,
          .table_names = (bits & 1) != 0,
          .replace_digits = (bits & 2) != 0,
          .keep_alias = (bits & 4) != 0,
          .dollar_quoted_func = (bits & 8) != 0,
          .keep_null = (bits & 16) != 0,
          .replace_bind_parameter = (bits & 32) != 0,
          .keep_identifier_quotation = (bits & 8) != 0,
          .remove_space_between_parentheses = (bits & 4) != 0,
          .keep_json_path = (bits & 64) != 0};
}

void add_words(std::string_view text, std::vector<std::string>& words) {
  std::string word;
  for (const char c : std::string(text) + ' ') {
    if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) {
      word.push_back(c);
      continue;
    }
    if (word.size() >= kWordBytesMin) words.push_back(word);
    word.clear();
  }
}

// Words of literals, when they are read so, and whatever is kept.
bool read_tokens(std::string_view text, Dbms dbms, bool literal_escapes, std::vector<std::string>& literals,
                 std::string& kept) {
  SqlTokens tokens(text, dbms, literal_escapes, false);
  SqlToken last = SqlToken::kEnd;
  while (true) {
    const SqlToken token = tokens.next();
    if (token == SqlToken::kEnd) return true;
    if (token == SqlToken::kError) return false;
    if (token == SqlToken::kString || token == SqlToken::kNumber || token == SqlToken::kDollarQuoted) {
      add_words(tokens.text(), literals);
    } else if (token != SqlToken::kComment && last != SqlToken::kSavepoint) {
      kept.append(tokens.text()).append(" ");
    }
    last = token;
  }
}

void check_statement(std::string_view text, std::uint8_t bits) {
  const Dbms dbms = kSystems[(bits >> 4) % std::size(kSystems)];
  for (const SqlMode mode :
       {SqlMode::kLegacy, SqlMode::kObfuscateOnly, SqlMode::kNormalizeOnly, SqlMode::kObfuscateAndNormalize}) {
    SqlObfuscator sql(rules_of(bits, mode));
    const auto view = sql.obfuscate(text, dbms);
    REQUIRE(view.has_value() || mode == SqlMode::kLegacy || !sls::json::valid_utf8(text));
    if (!view) continue;
    const std::string out(*view), tables(sql.tables());
    REQUIRE(out.size() <= 3 * text.size() + 16 && out.size() <= kSqlOutputBytesMax);
    REQUIRE(sls::json::valid_utf8(out) && sls::json::valid_utf8(tables));
    REQUIRE(sql.obfuscate(text, dbms) == out && sql.tables() == tables);
  }
  if (!sls::json::valid_utf8(text)) return;
  SqlObfuscator sql{SqlRules{}};
  const auto out = sql.obfuscate(text, dbms);
  std::vector<std::string> literals;
  std::string kept;
  if (!read_tokens(text, dbms, false, literals, kept)) {
    literals.clear();
    kept.clear();
    if (!read_tokens(text, dbms, true, literals, kept)) {
      REQUIRE(!out.has_value());
      return;
    }
  }
  if (!out) return;
  for (const std::string& literal : literals)
    REQUIRE(out->find(literal) == out->npos || kept.find(literal) != kept.npos);
}

std::string with(std::string_view content, char special, std::string_view instead) {
  std::string out;
  for (const char c : content) c == special ? void(out.append(instead)) : out.push_back(c);
  return out;
}

void check_content(std::string_view bytes) {
  std::string spare;
  std::string content(sls::json::repair_utf8(bytes, spare));
  content = with(content, '\0', "0");
  const std::string escaped = with(with(content, '\\', "\\\\"), '\'', "\\'");
  const std::string doubled = with(with(content, '\\', "/"), '\'', "''");
  const std::string tagged = "$zq$." + with(content, '$', "S") + "$zq$";
  const std::string comment = "/*" + with(content, '*', "+") + "*/";
  constexpr std::string_view kExpected = "SELECT a FROM t WHERE b = ? AND c = ?";
  const auto check = [&](SqlMode mode, const std::string& literal) {
    SqlObfuscator sql({.mode = mode});
    const std::string text = "SELECT a FROM t WHERE b = " + literal + " AND c = 1";
    REQUIRE(sql.obfuscate(text, Dbms::kOther) == kExpected);
  };
  check(SqlMode::kLegacy, "'" + doubled + "'");
  check(SqlMode::kLegacy, comment + "'x'");
  check(SqlMode::kObfuscateAndNormalize, comment + "'x'");
  for (const SqlMode mode : {SqlMode::kLegacy, SqlMode::kObfuscateOnly, SqlMode::kObfuscateAndNormalize}) {
    check(mode, "'" + escaped + "'");
    check(mode, tagged);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (bytes[0] == 'c')
    check_content(rest);
  else
    check_statement(rest, bytes[0]);
  return 0;
}
