// What changed between a line as it was written and as it arrived: by words, so that a mask stands out whole. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct Piece {
  std::string text;
  bool changed = false;
};

// The pieces of `after`, those that are not in `before` marked. Long texts are compared by their common ends only.
std::vector<Piece> changes(std::string_view before, std::string_view after);

}  // namespace lab
