// What a request brought besides log lines, in words: one line per point, distribution, event, check and span.
//
// Texts out; it prints nothing and knows no colours. Called by live_view.
#pragma once

#include <string>
#include <vector>

#include "lab/received.hpp"

namespace lab {

std::vector<std::string> arrivals_in(const Received& request);

}  // namespace lab
