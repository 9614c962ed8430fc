// What the demo function sends over DogStatsD in its n-th invocation: every type, and now and then an event and a
// service check. Packets as a client would send them. Called by demo_function.
#pragma once

#include <string>
#include <vector>

namespace lab {

std::vector<std::string> demo_packets(unsigned n);

}  // namespace lab
