#include "between/sampling.hpp"

#include <gtest/gtest.h>

#include "world_under_test.hpp"

namespace logs {
namespace {

LogSampling sampling(std::string_view setting, Findings& findings) {
  return LogSampling(setting, "here", linked_engine, findings);
}

TEST(LogSampling, KeepsTheFirstLineAndThenEveryNthAndSaysHowManyItStandsFor) {
  Findings findings;
  LogSampling rules = sampling(R"([{"name":"polling","pattern":"^GET /poll","rate":0.25}])", findings);
  std::vector<std::uint64_t> lines;
  for (int i = 0; i < 13; ++i) {
    Line line;
    line.text = "GET /poll 200";
    lines.push_back(rules.keep(line) ? line.sampling.lines : 0);
  }
  EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4}));
  Line other;
  other.text = "POST /poll";
  EXPECT_TRUE(rules.keep(other));
  EXPECT_EQ(other.sampling.lines, 0U);
  EXPECT_TRUE(findings.all().empty());
}

TEST(LogSampling, KeepsAsManyAsItsRateSays) {
  for (const auto& [rate, kept] : {std::pair{"0.1", 100}, {"0.3", 300}, {"1", 1000}, {"0", 0}, {"0.999", 999}}) {
    Findings findings;
    LogSampling rules = sampling(R"([{"pattern":"x","rate":)" + std::string(rate) + "}]", findings);
    int n = 0;
    for (int i = 0; i < 1000; ++i) {
      Line line;
      line.text = "x";
      n += rules.keep(line) ? 1 : 0;
    }
    EXPECT_NEAR(n, kept, 1) << rate;
  }
}

TEST(LogSampling, SkipsEntriesThatCannotBeUsedAndSaysWhy) {
  Findings findings;
  LogSampling rules = sampling(R"([{"pattern":"("},{"pattern":"(","rate":1},{"pattern":"a","rate":2},7,)"
                               R"({"rate":0.5},{"pattern":"good","rate":0}])",
                               findings);
  EXPECT_EQ(findings.all().size(), 5U);
  Line line;
  line.text = "good";
  EXPECT_FALSE(rules.keep(line));
  Findings none;
  EXPECT_TRUE(sampling("{}", none).empty());
  EXPECT_EQ(none.all().size(), 1U);
}

TEST(LogSampling, IsSaidInTheEntryAndKeptInTheLedger) {
  Options options{};
  options.buffer_bytes = 1 << 20;
  Findings findings;
  Pipeline pipeline(options, {}, World::sandbox(false),
                    sampling(R"([{"name":"p","pattern":"x","rate":0.5}])", findings));
  for (int i = 0; i < 3; ++i) {
    sls_record one{};
    one.kind = SLS_RECORD_FUNCTION;
    one.request_id = str("id");
    one.text = str("x");
    pipeline.on_telemetry({sizeof(sls_telemetry), sizeof(sls_record), 1, &one, 0});
  }
  const auto parts = pipeline.next_batch(false);
  ASSERT_EQ(parts.size(), 2U);
  const std::string_view second(parts[1].bytes.data, parts[1].bytes.len);
  EXPECT_NE(second.find(R"("status":"info","sampling":{"rule":"p","rate":0.5,"lines":2}},)"), second.npos) << second;
  EXPECT_EQ(pipeline.counts().dropped_sampled_out, 1U);
  EXPECT_EQ(pipeline.counts().received, 3U);
}

}  // namespace
}  // namespace logs
