#include <gtest/gtest.h>
#include <sls/codec/sketch.hpp>

#include <algorithm>
#include <bit>
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

// The formula of the agent's key, with the C library's logarithm.
std::int16_t key_by_definition(double value) {
  if (value < 0) return static_cast<std::int16_t>(-key_by_definition(-value));
  if (value < 9.94185408912145e-10) return 0;
  const double index = std::nearbyint(std::log(value) / 0.015504186535965254) + 1338;
  return static_cast<std::int16_t>(index > 32766 ? 32767 : std::max(index, 1.0));
}

TEST(Sketch, GivesEveryValueTheKeyOfTheDefinition) {
  std::mt19937_64 random(23);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(Sketch::key_of(value), key_by_definition(value)) << value;
  }
  const auto expect_around = [](double value, std::initializer_list<std::int64_t> distances) {
    for (const std::int64_t distance : distances)
      for (const std::int64_t ulps : {-distance, distance}) {
        const auto near = std::bit_cast<double>(std::bit_cast<std::int64_t>(value) + ulps);
        ASSERT_EQ(Sketch::key_of(near), key_by_definition(near)) << near;
      }
  };
  // On every edge between two keys and beside it, and where a table of keys would end its rows.
  for (int key = -1336; key < 31'428; ++key)
    expect_around(std::exp((key + 0.5) * 0.015504186535965254), {0, 1, 2, 3, 100, 4'000, 4'095, 4'096, 4'097, 5'000});
  for (int power = -26; power <= 42; ++power)
    for (int row = 0; row < 64; ++row) expect_around(std::ldexp(1 + row / 64.0, power), {0, 1, 2});
  EXPECT_EQ(Sketch::key_of(5e-324), 0);
  EXPECT_EQ(Sketch::key_of(-0.0), 0);
  EXPECT_EQ(Sketch::key_of(1.7e308), 32767);
}

TEST(SketchBins, AreTheSameWhetherKeysComeTogetherOrOneByOne) {
  std::mt19937 random(29);
  for (const int spread : {3, 100, 1'000, 30'000}) {
    sls::SketchBins together, counted_ones, alone, weighted;
    std::vector<std::int16_t> keys;
    for (int i = 0; i < 700; ++i) {
      keys.push_back(
          static_cast<std::int16_t>(static_cast<int>(random() % static_cast<unsigned>(spread)) - spread / 2));
      alone.insert(keys.back(), 1);
      weighted.insert(keys.back(), 40'000);
    }
    std::vector<std::int16_t> copy = keys;
    together.insert(copy);
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(copy.back() - copy.front()) + 1);
    for (const std::int16_t key : copy) ++counts[static_cast<std::size_t>(key - copy.front())];
    counted_ones.insert(copy.front(), counts);
    EXPECT_EQ(together.all(), alone.all()) << spread;
    EXPECT_EQ(counted_ones.all(), alone.all()) << spread;
    std::uint64_t counted = 0;
    for (const sls::SketchBin& bin : weighted.all()) counted += bin.count;
    EXPECT_EQ(counted, 700u * 40'000u);
    EXPECT_TRUE(std::is_sorted(weighted.all().begin(), weighted.all().end(),
                               [](const auto& a, const auto& b) { return a.key < b.key; }));
  }
}

TEST(Sketch, CountsManyValuesAsItCountsFew) {
  for (const Distribution& each : kDistributions) {
    std::mt19937_64 random(37);
    Sketch many;
    sls::SketchBins bins;
    for (int i = 0; i < 20'000; ++i) {
      const double value = each.draw(random), rate = i % 7 == 0 ? 0.01 : i % 5 == 0 ? 0.0001 : 1;
      many.insert(value, rate);
      bins.insert(Sketch::key_of(value), rate == 1 ? 1 : rate == 0.01 ? 100 : 10'000);
      if (i % 6'000 == 0) {
        EXPECT_EQ(many.bins(), bins.all()) << each.name;
      }
    }
    EXPECT_EQ(many.bins(), bins.all()) << each.name;
  }
}

TEST(Sketch, FindsQuantilesOfAMillionValuesAsNearAsItsBinsAllow) {
  for (const Distribution& each : kDistributions) {
    std::mt19937_64 random(31);
    std::vector<double> values(1'000'000);
    for (double& value : values) value = each.draw(random);
    const Sketch sketch = of(values);
    // The peers' quantile runs from the bound of its bin to that of the next, so 1/128 holds for bounds, not for it.
    for (const double q : {0.01, 0.5, 0.95, 0.99, 0.999}) {
      const auto at = static_cast<std::size_t>(std::nearbyint(q * 999'999.0));
      std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
      const double exact = values[at];
      EXPECT_NEAR(sketch.quantile(q), exact, std::abs(exact) / 42.0 + 1e-9) << each.name << " " << q;
      EXPECT_NEAR(Sketch::lower_bound(Sketch::key_of(exact)), exact, std::abs(exact) / 127.9 + 1e-9) << each.name;
    }
    EXPECT_EQ(sketch.count(), 1'000'000);
  }
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
