// The setting `replace_tags` as text, to rules: a JSON array of {name, pattern, repl}, or a JSON text that holds one.
//
// Each entry stands alone. One that cannot be used was meant to hide something, so it fails closed: what it names is
// withheld; everything is where no name is known, and where the setting itself cannot be read. Called by the door,
// once.
#pragma once

#include <string_view>

#include "between/patterns.hpp"
#include "between/replace.hpp"
#include "finding.hpp"

namespace traces {

// `unreadable`: why the source of the setting could not be read; empty: it could.
ReplaceRules read_replace_rules(const Setting& setting, std::string_view unreadable, Patterns& patterns,
                                Findings& findings);

}  // namespace traces
