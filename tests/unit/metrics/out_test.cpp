#include <gtest/gtest.h>

#include <map>

#include "metrics.pb.h"
#include "options.hpp"
#include "out/base_tags.hpp"
#include "out/intake.hpp"
#include "sls/testing.hpp"

namespace {

using sls::testing::HandedOut;
using sls::testing::TableDriver;

struct Plugin : TableDriver {
  explicit Plugin(sls::testing::Setup setup = {}) : TableDriver(*sls_plugin_v1(), std::move(setup)) {}
};

lab::wire::MetricPayload series_in(const HandedOut& payload) {
  lab::wire::MetricPayload out;
  EXPECT_TRUE(out.ParseFromString(payload.body));
  return out;
}

TEST(BaseTags, LoseTheirExcludedKeysAndNeverAllOfThem) {
  std::vector<std::string> tags = {"region:x", "function_arn:arn", "memorysize:128", "device:d", "a"};
  const metrics::BaseTags some(tags, {"memorysize", "function_arn", "nothing"});
  EXPECT_EQ(some.all(), (std::vector<std::string>{"a", "region:x"}));
  EXPECT_EQ(some.resources(), std::vector<std::string>{"device:d"});
  EXPECT_FALSE(some.function());
  for (int i = 0; i < 200; ++i) tags.push_back("k" + std::to_string(i));
  const metrics::BaseTags many(tags, {});
  EXPECT_EQ(many.all().size() + many.resources().size(), metrics::kBaseTagsMax);
  EXPECT_EQ(many.left_out(), 105u);
  EXPECT_TRUE(many.function());
}

TEST(Intake, KeysAreNeverPartOfASentence) {
  Plugin plugin({.options = {{"additional_endpoints", R"({"https://u:s3cret@h":["s3cret"],"bad":["s3cret"]})"}}});
  ASSERT_EQ(plugin.logs().size(), 2u);
  for (const auto& line : plugin.logs()) {
    EXPECT_EQ(line.text.find("s3cret"), std::string::npos) << line.text;
    EXPECT_EQ(line.level, sls::LogLevel::error);
  }
}

TEST(Out, FurtherIntakesStandBehindThePrimary) {
  Plugin plugin({.options = {{"additional_endpoints", R"({"https://app.datadoghq.eu":["k1","k2"]})"}}});
  ASSERT_EQ(plugin.intakes().size(), 1u);
  ASSERT_EQ(plugin.intakes()[0].size(), 3u);
  EXPECT_EQ(plugin.intakes()[0][0].api_key, "");
  EXPECT_EQ(plugin.intakes()[0][2].url, "https://app.datadoghq.eu");
  EXPECT_EQ(plugin.intakes()[0][2].api_key, "k2");
}

TEST(Out, SocketsAreAskedForByTheirPaths) {
  Plugin plugin({.options = {{"dogstatsd_port", "0"},
                             {"dogstatsd_socket", "/tmp/dsd.sock"},
                             {"dogstatsd_stream_socket", "/tmp/dsd.stream"},
                             {"dogstatsd_so_rcvbuf", "9000"}}});
  ASSERT_EQ(plugin.sockets().size(), 2u);
  EXPECT_EQ(plugin.sockets()[0].address, "unixgram:///tmp/dsd.sock");
  EXPECT_EQ(plugin.sockets()[0].framing, sls::Framing::datagram);
  EXPECT_EQ(plugin.sockets()[1].address, "unix:///tmp/dsd.stream");
  EXPECT_EQ(plugin.sockets()[1].framing, sls::Framing::le32);
  EXPECT_EQ(plugin.sockets()[1].receive_buffer_bytes, 9000u);
}

TEST(Out, ResourcesAreNoTagsOfSeries) {
  Plugin plugin;
  plugin.packets({"a:1|g|#device:sda,dd.internal.resource:db:main,host:h,k:v"});
  const auto decoded = series_in(plugin.flush().at(0)).series(0);
  std::map<std::string, std::string> resources;
  for (const auto& each : decoded.resources()) resources[each.type()] = each.name();
  EXPECT_EQ(resources, (std::map<std::string, std::string>{{"device", "sda"}, {"db", "main"}}));
  std::vector<std::string> tags(decoded.tags().begin(), decoded.tags().end());
  EXPECT_EQ(tags, (std::vector<std::string>{"functionname:demo", "k:v", "region:eu-west-1"}));
}

TEST(Out, TagsOfTheSandboxAndOfTheMetricAreMergedInOrder) {
  Plugin plugin({.tags = {{"b", "1"}, {"d", "1"}, {"f", "1"}}});
  plugin.packets({"x:1|g|#a:1,c:1,d:1,g:1\ny:1|d|#e:1"});
  const auto payloads = plugin.flush();
  const auto decoded = series_in(payloads.at(0)).series(0);
  std::vector<std::string> tags(decoded.tags().begin(), decoded.tags().end());
  EXPECT_EQ(tags, (std::vector<std::string>{"a:1", "b:1", "c:1", "d:1", "f:1", "g:1"}));
  lab::wire::SketchPayload sketches;
  ASSERT_TRUE(sketches.ParseFromString(payloads.at(1).body));
  tags.assign(sketches.sketches(0).tags().begin(), sketches.sketches(0).tags().end());
  EXPECT_EQ(tags, (std::vector<std::string>{"b:1", "d:1", "e:1", "f:1"}));
}

TEST(Out, SeriesAreJsonWhereTheSettingsSaySo) {
  struct Case {
    const char *option, *value, *path, *body;
  };
  const Case cases[] = {
      {"series_json", "true", "/api/v2/series",
       R"({"series":[{"metric":"a","points":[{"timestamp":1700000000,"value":2.5}],"resources":[{"name":"sda","type":"device"}],)"
       R"("type":1,"interval":10,"tags":["functionname:demo","k:v","region:eu-west-1"],"metadata":null},)"
       R"({"metric":"b","points":[{"timestamp":1700000000,"value":1}],"resources":[],"type":3,)"
       R"("tags":["functionname:demo","region:eu-west-1"],"metadata":null}]})"},
      {"use_v2_api_series", "false", "/api/v1/series",
       R"({"series":[{"metric":"a","points":[[1700000000,2.5]],"tags":["functionname:demo","k:v","region:eu-west-1"],)"
       R"("device":"sda","type":"count","interval":10},{"metric":"b","points":[[1700000000,1]],)"
       R"("tags":["functionname:demo","region:eu-west-1"],"type":"gauge"}]})"},
  };
  for (const Case& each : cases) {
    Plugin plugin({.options = {{each.option, each.value}}});
    plugin.packets({"a:2.5|c|#k:v,device:sda\nb:1|g"});
    const auto payloads = plugin.flush();
    ASSERT_EQ(payloads.size(), 1u) << each.option;
    EXPECT_EQ(payloads[0].path, each.path);
    EXPECT_EQ(payloads[0].content_type, "application/json");
    EXPECT_EQ(payloads[0].body, each.body);
    EXPECT_TRUE(plugin.ledger().balances());
  }
}

TEST(Out, HistogramsInJsonAreOneSeriesPerFigure) {
  Plugin plugin({.options = {{"series_json", "true"}, {"histogram_aggregates", "max,sum"}}, .tags = {}});
  plugin.packets({"t:3|ms"});
  const std::string body = plugin.flush().at(0).body;
  EXPECT_NE(body.find(R"("metric":"t.max")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("metadata":null},{"metric":"t.sum")"), std::string::npos) << body;
}

TEST(Out, HistogramsOfWhichNothingIsWantedAreCountedAsFiltered) {
  Plugin plugin({.options = {{"histogram_aggregates", "mean"}, {"histogram_percentiles", "2"}}});
  EXPECT_EQ(plugin.logs().size(), 2u);
  plugin.packets({"t:3:4|ms\na:1|c"});
  EXPECT_EQ(plugin.flush().size(), 1u);
  EXPECT_EQ(plugin.counter("dropped.filtered"), 2u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Out, HistogramsAreCopiedToDistributionsOnRequest) {
  Plugin plugin(
      {.options = {{"histogram_copy_to_distribution", "true"}, {"histogram_copy_to_distribution_prefix", "dist."}}});
  plugin.packets({"t:3:5|ms\nt:7|d\nt:4|h"});
  EXPECT_TRUE(plugin.ledger().balances());
  std::map<std::string, std::int64_t> sketches;
  for (const HandedOut& payload : plugin.flush()) {
    if (payload.path != "/api/beta/sketches") continue;
    lab::wire::SketchPayload decoded;
    ASSERT_TRUE(decoded.ParseFromString(payload.body));
    for (const auto& each : decoded.sketches()) sketches[each.metric()] += each.dogsketches(0).cnt();
  }
  EXPECT_EQ(sketches, (std::map<std::string, std::int64_t>{{"dist.t", 3}, {"t", 1}}));
  EXPECT_EQ(plugin.ledger().pending, 0u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Out, SettingsOfTheWireApplyToTheWireAlone) {
  Plugin plugin({.options = {{"statsd_metric_namespace", " shop "},
                             {"statsd_metric_blocklist", "shop.noise"},
                             {"dogstatsd_tags", "team:a tier:b"},
                             {"lambda_customer_metrics_exclude_tags", "region"}}});
  plugin.packets({"a:1|c\nnoise:1:2|c\njvm.heap:1|g\n_sc|db|0|#k:v,host:h"}).sample({"noise", sls::count, 7});
  const auto payloads = plugin.flush();
  std::map<std::string, std::vector<std::string>> found;
  const auto decoded = series_in(payloads.at(0));
  for (const auto& each : decoded.series()) found[each.metric()] = {each.tags().begin(), each.tags().end()};
  const std::vector<std::string> wire = {"functionname:demo", "team:a", "tier:b"}, posted = {"functionname:demo"};
  EXPECT_EQ(found,
            (std::map<std::string, std::vector<std::string>>{{"shop.a", wire}, {"jvm.heap", wire}, {"noise", posted}}));
  EXPECT_NE(payloads.at(1).body.find(R"("tags":["functionname:demo","k:v","team:a","tier:b"])"), std::string::npos);
  EXPECT_EQ(plugin.counter("dropped.filtered"), 2u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Out, AnUnusableNamespaceCostsItselfAndASentence) {
  Plugin plugin({.options = {{"statsd_metric_namespace", "1app"}}});
  ASSERT_EQ(plugin.logs().size(), 1u);
  EXPECT_EQ(plugin.logs()[0].level, sls::LogLevel::error);
  plugin.packets({"m:1|c"});
  EXPECT_EQ(series_in(plugin.flush().at(0)).series(0).metric(), "m");
}

TEST(Out, ManyBucketsOfAContextAreSeveralEntries) {
  Plugin plugin;
  for (int i = 0; i < 200; ++i) plugin.packets({"a:1|d"}).advance(std::chrono::seconds(10));
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].parts.size(), 4u);
  EXPECT_EQ(payloads[0].items, 200u);
  EXPECT_EQ(plugin.ledger().pending, 0u);
  EXPECT_TRUE(plugin.ledger().balances());
}

}  // namespace
