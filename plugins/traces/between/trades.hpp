// All trades on one chunk, in their one order.
//
// It refuses to decode and to encode. Called by pipeline for every chunk, once, after between/chunk_fields.
#pragma once

#include <cstdint>

#include "losses.hpp"
#include "span.hpp"
#include "tracer.hpp"

namespace traces {

class Trades {
 public:
  // Every span that is taken out of the chunk is added to `losses`; a chunk that is left empty is not shipped. `now_ns`
  // is the wall clock at which the chunk arrived.
  void apply(Chunk& chunk, const Tracer& tracer, std::int64_t now_ns, Losses& losses);
};

}  // namespace traces
