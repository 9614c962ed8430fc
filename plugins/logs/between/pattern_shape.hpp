// The shape of a pattern: a sequence of byte sets in which each text that the pattern matches has a place.
//
// It knows more texts than the pattern does and never fewer: groups with alternatives are laid over one another, `*` of
// a group is any run of its bytes, anchors and `\b` are nothing. What it does not understand for certain it gives up:
// `known` is then false, and whoever asks must search with the engine. `certain` says that the engine will take the
// pattern, so that it need not be compiled to find that out. It finds nothing in texts; window and literal read it.
// Called by processing_rules when it is set up. Facts: RE2's and Go's syntax, spec of processing rules.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "between/byte_set.hpp"

namespace logs {

struct ShapeItem {
  enum class Times : std::uint8_t { kOnce, kMaybe, kAnyTimes };
  ByteSet bytes;
  Times times = Times::kOnce;
};

struct PatternShape {
  static constexpr int kBranchesMax = 8;

  bool known = false;
  bool certain = false;  // only where known
  int branches = 0;      // of a group whose alternatives can be told apart; 0: there is none
  std::vector<ShapeItem> items;
};

// `shape` is reused: a list of ten thousand rules asks for no memory of its own.
void read_shape(std::string_view pattern, PatternShape& shape);
// The same with one alternative of that group alone: what the pattern matches has a place in one of the branches.
void read_branch(std::string_view pattern, int branch, PatternShape& shape);

}  // namespace logs
