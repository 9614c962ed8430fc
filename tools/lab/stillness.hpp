// Whether nothing runs: neither the agent nor the lab's own threads, at one and the same moment.
//
// Every thread sleeps, and none has been switched to between two looks at all of them: then all of them slept in
// between, and since a thread to which something was sent counts as running at once, nothing is on its way between
// them either. Reads /proc; knows nothing of what the threads are for.
#pragma once

#include <sys/types.h>

#include "lab/monitor.hpp"

namespace lab {

// The calling thread does not count. False: something still runs at `until`.
bool wait_for_stillness(pid_t other, Clock::time_point until);
// Stopped by a signal: nothing of it runs, and it does not sleep either.
bool is_stopped(pid_t process);

}  // namespace lab
