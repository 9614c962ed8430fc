// What is said of a whole chunk and stands in its spans: root, sampling priority, origin, decision maker.
//
// What the wire gave stays. It refuses to look at anything but the chunk. Called by trades, after normalisation.
#pragma once

#include <cstddef>

#include "span.hpp"

namespace traces {

// The last span without a parent; else the last whose parent is not in the chunk; else the last. The chunk is not
// empty.
std::size_t root_of(const Chunk& chunk);
// Fills what the wire left open; the tag `_dd.p.dm` is that of the root, else of the first span that has it.
void complete_fields(Chunk& chunk);

}  // namespace traces
