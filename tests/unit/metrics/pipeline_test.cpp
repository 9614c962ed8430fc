#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "metrics.pb.h"
#include "options.hpp"
#include "pipeline.hpp"
#include "sls/testing.hpp"

namespace {

using sls::testing::HandedOut;
using sls::testing::TableDriver;

lab::wire::MetricPayload decode(const HandedOut& payload) {
  lab::wire::MetricPayload out;
  EXPECT_TRUE(out.ParseFromString(payload.body));
  return out;
}

struct Plugin : TableDriver {
  explicit Plugin(sls::testing::Setup setup = {}) : TableDriver(*sls_plugin_v1(), std::move(setup)) {}
};

TEST(Metrics, AsksForItsSocketAndItsIntake) {
  Plugin plugin;
  ASSERT_EQ(plugin.sockets().size(), 1u);
  EXPECT_EQ(plugin.sockets()[0].address, "udp://127.0.0.1:8125");
  EXPECT_EQ(plugin.sockets()[0].packet_bytes_max, 65535u);
  ASSERT_EQ(plugin.intakes().size(), 1u);
  EXPECT_EQ(plugin.intakes()[0][0].url, "https://api.{site}");
  EXPECT_EQ(plugin.intakes()[0][0].api_key, "");
}

TEST(Metrics, TakesItsAddressesFromItsOptions) {
  Plugin plugin({.options = {{"dogstatsd_port", "9000"},
                             {"bind_host", "::1"},
                             {"dogstatsd_so_rcvbuf", "4096"},
                             {"dogstatsd_buffer_size", "100"},
                             {"dd_url", "http://127.0.0.1:3333/"}}});
  ASSERT_EQ(plugin.sockets().size(), 1u);
  EXPECT_EQ(plugin.sockets()[0].address, "udp://[::1]:9000");
  EXPECT_EQ(plugin.sockets()[0].receive_buffer_bytes, 4096u);
  EXPECT_EQ(plugin.sockets()[0].packet_bytes_max, 65535u);
  EXPECT_EQ(plugin.intakes()[0][0].url, "http://127.0.0.1:3333");
}

TEST(Metrics, OpensNoSocketWhenThePortIsZero) {
  EXPECT_TRUE(Plugin({.options = {{"dogstatsd_port", "0"}}}).sockets().empty());
}

TEST(Metrics, KeepsTheSitesIntakeWhenTheUrlIsUnusable) {
  for (const char* bad : {"app.datadoghq.com", "https://", "https://a/b", "ftp://a", "https://a b"}) {
    Plugin plugin({.options = {{"dd_url", bad}}});
    EXPECT_EQ(plugin.intakes()[0][0].url, "https://api.{site}") << bad;
    ASSERT_EQ(plugin.logs().size(), 1u) << bad;
    EXPECT_EQ(plugin.logs()[0].level, sls::LogLevel::warn);
  }
}

lab::wire::SketchPayload decode_sketches(const HandedOut& payload) {
  lab::wire::SketchPayload out;
  EXPECT_TRUE(out.ParseFromString(payload.body));
  return out;
}

// "name tag,tag" -> type and the values of its points, of every series of a flush.
std::map<std::string, std::pair<int, std::vector<double>>> series_of(const std::vector<HandedOut>& payloads) {
  std::map<std::string, std::pair<int, std::vector<double>>> out;
  for (const HandedOut& payload : payloads) {
    if (payload.path != "/api/v2/series") continue;
    const auto decoded = decode(payload);
    for (const auto& series : decoded.series()) {
      std::string key = series.metric();
      for (const auto& tag : series.tags())
        if (tag != "functionname:demo" && tag != "region:eu-west-1") key += " " + tag;
      auto& [type, values] = out[key];
      type = series.type();
      for (const auto& point : series.points()) values.push_back(point.value());
    }
  }
  return out;
}
using Wanted = std::map<std::string, std::pair<int, std::vector<double>>>;

TEST(Metrics, AggregatesEachTypeInItsOwnWay) {
  Plugin plugin;
  plugin.packets({"hits:1:2|c|@0.5|#b:2,a:1\nhits:4|c|#a:1,b:2\nheap:7|g\nheap:5|g",
                  "users:ann|s\nusers:bob|s\nusers:ann|s", "took:10|ms\ntook:20|h"});
  EXPECT_EQ(plugin.ledger().pending, 10u);
  const auto payloads = plugin.flush();
  const Wanted wanted = {
      {"hits a:1 b:2", {1, {10}}}, {"heap", {3, {5}}},      {"users", {3, {2}}},      {"took.max", {3, {10}}},
      {"took.median", {3, {10}}},  {"took.avg", {3, {10}}}, {"took.count", {1, {1}}}, {"took.95percentile", {3, {10}}}};
  auto got = series_of(payloads);
  // A timing and a histogram of one name are two contexts, so each figure stands there twice.
  for (auto& [name, figure] : got)
    if (name.starts_with("took")) {
      EXPECT_EQ(figure.second.size(), 2u) << name;
      std::sort(figure.second.begin(), figure.second.end());
      figure.second.resize(1);
    }
  EXPECT_EQ(got, wanted);
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].content_type, "application/x-protobuf");
  EXPECT_EQ(payloads[0].compress, sls::Compress::zstd);
  EXPECT_EQ(payloads[0].auth, sls::Auth::api_key);
  EXPECT_EQ(payloads[0].items, 10u);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_TRUE(plugin.flush().empty());
  EXPECT_TRUE(plugin.faults().empty());
}

