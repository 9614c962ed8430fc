#include <gtest/gtest.h>

#include <cmath>

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
  EXPECT_EQ(plugin.sockets()[0].packet_bytes_max, 8192u);
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
  EXPECT_EQ(plugin.sockets()[0].packet_bytes_max, 100u);
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

TEST(Metrics, ShipsOneCountOfThePacketsThatCame) {
  Plugin plugin;
  plugin.packets({"a:1|c", "b:2|g\nc:3|ms"}).packets({"d:4|d"});
  EXPECT_EQ(plugin.ledger().pending, 3u);
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].path, "/api/v2/series");
  EXPECT_EQ(payloads[0].content_type, "application/x-protobuf");
  EXPECT_EQ(payloads[0].compress, sls::Compress::zstd);
  EXPECT_EQ(payloads[0].auth, sls::Auth::api_key);
  const auto decoded = decode(payloads[0]);
  ASSERT_EQ(decoded.series_size(), 1);
  const auto& series = decoded.series(0);
  EXPECT_EQ(series.metric(), metrics::kPacketsMetric);
  EXPECT_EQ(series.type(), 1);
  ASSERT_EQ(series.points_size(), 1);
  EXPECT_EQ(series.points(0).value(), 3);
  EXPECT_EQ(series.points(0).timestamp(), 1'700'000'000);
  ASSERT_EQ(series.tags_size(), 2);
  EXPECT_EQ(series.tags(0), "functionname:demo");
  EXPECT_EQ(payloads[0].items, 3u);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_TRUE(plugin.flush().empty());
  EXPECT_TRUE(plugin.faults().empty());
}

TEST(Metrics, AddsCountsUpAndKeepsTheLastGauge) {
  Plugin plugin;
  const auto post = [&](const char* name, sls::SampleType type, double value, sls::testing::Strings tags = {}) {
    plugin.sample({name, type, value, 0, std::move(tags)});
  };
  post("acme.errors", sls::count, 2, {{"b", "2"}, {"a", "1"}});
  post("acme.errors", sls::count, 3, {{"a", "1"}, {"b", "2"}});
  post("acme.errors", sls::count, 10, {{"a", "2"}});
  post("acme.heap", sls::gauge, 7);
  post("acme.heap", sls::gauge, 5);
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  std::map<std::string, std::pair<double, int>> values;
  const auto decoded = decode(payloads[0]);
  for (const auto& series : decoded.series())
    values[series.metric() + " " + series.tags(series.tags_size() - 1)] = {series.points(0).value(), series.type()};
  const std::map<std::string, std::pair<double, int>> wanted = {
      {"acme.errors b:2", {5, 1}}, {"acme.errors a:2", {10, 1}}, {"acme.heap region:eu-west-1", {5, 3}}};
  EXPECT_EQ(values, wanted);
  EXPECT_EQ(payloads[0].items, 5u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Metrics, RefusesAndCountsWhatTheIntakeWouldRefuse) {
  struct Case {
    sls::testing::PostedSample sample;
    const char* counter;
  };
  const sls::testing::Strings many(101, {"k", "v"});
  const Case cases[] = {
      {{"", sls::count, 1, 0, {}}, "dropped.invalid_sample"},
      {{"123", sls::count, 1, 0, {}}, "dropped.invalid_sample"},
      {{std::string(351, 'a'), sls::count, 1, 0, {}}, "dropped.invalid_sample"},
      {{"nan", sls::count, std::nan(""), 0, {}}, "dropped.invalid_sample"},
      {{"endless", sls::gauge, HUGE_VAL, 0, {}}, "dropped.invalid_sample"},
      {{"tags", sls::count, 1, 0, many}, "dropped.invalid_sample"},
      {{"tag", sls::count, 1, 0, {{std::string(201, 'k'), ""}}}, "dropped.invalid_sample"},
      {{"distribution", sls::distribution, 1, 0, {}}, "dropped.distribution_not_supported"},
  };
  for (const Case& each : cases) {
    Plugin plugin;
    plugin.sample(each.sample);
    EXPECT_EQ(plugin.counter(each.counter), 1u) << each.sample.name;
    EXPECT_TRUE(plugin.ledger().balances());
    EXPECT_TRUE(plugin.flush().empty());
  }
}

TEST(Metrics, HoldsABoundedNumberOfContextsAndCutsPayloads) {
  Plugin plugin;
  plugin.packets({"x"});
  for (std::size_t i = 0; i < metrics::Contexts::kContextsMax + 5; ++i)
    plugin.sample({"acme." + std::to_string(i), sls::count, 1, 0, {}});
  plugin.sample({"acme.0", sls::count, 1, 0, {}});  // a known context has room
  EXPECT_EQ(plugin.counter("dropped.contexts_full"), 5u);
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 2u);
  EXPECT_EQ(payloads[0].parts.size(), metrics::kSeriesPerPayloadMax);
  EXPECT_EQ(payloads[1].parts.size(), 1u);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_EQ(plugin.ledger().pending, 0u);
}

TEST(Metrics, CountsWhatTheIntakeRejects) {
  Plugin plugin;
  plugin.packets({"a", "b"});
  const auto payloads = plugin.flush();
  plugin.deliver(payloads[0], sls::Outcome::rejected, 400);
  EXPECT_EQ(plugin.counter("rejected_by_intake"), 2u);
}

TEST(Contexts, AreBoundedInBytes) {
  metrics::Contexts contexts;
  const std::string name(300'000, 'x');
  EXPECT_TRUE(contexts.add(name + "a", {}, metrics::SeriesKind::kCount, 1, 1));
  EXPECT_TRUE(contexts.add(name + "b", {}, metrics::SeriesKind::kCount, 1, 1));
  EXPECT_TRUE(contexts.add(name + "c", {}, metrics::SeriesKind::kCount, 1, 1));
  EXPECT_FALSE(contexts.add(name + "d", {}, metrics::SeriesKind::kCount, 1, 1));
  EXPECT_EQ(contexts.items(), 3u);
  EXPECT_EQ(contexts.take(10).size(), 3u);
  EXPECT_EQ(contexts.bytes(), 0u);
}

}  // namespace
