// Bodies of intake requests to values: zstd, gzip and deflate; logs JSON, series (JSON and protobuf), sketches, traces
// (protobuf by generated code), stats (MessagePack). A body that cannot be decoded leaves the reason in `broken`.
#pragma once

#include <string>

#include "lab/received.hpp"

namespace lab {

// Throws LabError.
std::string inflated(const std::string& body, std::string_view encoding);
json::value from_msgpack(std::string_view bytes);

// Fills everything but `status` and `accepted`. `shallow`: sizes and headers only.
Received decode(const HttpRequest& request, bool shallow = false);

}  // namespace lab
