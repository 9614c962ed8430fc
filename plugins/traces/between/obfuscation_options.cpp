#include "obfuscation_options.hpp"

#include "features.hpp"

namespace traces {
namespace {

SqlMode mode_of(const ObfuscationSettings& settings) {
  const std::string& name = settings.sql_obfuscation_mode;
  if (name == "obfuscate_only") return SqlMode::kObfuscateOnly;
  if (name == "normalize_only") return SqlMode::kNormalizeOnly;
  if (name == "obfuscate_and_normalize") return SqlMode::kObfuscateAndNormalize;
  return has_feature(settings.features, "sqllexer") ? SqlMode::kObfuscateOnly : SqlMode::kLegacy;
}

}  // namespace

SqlRules sql_rules(const ObfuscationSettings& settings) {
  const auto feature = [&](std::string_view name) { return has_feature(settings.features, name); };
  return {.mode = mode_of(settings),
          .table_names = feature("table_names"),
          .replace_digits = feature("quantize_sql_tables") || feature("replace_sql_digits"),
          .keep_alias = feature("keep_sql_alias"),
          .dollar_quoted_func = feature("dollar_quoted_func"),
          .keep_null = settings.sql_keep_null,
          .keep_boolean = settings.sql_keep_boolean,
          .keep_positional_parameter = settings.sql_keep_positional_parameter,
          .replace_bind_parameter = settings.sql_replace_bind_parameter,
          .keep_trailing_semicolon = settings.sql_keep_trailing_semicolon,
          .keep_identifier_quotation = settings.sql_keep_identifier_quotation,
          .remove_space_between_parentheses = settings.sql_remove_space_between_parentheses,
          .keep_json_path = settings.sql_keep_json_path};
}

std::string finding_in(const ObfuscationSettings& settings) {
  const std::string& name = settings.sql_obfuscation_mode;
  if (name.empty() || name == "obfuscate_only" || name == "normalize_only" || name == "obfuscate_and_normalize")
    return {};
  return "option sql_obfuscation_mode: found '" + name.substr(0, 80)
         + "', wanted obfuscate_only, normalize_only, obfuscate_and_normalize or nothing; nothing is taken";
}

}  // namespace traces
