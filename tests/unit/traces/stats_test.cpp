#include "between/stats.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "between/ip_quantisation.hpp"
#include "driven.hpp"
#include "lab/decode.hpp"
#include "out/stats_payload.hpp"

namespace {

using namespace traces;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'790'000'005 * kSecond;

Span& add(Chunk& chunk, std::uint64_t id, std::int64_t start = kNow - kSecond, std::int64_t duration = kSecond / 2) {
  Span& span = chunk.add();
  span.trace_id = 7;
  span.span_id = id;
  span.parent_id = id == 1 ? 0 : 1;
  span.service = "shop", span.name = "web.request", span.resource = "GET /", span.type = "web";
  span.start = start;
  span.duration = duration;
  return span;
}

// Everything that was counted.
lab::json::value sent(Statistics& statistics) {
  const auto buckets = statistics.take(kNow, true);
  const auto bodies = encode_statistics(buckets, statistics.origins(), {"prod", "9"});
  EXPECT_EQ(bodies.size(), 1u);
  return bodies.empty() ? lab::json::value() : lab::from_msgpack(bodies[0]);
}
const lab::json::array& groups_of(const lab::json::value& payload) {
  return payload.at("Stats").at(0).at("Stats").at(0).at("Stats").as_array();
}

TEST(PeerAddresses, BecomeOneWordButForThoseThatEveryHostHas) {
  struct Row {
    const char *in, *want;
  };
  const Row rows[] = {{"10.0.0.1", "blocked-ip-address"},
                      {"[2001:db8::1]:443", "blocked-ip-address:443"},
                      {"::ffff:10.0.0.1", "blocked-ip-address"},
                      {"fe80::1%eth0", "blocked-ip-address"},
                      {"ip-10-0-0-1.ec2.internal", "ip-blocked-ip-address.ec2.internal"},
                      {"dnspoll:///10.0.0.1:53", "dnspoll:///blocked-ip-address:53"},
                      {"gopher://10.0.0.1", "gopher://10.0.0.1"},
                      {"10_0_0_1", "blocked-ip-address"},
                      {"10.0_0.1", "10.0_0.1"},
                      {"010.0.0.1", "010.0.0.1"},
                      {"256.0.0.1", "256.0.0.1"},
                      {"127.0.0.1:80", "127.0.0.1:80"},
                      {"::1", "::1"},
                      {"[fd00:ec2::254]", "[fd00:ec2::254]"},
                      {"1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9"},
                      {"1::2::3", "1::2::3"},
                      {":1", ":1"},
                      {"abc:", "abc:"},
                      {"[", "["},
                      {",,", ""},
                      {"db,10.0.0.1,db,10.0.0.2", "db,blocked-ip-address"}};
  for (const Row& row : rows) {
    std::string out = "k:";
    quantise_peer_address(row.in, out);
    EXPECT_EQ(out, std::string("k:") + row.want) << row.in;
  }
}

TEST(PeerTags, AreOfCallsAloneAndInOneOrder) {
  PeerTags tags;
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.meta = {{"span.kind", "Client"}, {"peer.service", "db"}, {"out.host", "10.0.0.1"},
               {"other", "x"},          {"db.name", ""},        {"_dd.base_service", "b"}};
  EXPECT_EQ(tags.of(span),
            (std::vector<std::string_view>{"_dd.base_service:b", "out.host:blocked-ip-address", "peer.service:db"}));
  span.set("span.kind", "server");
  EXPECT_EQ(tags.of(span), (std::vector<std::string_view>{"_dd.base_service:b"}));
  span.meta.clear();
  EXPECT_TRUE(tags.of(span).empty());
  for (std::size_t i = 1; i < std::size(kPeerTagKeys); ++i)
    EXPECT_LT(std::string_view(kPeerTagKeys[i - 1]), std::string_view(kPeerTagKeys[i]));
}

TEST(GrpcStatus, IsReadFromNumbersAndNamesInMetaThenFromMetrics) {
  struct Row {
    const char *key, *in, *want;
  };
  const Row rows[] = {{"rpc.grpc.status_code", "5", "5"},
                      {"grpc.code", "NOT_FOUND", "5"},
                      {"grpc.status.code", "StatusCode.deadline_exceeded", "4"},
                      {"rpc.grpc.status.code", "FailedPrecondition", "9"},
                      {"grpc.code", "CANCELED", "1"},
                      {"grpc.code", "Cancelled", "1"},
                      {"grpc.code", "unauthenticated", "16"},
                      {"grpc.code", "nonsense", ""},
                      {"grpc.code", "-1", ""},
                      {"other", "5", ""}};
  for (const Row& row : rows) {
    Span span;
    span.set(row.key, row.in);
    EXPECT_EQ(grpc_status(span), row.want) << row.key << " " << row.in;
  }
  Span span;
  span.set_metric("grpc.code", 13);
  EXPECT_EQ(grpc_status(span), "13");
}

TEST(StatsKey, ComesBackFromItsBytesAsItWas) {
  StatsKey key;
  key.service = "shop", key.resource = std::string_view("a\0b", 3), key.grpc_status = "5";
  key.http_status = 404, key.origin = 3, key.trace_root = 2, key.synthetics = true;
  key.peer_tags = {"out.host:a", "peer.service:"};
  std::string bytes;
  encode(key, bytes);
  const StatsKey back = decode_key(bytes);
  EXPECT_EQ(back.service, key.service);
  EXPECT_EQ(back.resource, key.resource);
  EXPECT_EQ(back.grpc_status, key.grpc_status);
  EXPECT_EQ(back.http_status, 404u);
  EXPECT_EQ(back.origin, 3);
  EXPECT_EQ(back.trace_root, 2);
  EXPECT_TRUE(back.synthetics);
  EXPECT_EQ(back.peer_tags, key.peer_tags);
}

TEST(StatsSketch, HasTheBinOfAValueWithinItsAccuracy) {
  for (double value = 1; value < 1e18; value *= 1.37) {
    const double bound = std::exp((StatsSketch::index_of(value) - 1338.5) * std::log(1.015625));
    EXPECT_LE(bound, value * (1 + 1e-9)) << value;
    EXPECT_GT(bound * 1.015625, value * (1 - 1e-9)) << value;
  }
  EXPECT_EQ(StatsSketch::index_of(1), 1338);
}

// Byte by byte as DDSketch.proto says: mapping, positive values from the bin of 1 on, no negative ones, zeros.
TEST(StatsSketch, IsWrittenAsTheIntakesMessage) {
  StatsSketch sketch;
  for (const double value : {1.0, 1.0, 1.02, 0.0}) sketch.add(value);
  const std::string_view want(
      "\x0a\x12\x09\0\0\0\0\0\x40\xf0\x3f\x11\0\0\0\0\0\xea\x94\x40"
      "\x12\x15\x12\x10\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\xf0\x3f\x18\xf4\x14"
      "\x1a\0\x21\0\0\0\0\0\0\xf0\x3f",
      54);
  EXPECT_EQ(sketch.encoded(), want);
  EXPECT_EQ(StatsSketch().encoded().size(), 24u);
}

TEST(StatsSketch, LosesNoValueWhenItFoldsItsLowestBins) {
  StatsSketch sketch;
  std::uint64_t values = 0;
  for (double value = 9e18; value >= 1; value /= 1.1, ++values) sketch.add(value);
  for (double value = 1; value < 9e18; value *= 1.1, ++values) sketch.add(value);
  for (double value : {0.0, -1.0, 3.0}) sketch.add(value), ++values;
  sketch.add(5, false), ++values;
  EXPECT_EQ(sketch.count(), values);
  StatsSketch upwards;
  values = 0;
  for (double value = 1; value < 9e18; value *= 1.001, ++values) upwards.add(value);
  EXPECT_EQ(upwards.count(), values);
  EXPECT_LE(upwards.encoded().size(), 8u * StatsSketch::kBinsMax + 64);
}

TEST(Statistics, CountSpansThatEnterAServiceAreMeasuredOrAreCalls) {
  struct Row {
    const char *key, *text;
    double number;
    bool want;
  };
  const Row rows[] = {{"_top_level", nullptr, 1, true},    {"_dd.top_level", nullptr, 1, true},
                      {"_dd.measured", nullptr, 1, true},  {"_dd.measured", nullptr, 0, false},
                      {"span.kind", "client", 0, true},    {"span.kind", "Producer", 0, true},
                      {"span.kind", "consumer", 0, true},  {"span.kind", "server", 0, true},
                      {"span.kind", "internal", 0, false}, {"_dd.partial_version", nullptr, 3, false}};
  for (const Row& row : rows) {
    Statistics statistics;
    Chunk chunk;
    Span& span = add(chunk, 2);
    if (row.text != nullptr)
      span.set(row.key, row.text);
    else
      span.set_metric(row.key, row.number);
    if (std::string_view(row.key) == "_dd.partial_version") span.set_metric("_top_level", 1);
    statistics.count(chunk, {}, kNow);
    EXPECT_EQ(!statistics.take(kNow, true).empty(), row.want) << row.key;
  }
}

TEST(Statistics, SayWhatWasCountedUnderEveryField) {
  Statistics statistics;
  Chunk chunk;
  chunk.origin = "synthetics-browser";
  for (std::uint64_t id : {1, 2, 3, 4}) {
    Span& span = add(chunk, id);
    span.parent_id = 0;
    span.set_metric("_top_level", 1);
    span.meta = {{"env", "staging"},           {"version", "3"},        {"service", "Shop"},
                 {"runtime-id", "r"},          {"span.kind", "client"}, {"http.method", "GET"},
                 {"http.route", "/users/:id"}, {"_dd.svc_src", "m"},    {"http.status_code", "404"},
                 {"grpc.code", "INTERNAL"},    {"out.host", "db"}};
    span.error = id == 4 ? 1 : 0;
  }
  Tracer tracer;
  tracer.language = "go", tracer.version = "1.2", tracer.container_id = "c";
  statistics.count(chunk, tracer, kNow);
  const auto payload = sent(statistics);
  EXPECT_EQ(payload.at("AgentEnv"), "prod");
  EXPECT_EQ(payload.at("AgentVersion"), "9");
  EXPECT_EQ(payload.at("ClientComputed"), false);
  EXPECT_EQ(payload.at("SplitPayload"), false);
  const auto& client = payload.at("Stats").at(0);
  for (const auto& [key, want] : {std::pair{"Env", "staging"},
                                  {"Version", "3"},
                                  {"Service", "shop"},
                                  {"Lang", "go"},
                                  {"TracerVersion", "1.2"},
                                  {"RuntimeID", "r"},
                                  {"ContainerID", "c"},
                                  {"Hostname", ""}})
    EXPECT_EQ(client.at(key), want) << key;
  const auto& bucket = client.at("Stats").at(0);
  EXPECT_EQ(bucket.at("Start").to_number<std::int64_t>(), 1'790'000'000 * kSecond);
  EXPECT_EQ(bucket.at("Duration").to_number<std::int64_t>(), 10 * kSecond);
  ASSERT_EQ(groups_of(payload).size(), 1u);
  const auto& group = groups_of(payload)[0];
  for (const auto& [key, want] : {std::pair{"Service", "shop"},
                                  {"Name", "web.request"},
                                  {"Resource", "GET /"},
                                  {"Type", "web"},
                                  {"SpanKind", "client"},
                                  {"HTTPMethod", "GET"},
                                  {"HTTPEndpoint", "/users/:id"},
                                  {"srv_src", "m"},
                                  {"GRPCStatusCode", "13"},
                                  {"DBType", ""}})
    EXPECT_EQ(group.at(key), want) << key;
  for (const auto& [key, want] : {std::pair<const char*, std::int64_t>{"Hits", 4},
                                  {"Errors", 1},
                                  {"TopLevelHits", 4},
                                  {"Duration", 2 * kSecond},
                                  {"HTTPStatusCode", 404},
                                  {"IsTraceRoot", 1}})
    EXPECT_EQ(group.at(key).to_number<std::int64_t>(), want) << key;
  EXPECT_EQ(group.at("Synthetics"), true);
  EXPECT_EQ(group.at("PeerTags").as_array(), (lab::json::array{"out.host:db"}));
}

TEST(Statistics, HoldTheTwoNewestBucketsBackUntilShutdown) {
  Statistics statistics;
  for (int i = 0; i < 3; ++i) {
    Chunk chunk;
    add(chunk, 1, kNow + i * 10 * kSecond - kSecond).set_metric("_top_level", 1);
    statistics.count(chunk, {}, kNow + i * 10 * kSecond);
  }
  const std::int64_t now = kNow + 20 * kSecond;
  auto over = statistics.take(now, false);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].start_ns, 1'790'000'000 * kSecond);
  EXPECT_TRUE(statistics.take(now, false).empty());
  // What comes late is counted where there is still a bucket.
  Chunk late;
  add(late, 1, kNow - kSecond).set_metric("_top_level", 1);
  statistics.count(late, {}, now);
  over = statistics.take(now, true);
  ASSERT_EQ(over.size(), 2u);
  EXPECT_EQ(over[0].groups.begin()->second.hits, 2u);
  EXPECT_EQ(statistics.bytes(), 0u);
}

TEST(Statistics, TakeSpansFromTheFutureAndTheDistantPastIntoBucketsThatThereAre) {
  Statistics statistics;
  Chunk chunk;
  add(chunk, 1, kNow + 1'000'000 * kSecond).set_metric("_top_level", 1);
  add(chunk, 2, 5).set_metric("_top_level", 1);
  add(chunk, 3, std::numeric_limits<std::int64_t>::max() - 5, 100).set_metric("_top_level", 1);
  statistics.count(chunk, {}, kNow);
  const auto buckets = statistics.take(kNow, true);
  ASSERT_EQ(buckets.size(), 2u);
  EXPECT_EQ(buckets[0].start_ns, 1'789'999'990 * kSecond);
  EXPECT_EQ(buckets[1].start_ns, 1'790'000'000 * kSecond);
}

TEST(Statistics, LoseNoHitBeyondTheirLimitsAndSplitWhatIsTooMuchForOnePayload) {
  Statistics statistics;
  constexpr std::size_t kSpans = kStatsGroupsMax + 500;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kSpans; ++i) names.push_back("r" + std::to_string(i));
  for (std::size_t i = 0; i < kSpans; ++i) {
    Chunk chunk;
    Span& span = add(chunk, 1);
    span.resource = names[i];
    span.set_metric("_top_level", 1);
    span.set("version", i % 2 == 0 ? "1" : "2");
    statistics.count(chunk, {}, kNow);
  }
  const auto buckets = statistics.take(kNow, true);
  const auto bodies = encode_statistics(buckets, statistics.origins(), {});
  EXPECT_EQ(bodies.size(), 2u);
  std::int64_t hits = 0, blocked = 0;
  for (const std::string& body : bodies) {
    const auto payload = lab::from_msgpack(body);
    EXPECT_EQ(payload.at("SplitPayload"), true);
    for (const auto& client : payload.at("Stats").as_array())
      for (const auto& bucket : client.at("Stats").as_array())
        for (const auto& group : bucket.at("Stats").as_array()) {
          const auto n = group.at("Hits").to_number<std::int64_t>();
          hits += n;
          if (std::string_view(group.at("Resource").as_string()) == kBlockedValue) blocked += n;
        }
  }
  EXPECT_EQ(hits, std::int64_t{kSpans});
  EXPECT_EQ(blocked, 500);
}

TEST(Statistics, AreBoundedInBytes) {
  Statistics statistics;
  std::string resource(5000, 'x');
  for (std::size_t i = 0; i < 4000; ++i) {
    resource.replace(0, 4, std::to_string(1000 + i));
    Chunk chunk;
    Span& span = add(chunk, 1);
    span.resource = resource;
    span.set_metric("_top_level", 1);
    statistics.count(chunk, {}, kNow);
  }
  EXPECT_LE(statistics.bytes(), kStatsBytesMax + 1024);
  std::uint64_t hits = 0;
  for (const auto& bucket : statistics.take(kNow, true))
    for (const auto& [key, group] : bucket.groups) hits += group.hits;
  EXPECT_EQ(hits, 4000u);
}

using namespace bodies;

TEST(TracesWithStatistics, CountWhatTheyDoNotShipAndLeaveTheOthersToTheirTracer) {
  driven::Plugin plugin({.options = {{"compute_stats", "true"}}});
  const auto with_priority = [](std::uint64_t id, std::uint64_t priority) {
    return array({array({bodies::span(id, 0, {{"metrics", map({{"_sampling_priority_v1", number(priority)}})}})})});
  };
  plugin.post(with_priority(1, 0));
  plugin.post(with_priority(2, 1));
  plugin.post(with_priority(3, 1), {{"Datadog-Client-Computed-Stats", "yes"}});
  auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].items, 2u);
  EXPECT_GT(plugin.state().pending_bytes, sizeof(traces::StatsGroup)) << "what is held back is memory, too";
  EXPECT_EQ(plugin.state().pending_items, 0u);
  const auto traces = driven::decode(payloads);
  for (const auto& span : traces.tracer_payloads(0).chunks(0).spans())
    EXPECT_EQ(span.meta().count("_dd.compute_stats"), 0u);
  payloads = plugin.flush(sls::FlushReason::shutdown);
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].path, "/api/v0.2/stats");
  EXPECT_EQ(payloads[0].content_type, "application/msgpack");
  EXPECT_EQ(payloads[0].compress, sls::Compress::gzip);
  EXPECT_EQ(payloads[0].items, 0u);
  const auto payload = lab::from_msgpack(payloads[0].body);
  ASSERT_EQ(groups_of(payload).size(), 1u);
  EXPECT_EQ(groups_of(payload)[0].at("Hits").to_number<int>(), 2);
  EXPECT_TRUE(plugin.flush(sls::FlushReason::shutdown).empty());
  EXPECT_EQ(plugin.state().pending_bytes, 0u);
  EXPECT_EQ(plugin.state().received, 3u);
  EXPECT_EQ(plugin.faults(), std::vector<std::string>{});
}

TEST(TracesWithStatistics, AreOffByDefaultAndThenTheBackendIsAsked) {
  driven::Plugin plugin;
  plugin.post(array({array({bodies::span(1)})}));
  const auto payloads = plugin.flush(sls::FlushReason::shutdown);
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(driven::decode(payloads).tracer_payloads(0).chunks(0).spans(0).meta().at("_dd.compute_stats"), "1");
}

}  // namespace
