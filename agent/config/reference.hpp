// The reference of all settings, made from the tables: docs/settings.md, and configs/datadog.full.yaml in which every
// key stands commented out.
//
// Pure text from rows; it reads no source and shows no value but defaults. Printed by `serverless-agent settings`.
#pragma once

#include <span>
#include <string>

#include "config/settings.hpp"

namespace agent {

std::string markdown_reference(std::span<const OptionTable* const> tables);

// Valid yaml as it stands (empty), and with each line that begins with "# " and a key uncommented; a key that has no
// default stands there with an example of its type.
std::string yaml_reference(std::span<const OptionTable* const> tables);

}  // namespace agent
