#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "wait.hpp"

namespace {

using metrics::Aggregator;
using metrics::MetricLine;
using metrics::MetricType;
using metrics::Origin;

MetricLine line(std::string_view name, std::span<const double> values, std::string_view tags = {},
                MetricType type = MetricType::kCount) {
  MetricLine out;
  out.name = name;
  out.type = type;
  out.values = values;
  out.tags = tags;
  return out;
}

constexpr double kOne[] = {1};

struct Waiting : Aggregator {
  metrics::Enricher enricher;
  metrics::Losses lost;
  void take(const MetricLine& what, Origin origin = Origin::kWire, std::int64_t now_s = 100) {
    add(what, origin, now_s, enricher, lost);
  }
  double value(std::size_t i) { return context(i).first.value; }
};

TEST(Aggregator, RefusesNewContextsAtItsBoundWhileKnownOnesGoOn) {
  Waiting waiting;
  for (std::size_t i = 0; i < Aggregator::kContextsMax + 7; ++i) waiting.take(line("n" + std::to_string(i), kOne));
  waiting.take(line("n3", kOne));
  EXPECT_EQ(waiting.size(), Aggregator::kContextsMax);
  EXPECT_EQ(waiting.lost.contexts_full, 7u);
  EXPECT_EQ(waiting.samples(), Aggregator::kContextsMax + 1);
  EXPECT_LT(waiting.bytes(), Aggregator::kBytesMax);
  for (std::size_t i = 0; i < waiting.size(); ++i) waiting.give_up(waiting.context(i).first);
  EXPECT_EQ(waiting.samples(), 0u);
}

TEST(Aggregator, HoldsNoBytesWhenItIsNew) {
  EXPECT_EQ(Aggregator().bytes(), 0u);
  EXPECT_TRUE(Aggregator().empty());
}

TEST(Aggregator, FindsTheSameContextWhateverTheOrderOfTags) {
  Waiting waiting;
  for (const char* tags : {"a,b,c", "c,b,a", "a,a,b,,c,", "b,a,c", "c,b,a"}) waiting.take(line("n", kOne, tags));
  waiting.take(line("n", kOne, "b,c,a"), Origin::kPosted);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting.value(0), 6);
  EXPECT_EQ(waiting.tags(waiting.context(0)), "a,b,c");
  waiting.take(line("n", kOne, "a,b"));
  waiting.take(line("na", kOne, ",b,c"));
  EXPECT_EQ(waiting.size(), 3u);
}

TEST(Aggregator, KeepsWhatComesOverTheWireApartFromWhatIsPosted) {
  Waiting waiting;
  waiting.enricher.use(metrics::Namespace("ns", {}));
  waiting.take(line("n", kOne));
  waiting.take(line("n", kOne), Origin::kPosted);
  waiting.take(line("ns.n", kOne), Origin::kPosted);
  waiting.take(line("n", kOne));
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_EQ(waiting.name(waiting.context(0)), "ns.n");
  EXPECT_EQ(waiting.value(0), 3);
  EXPECT_EQ(waiting.value(1), 1);
}

TEST(Aggregator, CountsWhatIsKeptOutEachTime) {
  Waiting waiting;
  waiting.enricher.use(metrics::NameFilter({"secret"}, false));
  const double three[] = {1, 2, 3};
  for (int i = 0; i < 4; ++i) waiting.take(line("secret", three, "t:" + std::to_string(i % 2)));
  waiting.take(line("secret", kOne), Origin::kPosted);
  EXPECT_EQ(waiting.lost.filtered, 12u);
  EXPECT_EQ(waiting.size(), 1u);
}

TEST(Aggregator, StopsTakingWhatGrowsWhenItsBytesAreUsedUp) {
  Waiting waiting;
  waiting.take(line("count", kOne));
  waiting.take(line("sketch", kOne, {}, MetricType::kDistribution));
  waiting.set_reserved(Aggregator::kBytesMax);
  waiting.take(line("count", kOne));
  waiting.take(line("sketch", kOne, {}, MetricType::kDistribution));
  waiting.take(line("new", kOne));
  waiting.take(line("count", kOne), Origin::kWire, 200);
  EXPECT_EQ(waiting.value(0), 2);
  EXPECT_EQ(waiting.lost.bytes_full, 3u);
}

TEST(Aggregator, NeverGrowsBeyondItsBytes) {
  Waiting waiting;
  std::string tags(190, 'x');
  for (int i = 0; i < 9'000; ++i)
    for (const MetricType type : {MetricType::kDistribution, MetricType::kSet}) {
      const std::string name = "n" + std::to_string(i);
      MetricLine what = line(name, kOne, tags, type);
      if (type == MetricType::kSet) what.values = {}, what.member = what.name;
      for (int at = 0; at < 20; ++at) waiting.take(what, Origin::kWire, 100 * at);
    }
  EXPECT_GT(waiting.lost.bytes_full, 0u);
  EXPECT_LT(waiting.bytes(), Aggregator::kBytesMax + (1u << 20));
}

TEST(Aggregator, PutsWhatCameBeforeTheTimeWasKnownIntoTheFirstBucket) {
  Waiting waiting;
  waiting.take(line("n", kOne), Origin::kPosted, 0);
  waiting.begin_at(1'234);
  waiting.take(line("n", kOne), Origin::kPosted, 1'239);
  EXPECT_EQ(waiting.context(0).first.bucket_s, 1'230);
  EXPECT_EQ(waiting.value(0), 2);
}

TEST(Aggregator, KeepsManyBucketsOfOneContext) {
  Waiting waiting;
  for (int i = 0; i < 100; ++i) waiting.take(line("n", kOne), Origin::kWire, 1'000 + 10 * i);
  waiting.take(line("n", kOne), Origin::kWire, 1'000 + 10 * 98);
  metrics::Context& context = waiting.context(0);
  ASSERT_EQ(context.point_count(), 100u);
  EXPECT_EQ(context.point(98).value, 2);
  EXPECT_EQ(context.point(98).bucket_s, 1'980);
}

}  // namespace
