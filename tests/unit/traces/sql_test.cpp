// What an SQL obfuscator keeps between texts, and where it stops. How single texts come out is in the vectors.
#include "between/sql.hpp"

#include <gtest/gtest.h>

namespace {

using namespace traces;

std::string obfuscated(SqlObfuscator& sql, std::string_view text, Dbms dbms = Dbms::kOther) {
  return std::string(sql.obfuscate(text, dbms).value_or(kNonParsable));
}

TEST(Sql, ReadsABackslashAsEachTextDemands) {
  struct {
    std::string_view text, expected;
  } constexpr kCases[] = {
      {R"(SELECT 'it\'s' FROM t)", "SELECT ? FROM t"},                            // an escape
      {R"(SELECT a FROM t WHERE dir = 'C:\')", "SELECT a FROM t WHERE dir = ?"},  // a character as any other
      {R"(SELECT 'x\', b, 'c')", "SELECT ? b, ?"},
      {R"(SELECT 'it\'s' FROM t)", "SELECT ? FROM t"},
      {R"(SELECT 'it\'s', '\' FROM t)", kNonParsable},  // neither
      {R"(SELECT a FROM t WHERE dir = 'C:\')", "SELECT a FROM t WHERE dir = ?"},
  };
  SqlObfuscator sql{SqlRules{}};  // whatever it learnt from the one before
  for (const auto& each : kCases) EXPECT_EQ(obfuscated(sql, each.text), each.expected) << each.text;
}

TEST(Sql, NamesTheTables) {
  struct {
    std::string_view text, tables;
  } constexpr kCases[] = {
      {"SELECT * FROM a JOIN b ON a.x = b.x JOIN a ON 1 = 1", "a,b"},
      {"INSERT INTO orders (id) VALUES (1)", "orders"},
      {"UPDATE \"user\" SET x = 1", "user"},
      {"DELETE FROM t2024 WHERE x = 1", "t2024"},
      {"SELECT * FROM (SELECT 1 FROM inner_one)", "inner_one"},
      {"SELECT * FROM 'secret'", ""},
      {"UPDATE 'secret' SET x = 1", ""},
      {"SELECT 1", ""},
  };
  SqlObfuscator sql({.table_names = true});
  for (const auto& each : kCases) {
    obfuscated(sql, each.text);
    EXPECT_EQ(sql.tables(), each.tables) << each.text;
  }
  SqlObfuscator without_digits({.table_names = true, .replace_digits = true});
  obfuscated(without_digits, "SELECT * FROM t2024");
  EXPECT_EQ(without_digits.tables(), "t?");
}

TEST(Sql, NamesTheTablesInTheModesThatNormalise) {
  SqlObfuscator sql({.mode = SqlMode::kObfuscateAndNormalize, .table_names = true});
  obfuscated(sql, "WITH x AS (SELECT 1 FROM a, b) SELECT * FROM x JOIN \"c\" ON 1 = 1");
  EXPECT_EQ(sql.tables(), "a,b,c");
}

TEST(Sql, StopsWritingAtItsLimit) {
  std::string text = "SELECT ";
  while (text.size() < 2 * kSqlOutputBytesMax) text += "größe, ";
  text += "'secret'";
  for (const SqlMode mode : {SqlMode::kLegacy, SqlMode::kObfuscateOnly, SqlMode::kObfuscateAndNormalize}) {
    SqlObfuscator sql({.mode = mode});
    const std::string out = obfuscated(sql, text);
    EXPECT_LE(out.size(), kSqlOutputBytesMax);
    EXPECT_GT(out.size(), kSqlOutputBytesMax - 16);
    EXPECT_TRUE(out.starts_with("SELECT größe, größe"));
  }
}

TEST(Sql, UnderstandsNothingThatIsNotUtf8) {
  for (const SqlMode mode : {SqlMode::kLegacy, SqlMode::kObfuscateOnly, SqlMode::kNormalizeOnly}) {
    SqlObfuscator sql({.mode = mode});
    EXPECT_EQ(obfuscated(sql, "SELECT 'a\xff'"), kNonParsable);
  }
}

TEST(Sql, TakesWhatIsOpenAtTheEndForALiteral) {
  constexpr std::string_view kCases[] = {
      "SELECT a FROM t WHERE b = 'secret",   "SELECT a FROM t WHERE b = $x$ secret",
      "SELECT a FROM t WHERE b = $ secret",  "SELECT a FROM t WHERE b = \"secret",
      "SELECT a FROM t WHERE b = /* secret",
  };
  for (const SqlMode mode : {SqlMode::kObfuscateOnly, SqlMode::kObfuscateAndNormalize}) {
    SqlObfuscator sql({.mode = mode});
    for (const std::string_view text : kCases) EXPECT_EQ(obfuscated(sql, text), "SELECT a FROM t WHERE b = ?") << text;
  }
  SqlObfuscator legacy{SqlRules{}};
  for (const std::string_view text : kCases) EXPECT_EQ(obfuscated(legacy, text), kNonParsable) << text;
}

TEST(Sql, KnowsDatabasesByTheNamesOfTracers) {
  struct {
    std::string_view name;
    Dbms dbms;
  } constexpr kCases[] = {
      {"postgresql", Dbms::kPostgresql}, {"postgres", Dbms::kPostgresql},
      {"PostgreSQL", Dbms::kPostgresql}, {"mssql", Dbms::kMssql},
      {"sql-server", Dbms::kMssql},      {"SQLServer", Dbms::kMssql},
      {"mysql", Dbms::kMysql},           {"oracle", Dbms::kOracle},
      {"snowflake", Dbms::kSnowflake},   {"", Dbms::kOther},
      {"mariadb", Dbms::kOther},         {"postgresql-and-more", Dbms::kOther},
  };
  for (const auto& each : kCases) EXPECT_EQ(dbms_of(each.name), each.dbms) << each.name;
}

}  // namespace
