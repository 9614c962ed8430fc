// The best window of a pattern: a few byte sets one after another that stand in every text that the pattern matches,
// and in as few others as possible.
//
// What is rare is judged by how often bytes stand in the lines of programs. Called by rule_prefilter.
#pragma once

#include <cstddef>
#include <vector>

#include "between/byte_set.hpp"
#include "between/pattern_shape.hpp"

namespace logs {

struct PatternWindow {
  std::vector<ByteSet> sets;  // empty: there is none
  double weight = 0;          // bits: it is taken to stand at one of 2^weight places
};

// At most `length_max` sets long. False: no window that says anything.
bool find_window(const PatternShape& shape, std::size_t length_max, PatternWindow& window);

}  // namespace logs
