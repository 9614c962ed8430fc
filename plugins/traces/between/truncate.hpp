// Cuts what is longer than the intake takes: resources, keys and values of tags, keys of metrics.
//
// Between characters; a cut key or value ends with "...". It refuses to touch structured tags (`_dd.*.json`,
// `.msgpack`,
// `.protobuf`), which would be of no use half. Called by trades. Limits: datadog-agent, pkg/trace/agent/truncator.go.
#pragma once

#include <cstddef>

#include "span.hpp"

namespace traces {

inline constexpr std::size_t kResourceBytesMax = 5000;      // the rest is cut off
inline constexpr std::size_t kBigResourceBytesMax = 15000;  // the same with the feature big_resource
inline constexpr std::size_t kKeyBytesMax = 200;            // the rest of a tag's or metric's key becomes "..."
inline constexpr std::size_t kValueBytesMax = 25'000;       // the rest of a tag's value becomes "..."

void truncate(Span& span, Arena& arena, std::size_t resource_bytes_max = kResourceBytesMax);

}  // namespace traces
