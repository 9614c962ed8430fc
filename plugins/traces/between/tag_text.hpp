// Texts as the intake takes them: tags, tag values, span names, and cutting at a length.
//
// A text that is good already comes back as it is; a changed one lies in the arena. It knows no span. Called by
// normalise and truncate. The rules are the agent's (datadog-agent: pkg/trace/traceutil/normalize).
#pragma once

#include <cstddef>
#include <string_view>

#include "arena.hpp"

namespace traces {

// Of a whole tag, "key:value": letters in lower case; digits, '.', '/', '-' behind the first letter or ':'; everything
// else is '_', never two of them, none at the ends. At most 200 characters.
std::string_view normal_tag(std::string_view text, Arena& arena);
// The same of a value alone, which may begin with a digit, '.', '/', '-' or one '_'.
std::string_view normal_tag_value(std::string_view text, Arena& arena);
// Of a span's name: ASCII letters, digits, '.' and '_', from the first letter on; case is kept. Empty: nothing is left.
std::string_view normal_name(std::string_view text, Arena& arena);
// At most `bytes_max` bytes, between two characters.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);

}  // namespace traces
