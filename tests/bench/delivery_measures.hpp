// What delivery may cost a function: invocations beside an intake that is not well, and start-invocation under load.
//
// sick    invocations with three lines, flushed at their end, beside an intake that is mute, dripping, not there, or
//         says 403: what they take more than beside a well one, in all, and their p99 after the first five
// loaded  start-invocation while lines and spans come in at 10 MB/s each, and while nothing does, p99 and medians; and
// a
//         bare Beast server, asked in turn with it: what the machine does to anybody
//
// Called by world_bench.
#pragma once

#include "subject.hpp"

namespace bench {

void measure_sick(const Options& options);
void measure_loaded(const Options& options);

}  // namespace bench
