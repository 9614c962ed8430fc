// Quantiles of a sketch as the intake would compute them: from the keys and counts that arrived.
//
// The lab's own reading of the format (keys of width 1/64, bias 1338), sharing no code with the agent. A quantile is
// the middle of the bin that holds its rank, so it is within 1/64 of the value, and inside [min, max]. Called by the
// terminal's view and by tests.
#pragma once

#include "lab/received.hpp"

namespace lab {

double quantile(const SketchPoint& sketch, double q);

}  // namespace lab
