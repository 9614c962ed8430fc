#include "between/trades.hpp"

namespace traces {

void Trades::apply(Chunk& /*chunk*/, const Tracer& /*tracer*/, std::int64_t /*now_ns*/, Losses& /*losses*/) {}

}  // namespace traces
