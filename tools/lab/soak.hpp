// One random session of a sandbox, as a scenario: invocations, faults of the intake, freezes, kills, resets, memory
// that runs out, snapshots, managed instances, and in some of them a clock that leaps.
//
// The same seed makes the same text, so that a failure is a file that can be played again. It ends in health: the
// intake is well, the agent shuts down and is asked for its accounts. Pure. Called by the soak command.
#pragma once

#include <cstdint>
#include <string>

namespace lab {

std::string soak_session(std::uint64_t seed);

}  // namespace lab
