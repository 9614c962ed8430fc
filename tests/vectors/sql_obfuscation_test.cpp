// Subject sql-obfuscation: {in, out, dbms, config}; no out: what cannot be understood.
#include "between/sql.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::object;
using namespace traces;

bool is_on(const object& config, const char* name) {
  const vectors::json::value* value = config.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

SqlMode mode_of(const object& config) {
  if (!config.contains("obfuscation_mode")) return SqlMode::kLegacy;
  const std::string name(config.at("obfuscation_mode").as_string());
  if (name == "obfuscate_only") return SqlMode::kObfuscateOnly;
  if (name == "normalize_only") return SqlMode::kNormalizeOnly;
  EXPECT_EQ(name, "obfuscate_and_normalize");
  return SqlMode::kObfuscateAndNormalize;
}

void judge(const object& one) {
  const object config = one.contains("config") ? one.at("config").as_object() : object();
  SqlObfuscator sql({.mode = mode_of(config),
                     .replace_digits = is_on(config, "replace_digits"),
                     .keep_alias = is_on(config, "keep_sql_alias"),
                     .dollar_quoted_func = is_on(config, "dollar_quoted_func"),
                     .keep_null = is_on(config, "keep_null"),
                     .keep_boolean = is_on(config, "keep_boolean"),
                     .keep_positional_parameter = is_on(config, "keep_positional_parameter"),
                     .replace_bind_parameter = is_on(config, "replace_bind_parameter"),
                     .keep_trailing_semicolon = is_on(config, "keep_trailing_semicolon"),
                     .keep_identifier_quotation = is_on(config, "keep_identifier_quotation"),
                     .remove_space_between_parentheses = is_on(config, "remove_space_between_parentheses"),
                     .keep_json_path = is_on(config, "keep_json_path")});
  const std::string in(one.at("in").as_string());
  const Dbms dbms = one.contains("dbms") ? dbms_of(std::string_view(one.at("dbms").as_string())) : Dbms::kOther;
  const std::string expected = one.contains("out") ? std::string(one.at("out").as_string()) : std::string(kNonParsable);
  EXPECT_EQ(sql.obfuscate(in, dbms).value_or(kNonParsable), expected) << in;
}

TEST(SqlObfuscationVectors, OwnCases) { vectors::run_own("sql-obfuscation", judge); }
TEST(SqlObfuscationVectors, SharedCases) { vectors::run_shared("sql-obfuscation", judge); }

}  // namespace
