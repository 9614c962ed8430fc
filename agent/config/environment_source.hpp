// The process's environment as names and raw texts.
//
// The only file that reads environ. Values are never guessed at: DD_VERSION=1.10 stays "1.10". Called once,
// at start-up, by the wiring.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace agent {

Sources::Environment read_environment();
// As they are: "NAME=VALUE", for another run of the executable.
std::vector<const char*> environment_entries();

// A variable's text by its name, or under DATADOG_ for a DD_ name where the first is not set; nullopt: not
// set or empty. A name in the wanted spelling wins over one that differs in case.
std::optional<std::string_view> find_variable(const Sources::Environment& environment, std::string_view name);

// Without the DATADOG_ name, and that name alone: a row with several names asks for all of the first kind
// first.
std::optional<std::string_view> find_exactly(const Sources::Environment& environment, std::string_view name);

inline constexpr std::string_view kPrefix = "DD_";
inline constexpr std::string_view kLongPrefix = "DATADOG_";

}  // namespace agent
