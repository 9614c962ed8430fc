// The names of rule types, and the nearest one to a name that is none: a mask with a slip of the pen must not pass as
// an unknown rule. Called by processing_rules.
#pragma once

#include <string_view>

namespace logs {

enum class RuleType { kExclude, kInclude, kMask, kWithoutEffect, kUnknown };

// kWithoutEffect: known to the Datadog Agent, meaningless in Lambda, where each record is one event.
RuleType rule_type(std::string_view text);

// The valid name with the smallest edit distance (case and '-' for '_' do not count).
std::string_view nearest_rule_type(std::string_view text);

}  // namespace logs
