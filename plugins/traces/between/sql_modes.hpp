// The engine behind `sql_obfuscation_mode`: literals replaced, the text brought into one shape, or both.
//
// It understands every text: what is open at the end is a literal. With kNormalizeOnly literals stay, which is what the
// operator asked for. Appends to `out`, which is to be trimmed.
// Called by sql.
#pragma once

#include <string>
#include <string_view>

#include "sql.hpp"
#include "sql_lexer.hpp"

namespace traces {

class SqlModes {
 public:
  explicit SqlModes(const SqlRules& rules) : rules_(rules) {}

  void obfuscate(std::string_view text, Dbms dbms, SqlOutput& out) const;
  // `obfuscated`: literals are replaced as well. Adds to `tables` where rules ask for them.
  void normalise(std::string_view text, Dbms dbms, bool obfuscated, SqlOutput& out, std::string& tables) const;

 private:
  const SqlRules& rules_;
};

}  // namespace traces
