// The platform's points in time: RFC 3339 text to nanoseconds since the epoch.
#pragma once

#include <cstdint>
#include <string_view>

namespace agent {

// "2022-10-12T00:00:15.064Z", with a fraction of any length (what is finer than a nanosecond is cut off) and any
// offset. False: not such a text, or outside of what 64 bits of nanoseconds hold (1677 to 2262).
bool parse_timestamp(std::string_view text, std::int64_t& out_ns);

}  // namespace agent
