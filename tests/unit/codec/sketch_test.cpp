#include <gtest/gtest.h>
#include <sls/codec/sketch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

namespace {

using sls::Sketch;

Sketch of(const std::vector<double>& values) {
  Sketch out;
  for (const double value : values) out.insert(value);
  return out;
}

using Draw = std::function<double(std::mt19937_64&)>;
struct Distribution {
  const char* name;
  Draw draw;
};

const Distribution kDistributions[] = {
    {"uniform", [](auto& random) { return std::uniform_real_distribution<>(1, 1000)(random); }},
    {"normal", [](auto& random) { return std::normal_distribution<>(50, 5)(random); }},
    {"around zero", [](auto& random) { return std::normal_distribution<>(0, 100)(random); }},
    {"exponential", [](auto& random) { return std::exponential_distribution<>(0.1)(random); }},
    {"lognormal", [](auto& random) { return std::lognormal_distribution<>(3, 1)(random); }},
    {"small", [](auto& random) { return std::exponential_distribution<>(1e6)(random); }},
    {"pareto", [](auto& random) { return 1 / (1 - std::uniform_real_distribution<>(0, 0.999999)(random)); }},
    {"integers", [](auto& random) { return static_cast<double>(1 + random() % 50); }},
};

TEST(Sketch, PutsEveryValueIntoABinWhoseBoundIsNear) {
  for (const Distribution& each : kDistributions) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 100'000; ++i) {
      const double value = each.draw(random);
      const double bound = Sketch::lower_bound(Sketch::key_of(value));
      ASSERT_NEAR(bound, value, std::abs(value) / 127.9 + 1e-9) << each.name;
    }
  }
}

TEST(Sketch, FindsQuantilesAsNearAsItsBinsAllow) {
  for (const Distribution& each : kDistributions) {
    std::mt19937_64 random(11);
    std::vector<double> values(100'000);
    for (double& value : values) value = each.draw(random);
    const Sketch sketch = of(values);
    std::sort(values.begin(), values.end());
    for (const double q : {0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
      const double exact = values[static_cast<std::size_t>(std::nearbyint(q * (values.size() - 1.0)))];
      EXPECT_NEAR(sketch.quantile(q), exact, std::abs(exact) / 42.0 + 1e-9) << each.name << " " << q;
    }
  }
}

TEST(Sketch, IsTheSameInWhateverOrderItIsMerged) {
  std::mt19937_64 random(3);
  std::vector<double> values(30'000);
  for (double& value : values) value = std::lognormal_distribution<>(0, 3)(random);
  const auto part = [&](std::size_t from, std::size_t to) {
    return of({values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to)});
  };
  const Sketch whole = of(values), a = part(0, 1'000), b = part(1'000, 12'345), c = part(12'345, 30'000);
  Sketch left = a, right = b;
  left.merge(b), left.merge(c);
  right.merge(c), right.merge(a);
  EXPECT_EQ(left.bins(), whole.bins());
  EXPECT_EQ(right.bins(), whole.bins());
  EXPECT_EQ(left.count(), 30'000);
  EXPECT_NEAR(left.sum(), whole.sum(), whole.sum() * 1e-12);
}

TEST(Sketch, IsEmptyBeforeTheFirstValue) {
  Sketch sketch;
  EXPECT_EQ(sketch.quantile(0.5), 0);
  EXPECT_TRUE(sketch.bins().empty());
  sketch.merge(Sketch());
  EXPECT_EQ(sketch.count(), 0);
}

TEST(Sketch, NeverCountsARateBeyondItsBounds) {
  for (const double rate : {0.0, -1.0, 1.5, 1.0, std::nan("")}) {
    Sketch sketch;
    sketch.insert(5, rate);
    EXPECT_EQ(sketch.count(), 1) << rate;
  }
  Sketch tiny;
  tiny.insert(5, 1e-300);
  EXPECT_EQ(tiny.count(), 4096 * 65535);
  EXPECT_LE(tiny.bins().size(), 4096u);
}

TEST(Sketch, KeepsCountAndSumWhenItTrims) {
  Sketch sketch;
  for (int i = -3'000; i < 3'000; ++i) sketch.insert(i < 0 ? -std::pow(1.015625, -i) : std::pow(1.015625, i));
  std::int64_t counted = 0;
  for (const sls::SketchBin& bin : sketch.bins()) counted += bin.count;
  EXPECT_EQ(counted, 6'000);
  EXPECT_EQ(sketch.count(), 6'000);
  EXPECT_EQ(sketch.bins().size(), 4'096u);
}

TEST(Sketch, RefusesARangeThatIsNone) {
  Sketch sketch;
  EXPECT_FALSE(sketch.interpolate(1, 1, 5));
  EXPECT_FALSE(sketch.interpolate(2, 1, 5));
  EXPECT_FALSE(sketch.interpolate(0, HUGE_VAL, 5));
  EXPECT_TRUE(sketch.interpolate(0, 1, 5));
  EXPECT_EQ(sketch.count(), 5);
}

}  // namespace
