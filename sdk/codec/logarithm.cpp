// Reckons with pairs of doubles whose sum is the number: some 105 bits, so that rounding once at the end is rounding to
// the nearest. T. J. Dekker, A floating-point technique for extending the available precision, 1971.
#include <sls/codec/logarithm.hpp>

#include <limits>

namespace sls {

namespace {

struct Pair {
  double high, low;  // |low| is at most half of the last bit of high
};

constexpr Pair sum_of(double a, double b) {
  const double sum = a + b, part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}
// For |a| at least |b|.
constexpr Pair quick_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}
// Exact below 2^996: each factor is split into halves of 26 bits.
constexpr Pair product_of(double a, double b) {
  constexpr double kSplit = 134217729;  // 2^27 + 1
  const double a_up = kSplit * a, a_high = a_up - (a_up - a), a_low = a - a_high;
  const double b_up = kSplit * b, b_high = b_up - (b_up - b), b_low = b - b_high;
  const double product = a * b;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

constexpr Pair operator+(Pair a, Pair b) {
  const Pair high = sum_of(a.high, b.high), low = sum_of(a.low, b.low);
  const Pair carried = quick_sum(high.high, high.low + low.high);
  return quick_sum(carried.high, carried.low + low.low);
}
constexpr Pair operator*(Pair a, Pair b) {
  const Pair product = product_of(a.high, b.high);
  return quick_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}
constexpr Pair operator/(Pair a, Pair b) {
  const double first = a.high / b.high;
  const Pair rest = a + b * Pair{-first, 0};
  const double second = rest.high / b.high;
  const Pair still = rest + b * Pair{-second, 0};
  return quick_sum(first, second) + Pair{still.high / b.high, 0};
}

constexpr Pair kLn2 = {0.6931471805599453, 2.3190468138462996e-17};
constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;

// ln(m) for m between sqrt(1/2) and sqrt(2), by 2 artanh((m - 1) / (m + 1)): z^22 / 45 is below 2^-117.
Pair series(double m) {
  constexpr int kTerms = 22;
  const Pair s = Pair{m - 1, 0} / sum_of(m, 1), z = s * s;
  Pair sum{0, 0};
  for (int i = kTerms - 1; i >= 0; --i) sum = sum * z + Pair{1, 0} / Pair{2.0 * i + 1, 0};
  const Pair half = s * sum;
  return {2 * half.high, 2 * half.low};
}

}  // namespace

double logarithm(double x) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kLift = 18014398509481984.0;  // 2^54: makes every number a normal one
  if (!(x > 0)) return x == 0 ? -kInfinity : std::numeric_limits<double>::quiet_NaN();
  if (x == kInfinity) return x;
  const bool lifted = x < std::numeric_limits<double>::min();
  const auto bits = std::bit_cast<std::uint64_t>(lifted ? x * kLift : x);
  int exponent = static_cast<int>(bits >> 52) - 1023 - (lifted ? 54 : 0);
  double mantissa = std::bit_cast<double>((bits & kMantissa) | std::uint64_t{1023} << 52);
  if (mantissa > 1.4142135623730951) mantissa /= 2, ++exponent;
  const Pair whole = kLn2 * Pair{static_cast<double>(exponent), 0};
  return (whole + series(mantissa)).high;
}

double power(double base, int exponent) {
  Pair result{1, 0}, square{base, 0};
  std::uint32_t left = exponent < 0 ? 0u - static_cast<std::uint32_t>(exponent) : static_cast<std::uint32_t>(exponent);
  for (; left != 0; left >>= 1) {
    if ((left & 1) != 0) result = result * square;
    if (left != 1) square = square * square;
  }
  return exponent < 0 ? (Pair{1, 0} / result).high : result.high;
}

}  // namespace sls
