// Flushes that are cut off, that meet what still comes, or that come after bad input: nothing is lost uncounted.
#include <gtest/gtest.h>

#include <random>

#include "metrics.pb.h"
#include "pipeline.hpp"

namespace {

using metrics::Batch;
using metrics::PayloadKind;
using metrics::Pipeline;

struct Fed : Pipeline {
  Fed() : Pipeline(settings()) { tell_time(1'700'000'000); }

  static metrics::PipelineSettings settings() {
    metrics::PipelineSettings out;
    std::vector<std::string> findings;
    out.histograms = metrics::read_histograms({"max", "count"}, {"0.95"}, findings);
    return out;
  }
  // Pulls up to `most` payloads; true: the flush came to its end.
  bool pull(std::int64_t flush, std::size_t most = 1'000) {
    for (; most != 0; --most) {
      const Batch& batch = next(flush);
      if (batch.kind == PayloadKind::kNone) return true;
      for (const Batch::Part& part : batch.parts) handed_out += part.samples;
      lab::wire::MetricPayload series;
      lab::wire::SketchPayload sketches;
      if (batch.kind == PayloadKind::kSeries) {
        EXPECT_TRUE(series.ParseFromString(batch.bytes));
        for (const auto& each : series.series())
          for (const auto& point : each.points()) sum += each.type() == 1 ? point.value() : 0;
      }
      if (batch.kind == PayloadKind::kSketches) {
        EXPECT_TRUE(sketches.ParseFromString(batch.bytes));
      }
    }
    return false;
  }
  bool balances() {
    const metrics::Losses lost = take_losses();
    dropped += lost.invalid_line + lost.invalid_metric + lost.not_finite + lost.filtered + lost.contexts_full
               + lost.bytes_full + lost.events_full;
    return received() == handed_out + dropped + pending_samples();
  }
  std::uint64_t handed_out = 0, dropped = 0;
  double sum = 0;
};

TEST(Flush, ThatWasCutOffIsGoneOnWithInTheNextAndWhatCameSinceComesToo) {
  for (std::size_t payloads = 0; payloads < 5; ++payloads) {
    Fed fed;
    for (int i = 0; i < 3'500; ++i) fed.add_packet("early.n" + std::to_string(i) + ":1|c");
    EXPECT_EQ(fed.pull(1, payloads), false);
    EXPECT_TRUE(fed.balances());
    for (int i = 0; i < 10; ++i) fed.add_packet("late.n" + std::to_string(i) + ":1|c\n_sc|x|0");
    EXPECT_TRUE(fed.pull(2));
    EXPECT_TRUE(fed.balances());
    EXPECT_EQ(fed.pending_samples(), 0u);
    EXPECT_EQ(fed.pending_bytes(), 0u);
    EXPECT_EQ(fed.sum, 3'510);
  }
}

TEST(Flush, LeavesWhatComesDuringItToTheNext) {
  Fed fed;
  for (int i = 0; i < 2'500; ++i) fed.add_packet("n" + std::to_string(i) + ":1|c");
  EXPECT_FALSE(fed.pull(1, 1));
  fed.add_packet("n1:1|c\nn9:1:2|d");
  EXPECT_TRUE(fed.pull(1));
  EXPECT_EQ(fed.pending_samples(), 3u);
  EXPECT_TRUE(fed.balances());
  EXPECT_TRUE(fed.pull(2));
  EXPECT_EQ(fed.pending_samples(), 0u);
  EXPECT_EQ(fed.sum, 2'501);
}

TEST(Flush, BalancesAfterEveryPayloadWhateverCame) {
  std::mt19937 random(43);
  Fed fed;
  std::string tags = "many:1|c|#", values = "values";
  for (int i = 0; i < 10'000; ++i) tags += "t" + std::to_string(i) + ",";
  for (int i = 0; i < 9'000; ++i) values += ":" + std::to_string(i);
  const std::string bad[] = {"",
                             "\n\r\n",
                             std::string(65'535, 'x'),
                             std::string(65'535, '\n'),
                             std::string(20'000, 'n') + ":1|c",
                             tags,
                             values + "|d",
                             values + "|ms",
                             "nan:nan:inf:1e400|g",
                             "nan:nan:inf:5|d",
                             "future:1|c|T99999999999",
                             "old:1|c|T1",
                             "rate:1|c|@0\nrate:1|d|@-5\nrate:1|d|@1e-300\nrate:1|ms|@nan",
                             "utf\xff:1|c|#\xff\xfe",
                             "set:\xff|s",
                             "_e{9999999999999999999,1}:a|b\n_e{1,1}:a|b\n_sc|x|9",
                             "partial:1|"};
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 40; ++i) {
      fed.add_packet(bad[random() % std::size(bad)]);
      fed.add_packet("flood.n" + std::to_string(random() % 5'000) + ":1|" + (i % 2 == 0 ? "c" : "d"));
      ASSERT_TRUE(fed.balances());
    }
    fed.pull(round, random() % 4);
    ASSERT_TRUE(fed.balances());
    ASSERT_LT(fed.pending_bytes(), metrics::Aggregator::kBytesMax + (1u << 20));
  }
  EXPECT_TRUE(fed.pull(1'000));
  EXPECT_EQ(fed.pending_samples(), 0u);
}

}  // namespace
