// What the traces plugin costs the agent as a process.
//
// tracer_answer  a request of 100 spans and its answer, and the same request to a bare Beast server, in turn, medians
// traces_peak    resident memory at its highest while spans come in at 100 MB/s and leave to an intake that is well
// traces_added   exec to first /next and private memory, with the plugin and without it, in turn
//
// Called by world_bench.
#pragma once

#include "subject.hpp"

namespace bench {

void measure_tracer_answer(const Options& options, std::uint16_t floor_port);
void measure_traces_peak(const Options& options);
void measure_traces_added(const Options& options);

}  // namespace bench
