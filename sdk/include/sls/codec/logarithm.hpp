// Logarithm and power for the keys of sketches, without the C library's libm: that is a library of its own, and mapping
// it costs every start of the agent 50 µs, for what a metric or a span may need much later.
//
// Values in, values out; no tables that are made at run time, no rounding mode but to nearest. Called by codec/sketch
// and by whoever counts into bins of logarithmic width.
#pragma once

#include <bit>
#include <cstdint>

namespace sls {

// ln(x): the double nearest to it for a finite x above 0 (in about 0.3 µs). Of 0 minus infinity, of less nothing (NaN);
// infinity and NaN are their own.
double logarithm(double x);

// base to the power of a whole exponent, the double nearest to it as long as it lies between 1e-290 and 1e290; base
// above 0.
double power(double base, int exponent);

// x to the nearest whole number, a half to the even one, for |x| below 2^51.
constexpr double nearest_whole(double x) {
  constexpr double kNoFraction = 6755399441055744.0;  // 1.5 * 2^52: adding it leaves no bits behind the point
  return (x + kNoFraction) - kNoFraction;
}

namespace detail {

// ln(x) for x from 1 to 2, for the table below: made when this is compiled.
constexpr double table_log(double x) {
  const double s = (x - 1) / (x + 1), z = s * s;
  double sum = 0, at = s;
  for (int i = 1; i < 60; i += 2, at *= z) sum += at / i;
  return 2 * sum;
}

constexpr int kLogTableBits = 7;
struct LogTable {
  struct Row {
    double inverse, log;  // of the middle of the row
  };
  Row rows[1 << kLogTableBits];
};
constexpr LogTable log_table() {
  LogTable out{};
  for (int i = 0; i < 1 << kLogTableBits; ++i) {
    const double middle = 1 + (i + 0.5) / (1 << kLogTableBits);
    out.rows[i] = {1 / middle, table_log(middle)};
  }
  return out;
}
inline constexpr LogTable kLogTable = log_table();

}  // namespace detail

// ln(x) in a few nanoseconds, less than 1e-12 wrong; for normal x above 0.
constexpr double near_logarithm(double x) {
  constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1, kOne = std::uint64_t{1023} << 52;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(bits >> 52) - 1023;
  const detail::LogTable::Row& row = detail::kLogTable.rows[(bits & kMantissa) >> (52 - detail::kLogTableBits)];
  const double z = std::bit_cast<double>((bits & kMantissa) | kOne) * row.inverse - 1;  // at most 1/256
  const double rest = z * (1 - z * (0.5 - z * (1.0 / 3 - z * 0.25)));
  return static_cast<double>(exponent) * 0.6931471805599453 + row.log + rest;
}

}  // namespace sls
