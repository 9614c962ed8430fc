// Marks the spans with which a service is entered: metric `_top_level` 1.
//
// A tracer that has found them itself is believed. It refuses to judge what is counted (statistics does). Called by
// trades once per chunk, when no span will be taken out of it any more.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "span.hpp"

namespace traces {

class TopLevel {
 public:
  // `computed_by_tracer`: spans with its mark `_dd.top_level` are marked; otherwise those without a parent, whose
  // parent is not in the chunk, or whose parent is of another service.
  void mark(Chunk& chunk, bool computed_by_tracer);

 private:
  void compute(Chunk& chunk);

  std::vector<std::pair<std::uint64_t, std::uint32_t>> ids_;  // span id, place in the chunk; reused
};

}  // namespace traces
