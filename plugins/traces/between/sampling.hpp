// Which traces are not shipped because their priority says so. It refuses to decide on a priority (tracers do) and to
// keep a rate. Called by trades, last. Facts: bottlecap, traces/trace_processor.rs.
#pragma once

#include "span.hpp"

namespace traces {

// A trace that the tracer wants dropped is shipped all the same, unless its statistics were computed here: then it was
// counted, and nothing is lost. None and every positive priority are kept.
inline bool is_dropped_by_priority(const Chunk& chunk, bool counted_here) {
  return counted_here && chunk.priority.has_value() && *chunk.priority <= 0 && *chunk.priority != -128;
}

}  // namespace traces
