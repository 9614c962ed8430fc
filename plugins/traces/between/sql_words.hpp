// The words that SQL has for itself, for the engine behind `sql_obfuscation_mode`.
//
// Called by sql_lexer.
#pragma once

#include <string_view>

#include "sql_lexer.hpp"

namespace traces {

// What a word is, regardless of case; kWord: none of SQL's.
Lexeme sql_word(std::string_view word, bool& before_table);

// What EXTRACT(… FROM …) may name.
bool is_field_of_time(std::string_view word);

}  // namespace traces
