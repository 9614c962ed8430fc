// The options of obfuscation: one table, read beside that of the plugin.
//
// Names are the agent's, and the extension's where it has its own. Everything is obfuscated unless it is switched off.
#pragma once

#include <string>
#include <vector>

#include "sls/options.hpp"
#include "sql.hpp"

namespace traces {

struct ObfuscationSettings {
  bool http_remove_query_string, http_remove_paths_with_digits;
  bool redis, redis_remove_all_args, valkey, valkey_remove_all_args;
  bool memcached, memcached_keep_command;
  bool mongodb, elasticsearch, opensearch;
  std::vector<std::string> mongodb_keep_values, mongodb_obfuscate_sql_values;
  std::vector<std::string> elasticsearch_keep_values, elasticsearch_obfuscate_sql_values;
  std::vector<std::string> opensearch_keep_values, opensearch_obfuscate_sql_values;
  bool credit_cards, credit_cards_luhn;
  std::vector<std::string> credit_cards_keep_values;
  bool remove_stack_traces;
  std::string sql_obfuscation_mode, features;
  bool sql_keep_null, sql_keep_boolean, sql_keep_positional_parameter, sql_replace_bind_parameter;
  bool sql_keep_trailing_semicolon, sql_keep_identifier_quotation, sql_remove_space_between_parentheses;
  bool sql_keep_json_path;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&ObfuscationSettings::http_remove_query_string>(
            "obfuscation_http_remove_query_string",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.http.remove_query_string",
             .env = "DD_APM_OBFUSCATION_HTTP_REMOVE_QUERY_STRING|DD_APM_CONFIG_OBFUSCATION_HTTP_REMOVE_QUERY_STRING",
             .about = "Whether the query of http.url is replaced."}),
        sls::row<&ObfuscationSettings::http_remove_paths_with_digits>(
            "obfuscation_http_remove_paths_with_digits",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.http.remove_paths_with_digits",
             .env = "DD_APM_OBFUSCATION_HTTP_REMOVE_PATHS_WITH_DIGITS"
                    "|DD_APM_CONFIG_OBFUSCATION_HTTP_REMOVE_PATHS_WITH_DIGITS",
             .about = "Whether the segments of a path in http.url that hold a digit are replaced."}),
        sls::row<&ObfuscationSettings::redis>("obfuscation_redis_enabled",
                                              {.fallback = "true",
                                               .yaml = "apm_config.obfuscation.redis.enabled",
                                               .env = "DD_APM_OBFUSCATION_REDIS_ENABLED",
                                               .about = "Whether values in redis.raw_command are replaced."}),
        sls::row<&ObfuscationSettings::redis_remove_all_args>(
            "obfuscation_redis_remove_all_args", {.fallback = "false",
                                                  .yaml = "apm_config.obfuscation.redis.remove_all_args",
                                                  .env = "DD_APM_OBFUSCATION_REDIS_REMOVE_ALL_ARGS",
                                                  .about = "Whether all arguments in redis.raw_command are replaced."}),
        sls::row<&ObfuscationSettings::valkey>("obfuscation_valkey_enabled",
                                               {.fallback = "true",
                                                .yaml = "apm_config.obfuscation.valkey.enabled",
                                                .env = "DD_APM_OBFUSCATION_VALKEY_ENABLED",
                                                .about = "Whether values in valkey.raw_command are replaced."}),
        sls::row<&ObfuscationSettings::valkey_remove_all_args>(
            "obfuscation_valkey_remove_all_args",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.valkey.remove_all_args",
             .env = "DD_APM_OBFUSCATION_VALKEY_REMOVE_ALL_ARGS",
             .about = "Whether all arguments in valkey.raw_command are replaced."}),
        sls::row<&ObfuscationSettings::memcached>("obfuscation_memcached_enabled",
                                                  {.fallback = "true",
                                                   .yaml = "apm_config.obfuscation.memcached.enabled",
                                                   .env = "DD_APM_OBFUSCATION_MEMCACHED_ENABLED",
                                                   .about = "Whether memcached.command is emptied."}),
        sls::row<&ObfuscationSettings::memcached_keep_command>(
            "obfuscation_memcached_keep_command",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.memcached.keep_command",
             .env = "DD_APM_OBFUSCATION_MEMCACHED_KEEP_COMMAND",
             .about = "Whether the first line of memcached.command is kept, which holds no value."}),
        sls::row<&ObfuscationSettings::mongodb>("obfuscation_mongodb_enabled",
                                                {.fallback = "true",
                                                 .yaml = "apm_config.obfuscation.mongodb.enabled",
                                                 .env = "DD_APM_OBFUSCATION_MONGODB_ENABLED",
                                                 .about = "Whether values in mongodb.query are replaced."}),
        sls::row<&ObfuscationSettings::mongodb_keep_values>("obfuscation_mongodb_keep_values",
                                                            {.yaml = "apm_config.obfuscation.mongodb.keep_values",
                                                             .env = "DD_APM_OBFUSCATION_MONGODB_KEEP_VALUES",
                                                             .about = "Keys in mongodb.query whose values are kept.",
                                                             .type = "list"}),
        sls::row<&ObfuscationSettings::mongodb_obfuscate_sql_values>(
            "obfuscation_mongodb_obfuscate_sql_values",
            {.yaml = "apm_config.obfuscation.mongodb.obfuscate_sql_values",
             .env = "DD_APM_OBFUSCATION_MONGODB_OBFUSCATE_SQL_VALUES",
             .about = "Keys in mongodb.query whose values are SQL, of which the literals are replaced.",
             .type = "list"}),
        sls::row<&ObfuscationSettings::elasticsearch>("obfuscation_elasticsearch_enabled",
                                                      {.fallback = "true",
                                                       .yaml = "apm_config.obfuscation.elasticsearch.enabled",
                                                       .env = "DD_APM_OBFUSCATION_ELASTICSEARCH_ENABLED",
                                                       .about = "Whether values in elasticsearch.body are replaced."}),
        sls::row<&ObfuscationSettings::elasticsearch_keep_values>(
            "obfuscation_elasticsearch_keep_values", {.yaml = "apm_config.obfuscation.elasticsearch.keep_values",
                                                      .env = "DD_APM_OBFUSCATION_ELASTICSEARCH_KEEP_VALUES",
                                                      .about = "Keys in elasticsearch.body whose values are kept.",
                                                      .type = "list"}),
        sls::row<&ObfuscationSettings::elasticsearch_obfuscate_sql_values>(
            "obfuscation_elasticsearch_obfuscate_sql_values",
            {.yaml = "apm_config.obfuscation.elasticsearch.obfuscate_sql_values",
             .env = "DD_APM_OBFUSCATION_ELASTICSEARCH_OBFUSCATE_SQL_VALUES",
             .about = "Keys in elasticsearch.body whose values are SQL, of which the literals are replaced.",
             .type = "list"}),
        sls::row<&ObfuscationSettings::opensearch>("obfuscation_opensearch_enabled",
                                                   {.fallback = "true",
                                                    .yaml = "apm_config.obfuscation.opensearch.enabled",
                                                    .env = "DD_APM_OBFUSCATION_OPENSEARCH_ENABLED",
                                                    .about = "Whether values in opensearch.body are replaced."}),
        sls::row<&ObfuscationSettings::opensearch_keep_values>(
            "obfuscation_opensearch_keep_values", {.yaml = "apm_config.obfuscation.opensearch.keep_values",
                                                   .env = "DD_APM_OBFUSCATION_OPENSEARCH_KEEP_VALUES",
                                                   .about = "Keys in opensearch.body whose values are kept.",
                                                   .type = "list"}),
        sls::row<&ObfuscationSettings::opensearch_obfuscate_sql_values>(
            "obfuscation_opensearch_obfuscate_sql_values",
            {.yaml = "apm_config.obfuscation.opensearch.obfuscate_sql_values",
             .env = "DD_APM_OBFUSCATION_OPENSEARCH_OBFUSCATE_SQL_VALUES",
             .about = "Keys in opensearch.body whose values are SQL, of which the literals are replaced.",
             .type = "list"}),
        sls::row<&ObfuscationSettings::credit_cards>(
            "obfuscation_credit_cards_enabled",
            {.fallback = "true",
             .yaml = "apm_config.obfuscation.credit_cards.enabled",
             .env = "DD_APM_OBFUSCATION_CREDIT_CARDS_ENABLED",
             .about = "Whether tags, and attributes of span events, that look like a card's number are replaced."}),
        sls::row<&ObfuscationSettings::credit_cards_luhn>(
            "obfuscation_credit_cards_luhn", {.fallback = "false",
                                              .yaml = "apm_config.obfuscation.credit_cards.luhn",
                                              .env = "DD_APM_OBFUSCATION_CREDIT_CARDS_LUHN",
                                              .about = "Whether a card's number is one only if its check digit fits."}),
        sls::row<&ObfuscationSettings::credit_cards_keep_values>(
            "obfuscation_credit_cards_keep_values", {.yaml = "apm_config.obfuscation.credit_cards.keep_values",
                                                     .env = "DD_APM_OBFUSCATION_CREDIT_CARDS_KEEP_VALUES",
                                                     .about = "Tags that are never taken for a card's number.",
                                                     .type = "list"}),
        sls::row<&ObfuscationSettings::remove_stack_traces>("obfuscation_remove_stack_traces",
                                                            {.fallback = "false",
                                                             .yaml = "apm_config.obfuscation.remove_stack_traces",
                                                             .env = "DD_APM_OBFUSCATION_REMOVE_STACK_TRACES",
                                                             .about = "Whether error.stack is replaced."}),
        sls::row<&ObfuscationSettings::sql_obfuscation_mode>(
            "sql_obfuscation_mode",
            {.yaml = "apm_config.sql_obfuscation_mode",
             .env = "DD_APM_SQL_OBFUSCATION_MODE",
             .about =
                 "How SQL is obfuscated: nothing (the agent's own way), obfuscate_only, normalize_only (which keeps "
                 "literals) or obfuscate_and_normalize."}),
        sls::row<&ObfuscationSettings::features>(
            "features",
            {.yaml = "apm_config.features",
             .env = "DD_APM_FEATURES",
             .about = "Switches of the agent, with commas or blanks between them: table_names, "
                      "quantize_sql_tables, replace_sql_digits, keep_sql_alias, dollar_quoted_func, sqllexer."}),
        sls::row<&ObfuscationSettings::sql_keep_null>("obfuscation_sql_keep_null",
                                                      {.fallback = "false",
                                                       .yaml = "apm_config.obfuscation.sql.keep_null",
                                                       .env = "DD_APM_OBFUSCATION_SQL_KEEP_NULL",
                                                       .about = "With a sql_obfuscation_mode: NULL is kept."}),
        sls::row<&ObfuscationSettings::sql_keep_boolean>(
            "obfuscation_sql_keep_boolean", {.fallback = "false",
                                             .yaml = "apm_config.obfuscation.sql.keep_boolean",
                                             .env = "DD_APM_OBFUSCATION_SQL_KEEP_BOOLEAN",
                                             .about = "With a sql_obfuscation_mode: TRUE and FALSE are kept."}),
        sls::row<&ObfuscationSettings::sql_keep_positional_parameter>(
            "obfuscation_sql_keep_positional_parameter",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.sql.keep_positional_parameter",
             .env = "DD_APM_OBFUSCATION_SQL_KEEP_POSITIONAL_PARAMETER",
             .about = "With a sql_obfuscation_mode: $1 is kept."}),
        sls::row<&ObfuscationSettings::sql_replace_bind_parameter>(
            "obfuscation_sql_replace_bind_parameter", {.fallback = "false",
                                                       .yaml = "apm_config.obfuscation.sql.replace_bind_parameter",
                                                       .env = "DD_APM_OBFUSCATION_SQL_REPLACE_BIND_PARAMETER",
                                                       .about = "With a sql_obfuscation_mode: @P1 is replaced."}),
        sls::row<&ObfuscationSettings::sql_keep_trailing_semicolon>(
            "obfuscation_sql_keep_trailing_semicolon",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.sql.keep_trailing_semicolon",
             .env = "DD_APM_OBFUSCATION_SQL_KEEP_TRAILING_SEMICOLON",
             .about = "With a mode that normalizes: a semicolon at the end is kept."}),
        sls::row<&ObfuscationSettings::sql_keep_identifier_quotation>(
            "obfuscation_sql_keep_identifier_quotation",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.sql.keep_identifier_quotation",
             .env = "DD_APM_OBFUSCATION_SQL_KEEP_IDENTIFIER_QUOTATION",
             .about = "With a mode that normalizes: quotes around names are kept."}),
        sls::row<&ObfuscationSettings::sql_remove_space_between_parentheses>(
            "obfuscation_sql_remove_space_between_parentheses",
            {.fallback = "false",
             .yaml = "apm_config.obfuscation.sql.remove_space_between_parentheses",
             .env = "DD_APM_OBFUSCATION_SQL_REMOVE_SPACE_BETWEEN_PARENTHESES",
             .about = "With a mode that normalizes: no space inside parentheses."}),
        sls::row<&ObfuscationSettings::sql_keep_json_path>(
            "obfuscation_sql_keep_json_path", {.fallback = "false",
                                               .yaml = "apm_config.obfuscation.sql.keep_json_path",
                                               .env = "DD_APM_OBFUSCATION_SQL_KEEP_JSON_PATH",
                                               .about = "With a sql_obfuscation_mode: the path behind a JSON operator "
                                                        "is kept."}));
  }
};

// What the options ask of SQL.
SqlRules sql_rules(const ObfuscationSettings& settings);
// A sentence for the operator where a value cannot be used; empty: all can.
std::string finding_in(const ObfuscationSettings& settings);

}  // namespace traces
