// The text that replaces what a Regex matches: Go's Expand syntax ($1, ${name}, $$), understood once, applied per
// match.
//
// A backslash is ordinary text and nothing is rescanned. Unknown names and groups that took no part are empty; what is
// malformed (`$` at the end, `${1`, `${}`) is copied as it stands. Wire facts: Go regexp Expand and ReplaceAll.
// Called by plugins whose settings replace by pattern.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sls/codec/regex.hpp"

namespace sls {

class Replacement {
 public:
  Replacement() = default;
  Replacement(std::string_view placeholder, const Regex& regex);

  // Appends `text` with every non-overlapping match replaced to `out` (which it clears first). An empty match counts
  // except directly behind the previous match. Matches for which `keep` answers true stay as they are; null: none.
  // False: no match, `out` is not to be used.
  bool replace_all(const Regex& regex, std::string_view text, std::string& out,
                   bool (*keep)(std::string_view match) = nullptr) const;

 private:
  struct Piece {
    std::string literal;
    int group = -1;  // -1: literal
  };

  void append_literal(std::string_view text);
  void expand(std::string_view text, std::span<const RegexGroup> groups, std::string& out) const;

  std::vector<Piece> pieces_;
  std::size_t groups_ = 1;  // as many as the pieces need: asking RE2 for fewer groups is faster
};

}  // namespace sls
