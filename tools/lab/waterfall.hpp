// The spans of a request as small waterfalls: one per trace, children below their parents, each with its place in time.
//
//   ▸ trace 1234, 3 spans, 21 ms
//     aws.sqs                MyQueue                    ▇▇▇▇········  8 ms
//       aws.lambda           checkout                   ····▇▇▇▇▇▇▇▇ 13 ms  error
//
// Pure text; called by live_view.
#pragma once

#include <string>
#include <vector>

#include "lab/received.hpp"

namespace lab {

std::vector<std::string> waterfalls(const std::vector<Span>& spans);

}  // namespace lab
