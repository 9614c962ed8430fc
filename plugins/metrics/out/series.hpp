// One context as a series of the intake's MetricPayload (protobuf).
//
// Writes a complete field 1 (`series`) of MetricPayload, so that concatenated series are a payload and a payload may be
// cut between them. Called by pipeline; its bytes are the parts of a payload.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "wait.hpp"

namespace metrics {

// `base_tags` are those that every series carries. The time is in seconds since 1970.
std::string encode_series(const Context& context, std::span<const std::string> base_tags, std::int64_t time_s);

}  // namespace metrics
