// DogStatsD packets sent to the agent as a process, beside a floor in turn: what is lost, and what a metric costs.
//
// statsd         packets of 1,400 bytes with 200 contexts, and packets of one metric, at several rates: the kernel's
//                drops and the CPU time per metric of the agent, of a program that receives, splits and hashes, and of
//                another agent where there is one (--statsd-peer); all with the system's receive buffer
// metrics_added  start and private memory of the agent with and without the metrics plugin, in turn, medians
//
// Called by world_bench.
#pragma once

#include "subject.hpp"

namespace bench {

void measure_statsd(const Options& options);
void measure_metrics_added(const Options& options);

}  // namespace bench
