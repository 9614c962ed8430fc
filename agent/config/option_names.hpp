// The names of a row: the lists in its `yaml` and `env` texts, and what they are when the row names none.
//
// Used inside this room, where OptionTable's vectors of strings would be made once per lookup for nothing.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "config/value_text.hpp"

namespace agent {

// Calls visit(name) for each name of "a.b|c.d", in order.
template <class Visit>
void each_name(std::string_view names, Visit&& visit) {
  while (!names.empty()) {
    const std::size_t bar = names.find('|');
    if (const std::string_view name = trim(names.substr(0, bar)); !name.empty()) visit(name);
    if (bar == std::string_view::npos) return;
    names.remove_prefix(bar + 1);
  }
}

std::string default_yaml_path(std::string_view owner, std::string_view key);  // plugins.<id>.<key>
std::string default_env_name(std::string_view owner, std::string_view key);   // DD_PLUGINS_<ID>_<KEY>

}  // namespace agent
