// Who wants to see a tracer's chunk as it came, before the trades work on it.
//
// Called by pipeline for each decoded chunk; never for those that the plugin made itself.
#pragma once

#include "span.hpp"
#include "tracer.hpp"

namespace traces {

class Arrivals {
 public:
  virtual ~Arrivals() = default;
  // Spans may be changed, not taken away.
  virtual void see(Chunk& chunk, const Tracer& tracer) = 0;
};

}  // namespace traces
