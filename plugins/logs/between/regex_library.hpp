// Opens the regex engine's shared object, which lies in lib/ beside the folder of the plugins. A part of this plugin,
// not a plugin: the loader maps it and RE2 only where there are rules (docs/decisions/0030). Called by processing_rules
// through its OpenEngine.
#pragma once

#include <string>

#include "regex/regex_engine.h"

namespace logs {

// Null: not to be had, `error` says why. What was opened stays for the life of the process.
const logs_regex_engine* open_regex_library(std::string& error);

}  // namespace logs
