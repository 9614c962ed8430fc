// Settings of this plugin that are lists of maps: as JSON, or as a text that holds the JSON. Read at create only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sls/codec/json.hpp"

namespace logs {

bool is_blank(std::string_view text);
bool same_but_for_case(std::string_view a, std::string_view b);

// The list as JSON: empty where there is none; false: the value is something else. `unquoted` keeps the list where it
// came as a text.
bool find_list(std::string_view value, std::string& unquoted, std::string_view& list);

// A string's text, a number's or a truth value's spelling; nothing where it can be neither.
std::optional<std::string> scalar(const sls::json::Value& value);

}  // namespace logs
