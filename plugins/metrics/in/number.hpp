// Numbers of the DogStatsD protocol: decimal, with exponent, hexadecimal, "inf" and "nan", as its clients write them.
//
// The whole text is the number: a space or anything behind it makes it unusable. What is too large for a double is
// refused, what is too small is 0. Called by in/packet for values, rates and times.
#pragma once

#include <cstdint>
#include <string_view>

namespace metrics {

bool read_number(std::string_view text, double& out);
// Base 10, with an optional sign.
bool read_integer(std::string_view text, std::int64_t& out);

}  // namespace metrics
