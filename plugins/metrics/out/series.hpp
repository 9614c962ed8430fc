// One context as series (field 1 of MetricPayload) or as a sketch (field 1 of SketchPayload), in protobuf.
//
// What is written is a complete repeated field, so that concatenated ones are a payload and a payload may be cut
// between them. A histogram or timing becomes several series, named after what they hold. Called by pipeline; the bytes
// are the parts of a payload.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wait.hpp"

namespace metrics {

// What every payload's entries carry besides their own tags.
struct BaseTags {
  std::vector<std::string> tags;  // "k:v", sorted
  bool function = false;          // the sandbox is that of a function: entries name their origin
};

std::string encode_series(const Context& context, std::string_view name, std::string_view tags, const BaseTags& base);
std::string encode_sketch(const Context& context, std::string_view name, std::string_view tags, const BaseTags& base);

}  // namespace metrics
