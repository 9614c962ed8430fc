// The options of the trades but obfuscation: one table per trade, read beside that of the plugin.
//
// Lists come as the operator wrote them (list_setting, replace_setting); what cannot be used in them is found where
// they are read. Called by trade_settings.
#pragma once

#include <string>

#include "sls/options.hpp"

namespace traces {

struct FilterOptions {
  sls::Json require, reject, regex_require, regex_reject, ignore_resources;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&FilterOptions::require>(
            "filter_tags_require",
            {.yaml = "apm_config.filter_tags.require",
             .env = "DD_APM_FILTER_TAGS_REQUIRE",
             .about = "Only traces whose root has all of these tags are kept: key or key:value, with blanks between."}),
        sls::row<&FilterOptions::reject>(
            "filter_tags_reject",
            {.yaml = "apm_config.filter_tags.reject",
             .env = "DD_APM_FILTER_TAGS_REJECT",
             .about = "Traces whose root has one of these tags are dropped: key or key:value, with blanks between."}),
        sls::row<&FilterOptions::regex_require>(
            "filter_tags_regex_require",
            {.yaml = "apm_config.filter_tags_regex.require",
             .env = "DD_APM_FILTER_TAGS_REGEX_REQUIRE",
             .about = "As filter_tags.require, with a pattern for the value: key:pattern."}),
        sls::row<&FilterOptions::regex_reject>("filter_tags_regex_reject",
                                               {.yaml = "apm_config.filter_tags_regex.reject",
                                                .env = "DD_APM_FILTER_TAGS_REGEX_REJECT",
                                                .about = "As filter_tags.reject, with a pattern for the value."}),
        sls::row<&FilterOptions::ignore_resources>(
            "ignore_resources", {.yaml = "apm_config.ignore_resources",
                                 .env = "DD_APM_IGNORE_RESOURCES|DD_IGNORE_RESOURCE",
                                 .about = "Traces whose root's resource matches one of these patterns are dropped."}));
  }
};

struct InternalSpanOptions {
  std::string runtime_api;

  static constexpr auto rows() {
    return sls::rows(sls::row<&InternalSpanOptions::runtime_api>(
        "runtime_api", {.env = "AWS_LAMBDA_RUNTIME_API",
                        .about = "Where the runtime's client asks for events; spans of such calls are dropped."}));
  }
};

struct EnrichmentOptions {
  bool services_are_represented;

  static constexpr auto rows() {
    return sls::rows(sls::row<&EnrichmentOptions::services_are_represented>(
        "aws_service_representation_enabled",
        {.fallback = "true",
         .yaml = "trace_aws_service_representation_enabled",
         .env = "DD_TRACE_AWS_SERVICE_REPRESENTATION_ENABLED",
         .about = "Whether spans of AWS services that called the function have a service of their own."}));
  }
};

struct ReplaceOptions {
  sls::Json replace_tags;

  static constexpr auto rows() {
    return sls::rows(sls::row<&ReplaceOptions::replace_tags>(
        "replace_tags", {.yaml = "apm_config.replace_tags",
                         .env = "DD_APM_REPLACE_TAGS",
                         .about = "Rules that replace parts of tags and resources: a list of {name, pattern, repl}.",
                         .flags = SLS_OPTION_PROTECTS}));
  }
};

}  // namespace traces
