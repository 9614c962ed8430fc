// Wall-clock time of the sandbox (sandbox_time) and fresh identifiers, in the forms that the platform uses.
#pragma once

#include <cstdint>
#include <string>

namespace lab {

std::int64_t wall_ms();
std::string rfc3339(std::int64_t ms);  // "2026-01-02T03:04:05.678Z"
std::string fresh_uuid();

}  // namespace lab
