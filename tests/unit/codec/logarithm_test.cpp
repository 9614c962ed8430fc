// The C library's own logarithm, in extended precision where there is one, is the judge.
#include <gtest/gtest.h>
#include <sls/codec/logarithm.hpp>

#include <cmath>
#include <limits>
#include <random>

namespace {

using Limits = std::numeric_limits<double>;

// Of any exponent.
double some_double(std::mt19937_64& random) {
  const double mantissa = 1 + std::uniform_real_distribution<>(0, 1)(random);
  return std::ldexp(mantissa, static_cast<int>(random() % 2098) - 1074);
}

TEST(Logarithm, IsTheNearestDouble) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    const double x = i % 2 == 0 ? some_double(random) : std::uniform_real_distribution<>(0.5, 2)(random);
    if (!std::isfinite(x) || x == 0) continue;
    const long double exact = std::log(static_cast<long double>(x));
    const double found = sls::logarithm(x);
    const double step = std::nextafter(std::abs(found), Limits::infinity()) - std::abs(found);
    ASSERT_LE(std::abs(static_cast<long double>(found) - exact), static_cast<long double>(step) * 0.501L) << x;
  }
}

TEST(Logarithm, KnowsTheEndsOfTheScale) {
  EXPECT_EQ(sls::logarithm(1), 0);
  EXPECT_EQ(sls::logarithm(2), std::log(2.0));
  EXPECT_EQ(sls::logarithm(Limits::max()), std::log(Limits::max()));
  EXPECT_EQ(sls::logarithm(Limits::denorm_min()), std::log(Limits::denorm_min()));
  EXPECT_EQ(sls::logarithm(0), -Limits::infinity());
  EXPECT_EQ(sls::logarithm(Limits::infinity()), Limits::infinity());
  EXPECT_TRUE(std::isnan(sls::logarithm(-1)));
  EXPECT_TRUE(std::isnan(sls::logarithm(Limits::quiet_NaN())));
}

TEST(Logarithm, IsNearInAFewNanoseconds) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 100'000; ++i) {
    const double x = some_double(random);
    if (!std::isnormal(x)) continue;
    ASSERT_NEAR(sls::near_logarithm(x), std::log(x), 1e-12) << x;
  }
}

TEST(Power, IsTheNearestDouble) {
  for (int exponent = -1400; exponent < 31'500; exponent += 7) {
    const long double exact = std::pow(1.015625L, static_cast<long double>(exponent));
    const double found = sls::power(1.015625, exponent);
    const double step = std::nextafter(found, Limits::infinity()) - found;
    ASSERT_LE(std::abs(static_cast<long double>(found) - exact), static_cast<long double>(step) * 0.52L) << exponent;
  }
  EXPECT_EQ(sls::power(2, 10), 1024);
  EXPECT_EQ(sls::power(2, -3), 0.125);
  EXPECT_EQ(sls::power(7, 0), 1);
}

TEST(NearestWhole, TakesTheEvenOneOfTwo) {
  for (const double x : {0.5, 1.5, 2.5, -0.5, -1.5, 3.49999, -7.2, 1e15 + 0.5, 123456.0})
    EXPECT_EQ(sls::nearest_whole(x), std::nearbyint(x)) << x;
}

}  // namespace
