// The replacement text of a mask rule: Go's Expand syntax ($1, ${name}, $$), understood once, applied per match.
//
// A backslash is ordinary text and nothing is rescanned. Unknown names and groups that took no part are empty; what is
// malformed (`$` at the end, `${1`, `${}`) is copied as it stands. Wire facts: Go regexp Expand and ReplaceAll.
// Called by processing_rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "between/regex.hpp"

namespace logs {

class Replacement {
 public:
  Replacement() = default;
  Replacement(std::string_view placeholder, const Regex& regex, const logs_regex_engine& engine);

  // Appends `text` with every non-overlapping match replaced to `out` (which it clears first). An empty match counts
  // except directly behind the previous match. False: no match, `out` is not to be used.
  bool replace_all(const Regex& regex, std::string_view text, std::string& out) const;

 private:
  struct Piece {
    std::string literal;
    int group = -1;  // -1: literal
  };

  void append_literal(std::string_view text);
  void expand(std::string_view text, const logs_regex_span* spans, std::string& out) const;

  std::vector<Piece> pieces_;
  int spans_ = 1;  // as many as the pieces need: asking RE2 for fewer groups is faster
};

}  // namespace logs
