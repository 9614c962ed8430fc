#include "lab/arrivals.hpp"

#include <gtest/gtest.h>

#include "lab/demo_metrics.hpp"
#include "lab/sketch_quantile.hpp"
#include "lab/waterfall.hpp"

namespace lab {
namespace {

// 1, 1, 2, 10 as an agent's sketch has them.
SketchPoint four_values() {
  SketchPoint out;
  out.name = "size";
  out.count = 4;
  out.min = 1;
  out.max = 10;
  out.keys = {1338, 1383, 1487};
  out.counts = {2, 1, 1};
  return out;
}

TEST(SketchQuantile, IsWithinABinOfTheValueAtItsRank) {
  struct Case {
    double q, wanted;
  };
  for (const Case& each : {Case{0, 1}, Case{0.3, 1}, Case{0.6, 2}, Case{0.99, 10}, Case{1, 10}})
    EXPECT_NEAR(quantile(four_values(), each.q), each.wanted, each.wanted / 64) << each.q;
  SketchPoint around;
  around.count = 3;
  around.min = -2;
  around.max = 2;
  around.keys = {-1383, 0, 1383};
  around.counts = {1, 1, 1};
  EXPECT_NEAR(quantile(around, 0), -2, 0.04);
  EXPECT_EQ(quantile(around, 0.5), 0);
}

TEST(Arrivals, TellPercentilesEventsAndChecksInWords) {
  Received request;
  request.sketches = {four_values()};
  request.sketches[0].tags = {"region:eu-west-1", "shop:main"};
  request.series = {{"orders", "count", {}, 7, 3}};
  request.events.push_back({});
  request.events[0].title = "up";
  request.events[0].text = "v2";
  request.events[0].alert_type = "info";
  request.checks.push_back({});
  request.checks[0].name = "db";
  request.checks[0].status = 2;
  const std::vector<std::string> got = arrivals_in(request);
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[0], "◆ count orders = 3");
  EXPECT_EQ(got[1].rfind("◆ size p50 ", 0), 0u) << got[1];
  EXPECT_NE(got[1].find(" p99 10 of 4 shop:main"), std::string::npos) << got[1];
  EXPECT_EQ(got[2], "⚑ event (info) up: v2");
  EXPECT_EQ(got[3], "✓ service check db: critical");
}

TEST(Arrivals, TellEnhancedMetricsSeveralToALine) {
  Received request;
  for (const char* name : {"duration", "billed_duration", "cpu_total_utilization_pct", "num_cores"}) {
    SketchPoint& sketch = request.sketches.emplace_back();
    sketch.name = std::string("aws.lambda.enhanced.") + name;
    sketch.count = 1;
    sketch.sum = 0.25;
  }
  const std::vector<std::string> wanted = {"◆ aws.lambda.enhanced.duration 0.25, billed_duration 0.25",
                                           "◆   cpu_total_utilization_pct 0.25, num_cores 0.25"};
  EXPECT_EQ(arrivals_in(request), wanted);
}

TEST(DemoMetrics, SendEveryTypeAnEventAndACheck) {
  std::string all;
  for (unsigned n = 0; n < 16; ++n)
    for (const std::string& packet : demo_packets(n)) all += packet + "\n";
  for (const char* part : {"|c", "|g", "|d", "|s", "|ms", "_e{", "_sc|"}) EXPECT_NE(all.find(part), all.npos) << part;
}

TEST(Waterfall, DrawsATraceWithChildrenBelowTheirParents) {
  const auto span = [](std::string name, std::uint64_t id, std::uint64_t parent, std::int64_t start,
                       std::int64_t length) {
    Span out;
    out.name = std::move(name);
    out.resource = "r";
    out.trace_id = 7;
    out.span_id = id;
    out.parent_id = parent;
    out.start_ns = start * 1'000'000;
    out.duration_ns = length * 1'000'000;
    return out;
  };
  std::vector<Span> spans = {span("inner", 3, 2, 6, 3), span("outer", 1, 99, 0, 4), span("lambda", 2, 1, 4, 8)};
  spans[0].error = 1;
  const std::vector<std::string> lines = waterfalls(spans);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "▸ trace 7, 3 spans, 12 ms");
  EXPECT_EQ(lines[1].find("  outer "), 0u);
  EXPECT_EQ(lines[2].find("    lambda "), 0u);
  EXPECT_EQ(lines[3].find("      inner "), 0u);
  EXPECT_NE(lines[1].find("▇▇▇▇········ 4 ms"), std::string::npos) << lines[1];
  EXPECT_NE(lines[2].find("····▇▇▇▇▇▇▇▇ 8 ms"), std::string::npos) << lines[2];
  EXPECT_NE(lines[3].find("······▇▇▇··· 3 ms, error"), std::string::npos) << lines[3];
  const auto length = [&](std::int64_t ms) {
    const std::string line = waterfalls({span("one", 1, 0, 0, ms)})[0];
    return line.substr(line.rfind(", ") + 2);
  };
  EXPECT_EQ(length(9999), "9999 ms");
  EXPECT_EQ(length(12'500), "12.5 s");
  EXPECT_EQ(length(90'000), "1.5 min");
  EXPECT_EQ(length(5'400'000), "1.5 h");
  EXPECT_EQ(length(85'017'600'000), "984 d");
}

}  // namespace
}  // namespace lab
