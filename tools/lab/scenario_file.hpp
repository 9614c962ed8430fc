// The text format of scenarios: one step per line, `#` begins a comment line. README.md has the list of steps.
//
// A line is a verb and words; a word is plain, `name=value` (equal) or `name~value` (regular expression), and values
// may stand in double quotes (\" \\ \n \t inside). `<<END` at the end of a line takes the lines up to END as a text.
// `{` opens an invocation and `}` ends it; both are steps like others. Pure: no step is understood here, only read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct Word {
  std::string name;  // of name=value; empty for a plain word
  char sign = 0;     // '=', '~', or 0 for a plain word
  std::string value;
};

struct Step {
  unsigned line = 0;
  std::string source;  // the line as it is written
  std::string verb;
  std::vector<Word> words;
  std::string rest;  // everything behind the verb, as it is written
  std::string text;  // of <<END

  const Word* find(std::string_view name) const;
  std::string value(std::string_view name, std::string_view otherwise = "") const;
  // The n-th plain word; empty where there is none.
  std::string plain(std::size_t n) const;
  bool has_plain(std::string_view word) const;
};

// Throws LabError with the line's number.
std::vector<Step> read_scenario(std::string_view text);
// One line's words, as above.
std::vector<Word> words_of_line(std::string_view line);

}  // namespace lab
