// SIGTERM, SIGINT and SIGHUP as calls on the loop; SIGPIPE is ignored (a closed stdout or socket is an error
// code).
//
// Called once by main. No thread: the handlers write to a pipe that the loop reads. What a signal means is
// the caller's business.
#pragma once

#include <functional>

#include "net/task.hpp"

namespace agent {

// `on_signal` is called with the signal's number, each time one comes. Keeps Loop::run() going until
// Loop::stop().
void on_termination(Loop& loop, std::function<void(int)> on_signal);

}  // namespace agent
