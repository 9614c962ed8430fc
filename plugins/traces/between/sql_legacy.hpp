// The agent's own engine: tokens of a text judged one after another, printed with one space between them.
//
// Literals become `?`; runs of them, and groups of groups, are printed once; comments and aliases go. It refuses to
// guess: what is no SQL to the tokeniser is not understood, and then `out` is to be thrown away.
// Called by sql.
#pragma once

#include <string>
#include <string_view>

#include "sql.hpp"

namespace traces {

class LegacySql {
 public:
  LegacySql(const SqlRules& rules, Dbms dbms) : rules_(rules), dbms_(dbms) {}

  struct Outcome {
    bool understood = false, seen_backslash = false;
  };
  // `out` and `tables` are overwritten.
  Outcome obfuscate(std::string_view text, bool literal_escapes, SqlOutput& out, std::string& tables) const;

 private:
  Outcome run(std::string_view text, bool literal_escapes, bool functions, SqlOutput& out, std::string& tables) const;

  const SqlRules& rules_;
  Dbms dbms_;
};

// Appends a name with `?` for each run of digits.
void append_without_digits(std::string_view name, SqlOutput& out);
// Of a list with commas.
bool has_table(std::string_view name, std::string_view tables);
// Adds to a list with commas, unless it is there.
void add_table(std::string_view name, std::string& tables);

}  // namespace traces
