// What the tests of the rules share: the regex engine, linked into the test program, and rules from their JSON.
#pragma once

#include <string_view>

#include "between/rules_setting.hpp"

namespace logs {

inline const sls::RegexEngine* linked_engine(std::string&) { return sls_regex_engine_v1(); }

inline ProcessingRules rules_from(std::string_view json, Findings& findings, std::string_view on_unusable_mask = {}) {
  return read_processing_rules({json, "DD_LOGS_CONFIG_PROCESSING_RULES", {}, on_unusable_mask}, linked_engine,
                               findings);
}

inline ProcessingRules rules_from(std::string_view json) {
  Findings findings;
  return rules_from(json, findings);
}

}  // namespace logs
