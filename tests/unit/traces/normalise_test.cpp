#include "between/normalise.hpp"

#include <gtest/gtest.h>

#include <random>

#include "between/top_level.hpp"

namespace {

using traces::Chunk;
using traces::Normaliser;
using traces::Span;

constexpr std::int64_t kNow = 1'790'000'000'000'000'000;

Span& add(Chunk& chunk, std::uint64_t id, std::uint64_t parent = 0, std::string_view service = "shop") {
  Span& span = chunk.add();
  span.trace_id = 7;
  span.span_id = id;
  span.parent_id = parent;
  span.service = service;
  span.name = "web.request";
  span.resource = "GET /";
  span.start = kNow - 1000;
  span.duration = 10;
  return span;
}

TEST(Normalise, CondemnsAnEmptyTrace) {
  Chunk chunk;
  EXPECT_FALSE(Normaliser().normalise(chunk, "", kNow));
}

TEST(Normalise, CondemnsATraceForOneForeignSpan) {
  Chunk chunk;
  add(chunk, 1);
  add(chunk, 2).trace_id = 8;
  EXPECT_FALSE(Normaliser().normalise(chunk, "", kNow));
}

TEST(Normalise, TakesTheNameFromTheComponentOnlyWhenAsked) {
  for (const bool asked : {false, true}) {
    Chunk chunk;
    add(chunk, 1).set("component", "net/http");
    ASSERT_TRUE(Normaliser(asked).normalise(chunk, "", kNow));
    EXPECT_EQ(chunk.spans()[0].name, asked ? "net_http" : "web.request");
  }
}

TEST(Normalise, NamesTheLinksOfASpan) {
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.links.emplace_back().attributes = {{"link.name", "a--b"}, {"other", "a--b"}};
  span.links.emplace_back().attributes = {{"link.name", "??"}};
  ASSERT_TRUE(Normaliser().normalise(chunk, "", kNow));
  EXPECT_EQ(span.links[0].attributes[0].second, "a_b");
  EXPECT_EQ(span.links[0].attributes[1].second, "a--b");
  EXPECT_EQ(span.links[1].attributes[0].second, "unnamed_operation");
}

TEST(Normalise, ChangesNothingOfAGoodSpan) {
  Chunk chunk;
  Span& span = add(chunk, 1);
  const Span before = span;
  ASSERT_TRUE(Normaliser().normalise(chunk, "python", kNow));
  EXPECT_EQ(span.service.data(), before.service.data());
  EXPECT_EQ(span.name.data(), before.name.data());
  EXPECT_EQ(span.resource.data(), before.resource.data());
}

// Every field of a kind that the rules treat differently.
void fill(Span& span, std::mt19937& random) {
  static constexpr std::string_view kTexts[] = {"",          "shop", "A B",  "_x_", "🐨",     "é",    "İ--",
                                                "127.0.0.1", "200",  "+200", "600", "a._b-", "....", "\xff\xfe"};
  static const std::string kLong(130, 'X');
  static constexpr std::int64_t kTimes[] = {
      0, -1, 42, 946'684'799'999'999'999, 946'684'800'000'000'000, kNow, INT64_MAX, INT64_MIN, INT64_MAX - kNow, 1};
  const auto text = [&] {
    const std::size_t n = random() % (std::size(kTexts) + 1);
    return n == std::size(kTexts) ? std::string_view(kLong) : kTexts[n];
  };
  span.trace_id = 7;
  span.span_id = 1 + random() % 8;
  span.parent_id = random() % 9;
  span.service = text(), span.name = text(), span.resource = text(), span.type = text();
  span.start = kTimes[random() % std::size(kTimes)];
  span.duration = kTimes[random() % std::size(kTimes)];
  for (const std::string_view key :
       {"env", "peer.service", "_dd.base_service", "http.status_code", "component", "other"})
    if (random() % 2 == 0) span.meta.emplace_back(key, text());
}

bool same(const Span& a, const Span& b) {
  return a.service == b.service && a.name == b.name && a.resource == b.resource && a.type == b.type
         && a.start == b.start && a.duration == b.duration && a.parent_id == b.parent_id && a.meta == b.meta;
}

TEST(Normalise, DoneAgainChangesNothing) {
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    Chunk chunk;
    fill(chunk.add(), random);
    ASSERT_TRUE(Normaliser(i % 2 == 0).normalise(chunk, "go", kNow));
    const Span once = chunk.spans()[0];
    EXPECT_FALSE(once.service.empty() || once.name.empty() || once.resource.empty());
    EXPECT_LE(once.service.size(), 200u);
    EXPECT_LE(once.name.size(), 100u);
    EXPECT_LE(once.type.size(), 100u);
    EXPECT_GE(once.duration, 0);
    EXPECT_GE(once.start, 0);
    EXPECT_LE(once.duration, INT64_MAX - once.start);
    ASSERT_TRUE(Normaliser(i % 2 == 0).normalise(chunk, "go", kNow));
    ASSERT_TRUE(same(once, chunk.spans()[0])) << i;
  }
}

TEST(TopLevel, IsComputedUnlessTheTracerDidIt) {
  for (const bool by_tracer : {false, true}) {
    Chunk chunk;
    add(chunk, 1, 0, "a");
    add(chunk, 2, 1, "a").metrics.emplace_back("_dd.top_level", 1);
    add(chunk, 3, 1, "b");
    add(chunk, 4, 99, "a").metrics.emplace_back("_dd.top_level", 0);
    traces::TopLevel().mark(chunk, by_tracer);
    std::vector<bool> marked;
    for (const Span& span : chunk.spans()) marked.push_back(span.find_metric("_top_level") != nullptr);
    EXPECT_EQ(marked, by_tracer ? std::vector({false, true, false, false}) : std::vector({true, false, true, true}));
  }
}

TEST(TopLevel, FindsParentsWhereverTheyStand) {
  Chunk chunk;
  for (std::uint64_t id = 1000; id != 0; --id) add(chunk, id, id / 2, "a");
  traces::TopLevel().mark(chunk, false);
  for (const Span& span : chunk.spans()) EXPECT_EQ(span.find_metric("_top_level") != nullptr, span.span_id == 1);
}

}  // namespace
