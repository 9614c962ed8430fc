// Times as events write them, as nanoseconds since 1970: exactly, by integers, so that no millisecond is rounded twice.
// Absent: it is no such time, or none that 64 bits hold. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace traces::invocation {

inline constexpr std::int64_t kMillisecondNs = 1'000'000, kSecondNs = 1'000'000'000;

// A decimal number of units, with a fraction or an exponent where it has one: "1643638425.163", "1.643638425163E9".
// Digits below a nanosecond are cut off.
std::optional<std::int64_t> instant_of_number(std::string_view number, std::int64_t unit_ns);
// RFC 3339: "2021-12-17T21:46:58.040Z", "…+02:00".
std::optional<std::int64_t> instant_of_date(std::string_view text);

}  // namespace traces::invocation