TEST(Metrics, ShipsDistributionsAsSketches) {
  Plugin plugin;
  plugin.packets({"size:1:2:3|d|#k:v", "size:1|d|@0.1|#k:v"}).sample({"posted", sls::distribution, 7, 0, {{"t", "1"}}});
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].path, "/api/beta/sketches");
  EXPECT_EQ(payloads[0].items, 5u);
  const auto decoded = decode_sketches(payloads[0]);
  ASSERT_EQ(decoded.sketches_size(), 2);
  const auto& sketch = decoded.sketches(0);
  EXPECT_EQ(sketch.metric(), "size");
  EXPECT_EQ(sketch.tags_size(), 3);
  ASSERT_EQ(sketch.dogsketches_size(), 1);
  const auto& point = sketch.dogsketches(0);
  EXPECT_EQ(point.ts(), 1'700'000'000);
  EXPECT_EQ(point.cnt(), 13);
  EXPECT_EQ(point.min(), 1);
  EXPECT_EQ(point.max(), 3);
  EXPECT_EQ(point.sum(), 16);
  ASSERT_EQ(point.k_size(), 3);
  EXPECT_EQ(point.k(0), 1338);
  EXPECT_EQ(point.n(0), 11u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Metrics, HoldsNoBytesAfterAFlushAndGoesOn) {
  Plugin plugin;
  for (int i = 0; i < 3; ++i) {
    plugin.packets({"c:1|c\nd:1:2:3|d\nt:5|ms\ns:x|s\n_e{1,1}:a|b\n_sc|x|0"});
    EXPECT_EQ(plugin.flush().size(), 4u);
    EXPECT_EQ(plugin.state().pending_bytes, 0u);
    EXPECT_TRUE(plugin.ledger().balances());
  }
}

TEST(Metrics, NamesTheOriginOfAFunctionsMetrics) {
  struct Case {
    const char* name;
    unsigned service;
  };
  for (const Case& each :
       {Case{"acme.x", 472}, Case{"aws.lambda.enhanced.x", 473}, Case{"jvm.heap", 474}, Case{"datadog.x", 0}}) {
    Plugin plugin({.tags = {{"function_arn", "arn:aws:lambda:eu-west-1:1:function:f"}}});
    plugin.packets({std::string(each.name) + ":1|c"});
    const auto payloads = plugin.flush();
    ASSERT_EQ(payloads.size(), 1u);
    const auto origin = decode(payloads[0]).series(0).metadata().origin();
    EXPECT_EQ(origin.origin_service(), each.service) << each.name;
    EXPECT_EQ(origin.origin_category(), each.service == 0 ? 0u : 38u) << each.name;
  }
}

TEST(Metrics, KeepsTenSecondsApart) {
  Plugin plugin;
  plugin.packets({"a:1|c\na:5|c|T1699999981\na:7|c|T1999999999"});
  plugin.advance(std::chrono::seconds(10)).packets({"a:2|c"});
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  const auto decoded = decode(payloads[0]);
  std::map<std::int64_t, double> points;
  for (const auto& point : decoded.series(0).points()) points[point.timestamp()] = point.value();
  const std::map<std::int64_t, double> wanted = {{1'699'999'980, 5}, {1'700'000'000, 8}, {1'700'000'010, 2}};
  EXPECT_EQ(points, wanted);
}

TEST(Metrics, ShipsEventsAndServiceChecks) {
  Plugin plugin;
  plugin.packets({"_e{2,5}:up|a\\nb!|s:deploy|#x:1", "_e{4,0}:down|", "_sc|db|2|m:gone \"now\""});
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 3u);
  EXPECT_EQ(payloads[0].path, "/intake/");
  EXPECT_NE(payloads[0].body.find(R"("events":{"deploy":[{"msg_title":"up","msg_text":"a\nb!","timestamp":1700000000)"),
            std::string::npos)
      << payloads[0].body;
  EXPECT_NE(payloads[1].body.find(R"("events":{"api":[{"msg_title":"down")"), std::string::npos);
  EXPECT_EQ(payloads[2].path, "/api/v1/check_run");
  EXPECT_EQ(payloads[2].body,
            R"([{"check":"db","host_name":"","timestamp":1700000000,"status":2,"message":"gone \"now\"",)"
            R"("tags":["functionname:demo","region:eu-west-1"]}])");
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_EQ(plugin.ledger().pending, 0u);
}

TEST(Metrics, CountsWhatItDropsByReason) {
  struct Case {
    std::string packet;
    const char* counter;
    std::uint64_t lost;
  };
  std::string tags = "tags:1|c|#";
  for (int i = 0; i < 101; ++i) tags += "t" + std::to_string(i) + ",";
  const Case cases[] = {
      {"nope", "dropped.invalid_line", 1},
      {"a:1:x|c\n\xff\xff", "dropped.invalid_line", 2},
      {"123:1:2|c", "dropped.invalid_metric", 2},
      {std::string(351, 'a') + ":1|c", "dropped.invalid_metric", 1},
      {"a:1|c|#" + std::string(201, 'k'), "dropped.invalid_metric", 1},
      {tags, "dropped.invalid_metric", 1},
      {"a:nan:inf|g", "dropped.not_finite", 2},
  };
  for (const Case& each : cases) {
    Plugin plugin;
    plugin.packets({each.packet});
    EXPECT_EQ(plugin.counter(each.counter), each.lost) << each.packet;
    EXPECT_TRUE(plugin.ledger().balances()) << each.packet;
    EXPECT_TRUE(plugin.flush().empty()) << each.packet;
    plugin.packets({each.packet, each.packet});
    EXPECT_EQ(plugin.counter(each.counter), 3 * each.lost) << each.packet;
    ASSERT_EQ(plugin.logs().size(), 1u) << each.packet;  // said once
    EXPECT_NE(plugin.logs()[0].text.find(each.counter), std::string::npos) << plugin.logs()[0].text;
    EXPECT_EQ(plugin.logs()[0].level, sls::LogLevel::warn);
  }
}

TEST(Metrics, SaysOnceThatOneOfItsBoundsIsReached) {
  Plugin plugin;
  for (std::size_t i = 0; i < metrics::kEventsMax + 5; ++i) plugin.packets({"_e{1,1}:a|b"});
  EXPECT_EQ(plugin.counter("dropped.events_full"), 5u);
  ASSERT_EQ(plugin.logs().size(), 1u);
  EXPECT_EQ(plugin.logs()[0].level, sls::LogLevel::error);
}

TEST(Metrics, SaysNothingOfWhatIsLeftOutOnRequest) {
  Plugin plugin({.options = {{"statsd_metric_blocklist", "secret"}}});
  plugin.packets({"secret:1|c", "aws.lambda.enhanced.invocations:1|d"});
  EXPECT_EQ(plugin.counter("dropped.filtered"), 1u);
  EXPECT_EQ(plugin.counter("dropped.counted_already"), 1u);
  EXPECT_TRUE(plugin.logs().empty());
}

TEST(Metrics, ConservesCountsWhateverComes) {
  std::mt19937 random(17);
  Plugin plugin;
  double sent = 0, arrived = 0;
  for (int i = 0; i < 5'000; ++i) {
    const unsigned value = random() % 100, name = random() % 300;
    sent += value * 4.0;
    plugin.packets({"bad\nn" + std::to_string(name) + ":" + std::to_string(value) + "|c|@0.25|#z,a\nx:nan|g"});
    if (i % 700 == 0)
      for (const auto& [key, figure] : series_of(plugin.flush()))
        for (const double each : figure.second) arrived += each;
    ASSERT_TRUE(plugin.ledger().balances());
  }
  for (const auto& [key, figure] : series_of(plugin.flush()))
    for (const double each : figure.second) arrived += each;
  EXPECT_EQ(arrived, sent);
  EXPECT_EQ(plugin.counter("dropped.invalid_line"), 5'000u);
  EXPECT_EQ(plugin.ledger().pending, 0u);
}

TEST(Metrics, CutsPayloadsAtAThousandEntries) {
  Plugin plugin;
  for (int i = 0; i < 1'005; ++i) plugin.packets({"acme." + std::string(1, 'a') + std::to_string(i) + ":1|c"});
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 2u);
  EXPECT_EQ(payloads[0].parts.size(), metrics::kEntriesPerPayloadMax);
  EXPECT_EQ(payloads[1].parts.size(), 5u);
}

TEST(Metrics, CountsWhatTheIntakeRejects) {
  Plugin plugin;
  plugin.packets({"a:1:2|c"});
  const auto payloads = plugin.flush();
  plugin.deliver(payloads[0], sls::Outcome::rejected, 400);
  EXPECT_EQ(plugin.counter("rejected_by_intake"), 2u);
}

}  // namespace
