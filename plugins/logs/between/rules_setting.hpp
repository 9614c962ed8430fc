// The setting `processing_rules` as text, to rules: a JSON array, or a JSON text that holds one.
//
// Each entry stands alone. A value that is no such array may have been meant to mask, so it fails closed like a mask
// that cannot be applied. Keys are compared as Go does, without regard to case, an exact one first; unknown keys are
// passed over; numbers count as their text. Called by the door, once.
#pragma once

#include <string_view>

#include "between/processing_rules.hpp"

namespace logs {

struct RulesSetting {
  std::string_view value;       // empty: not set
  std::string_view origin;      // where the value was read
  std::string_view unreadable;  // why the setting's source could not be read; empty: it could
  std::string_view on_unusable_mask;
  bool with_prefilter = true;  // see ProcessingRules::seal
};

ProcessingRules read_processing_rules(const RulesSetting& setting, OpenEngine open, Findings& findings);

}  // namespace logs
