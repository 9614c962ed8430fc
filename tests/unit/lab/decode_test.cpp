#include "lab/decode.hpp"

#include <gtest/gtest.h>

#include "metrics.pb.h"
#include "traces.pb.h"

namespace lab {
namespace {

HttpRequest post(std::string path, std::string body, std::string type = "application/json", std::string encoding = "") {
  HttpRequest request;
  request.path = std::move(path);
  request.body = std::move(body);
  request.headers = {{"Content-Type", std::move(type)}};
  if (!encoding.empty()) request.headers.emplace_back("Content-Encoding", std::move(encoding));
  return request;
}

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

TEST(Decode, ReadsALogEntryWithItsInnerMessage) {
  const Received got = decode(post("/api/v2/logs", R"([{"message":{"message":"hi","lambda":{"arn":"a","request_id":"r"},
    "timestamp":7,"status":"warn"},"hostname":"h","service":"s","ddtags":"k:v","ddsource":"lambda"}])"));
  ASSERT_EQ(got.broken, "");
  ASSERT_EQ(got.logs.size(), 1u);
  EXPECT_EQ(got.logs[0].message, "hi");
  EXPECT_EQ(got.logs[0].request_id, "r");
  EXPECT_EQ(got.logs[0].timestamp_ms, 7);
  EXPECT_EQ(got.logs[0].status, "warn");
  EXPECT_EQ(got.logs[0].tags, "k:v");
}

TEST(Decode, ReadsEventsUnderTheirSources) {
  const Received got = decode(post("/intake/", R"({"apiKey":"","events":{"deploy":[{"msg_title":"up","msg_text":"v2",
    "timestamp":7,"priority":"low","host":"","tags":["a:1"],"alert_type":"success"}]},"internalHostname":""})"));
  ASSERT_EQ(got.broken, "");
  ASSERT_EQ(got.events.size(), 1u);
  EXPECT_EQ(got.events[0].source, "deploy");
  EXPECT_EQ(got.events[0].title, "up");
  EXPECT_EQ(got.events[0].tags, std::vector<std::string>{"a:1"});
}

TEST(Decode, ReadsServiceChecks) {
  const Received got =
      decode(post("/api/v1/check_run", R"([{"check":"db","status":2,"timestamp":7,"message":"gone"}])"));
  ASSERT_EQ(got.broken, "");
  ASSERT_EQ(got.checks.size(), 1u);
  EXPECT_EQ(got.checks[0].status, 2);
  EXPECT_EQ(got.checks[0].message, "gone");
  EXPECT_NE(decode(post("/api/v1/check_run", "{}")).broken, "");
}

TEST(Decode, TakesANullRequestIdAsNone) {
  const Received got =
      decode(post("/api/v2/logs", R"([{"message":{"message":"hi","lambda":{"arn":"a","request_id":null}}}])"));
  EXPECT_EQ(got.logs.at(0).request_id, "");
}

TEST(Decode, SaysWhyABodyCannotBeRead) {
  EXPECT_NE(decode(post("/api/v2/logs", "[{")).broken, "");
  EXPECT_NE(decode(post("/api/v2/logs", R"({"a":1})")).broken, "");
  EXPECT_NE(decode(post("/api/v2/logs", R"([{"text":"no message"}])")).broken, "");
  EXPECT_NE(decode(post("/api/v2/logs", "not zstd", "application/json", "zstd")).broken, "");
  EXPECT_NE(decode(post("/api/v2/logs", "[]", "application/json", "br")).broken, "");
}

TEST(Decode, InflatesZstdAndGzip) {
  // "[]" by the command-line tools zstd and gzip.
  const std::string zstd = bytes({0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x11, 0, 0, 0x5b, 0x5d, 0x56, 0x1f, 0x7f, 0x61});
  const std::string gzip =
      bytes({0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0x8b, 0x8e, 0x05, 0x00, 0x29, 0xbb, 0x4c, 0x0d, 2, 0, 0, 0});
  EXPECT_EQ(inflated(zstd, "zstd"), "[]");
  EXPECT_EQ(inflated(gzip, "gzip"), "[]");
  EXPECT_THROW(inflated(gzip.substr(0, 12), "gzip"), LabError);
  EXPECT_THROW(inflated(zstd.substr(0, 9), "zstd"), LabError);
}

// The byte-exact sketch of one value 1.0 that the intake's protobuf is documented with.
TEST(Decode, ReadsASketchFromItsBytes) {
  const std::string hex =
      "0a89010a05746573743122135f64642e636f6d707574655f73746174733a3122136172636869746563747572653a7838365f3634221c6464"
      "5f"
      "657874656e73696f6e5f76657273696f6e3a36332d6e65787422036b3a763a330880e2cfaa06100119000000000000f03f21000000000000"
      "f0"
      "3f29000000000000f03f31000000000000f03f3a02f414420101";
  std::string body;
  for (std::size_t i = 0; i < hex.size(); i += 2) body += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  const Received got = decode(post("/api/beta/sketches", body, "application/x-protobuf"));
  ASSERT_EQ(got.broken, "");
  ASSERT_EQ(got.sketches.size(), 1u);
  EXPECT_EQ(got.sketches[0].name, "test1");
  EXPECT_EQ(got.sketches[0].timestamp, 1700000000);
  EXPECT_EQ(got.sketches[0].count, 1);
  EXPECT_EQ(got.sketches[0].keys, std::vector<std::int32_t>{1338});
  EXPECT_EQ(got.sketches[0].counts, std::vector<std::uint32_t>{1});
}

TEST(Decode, ReadsSeriesAsJsonAndAsProtobuf) {
  const Received as_json = decode(post("/api/v2/series", R"({"series":[{"metric":"m","type":3,"tags":["a:b"],
    "points":[{"timestamp":5,"value":2.5},{"timestamp":6,"value":3}]}]})"));
  ASSERT_EQ(as_json.series.size(), 2u);
  EXPECT_EQ(as_json.series[0].kind, "gauge");
  EXPECT_EQ(as_json.series[1].value, 3);
  wire::MetricPayload payload;
  auto& series = *payload.add_series();
  series.set_metric("m");
  series.set_type(1);
  series.add_points()->set_value(4);
  const Received as_protobuf = decode(post("/api/v2/series", payload.SerializeAsString(), "application/x-protobuf"));
  ASSERT_EQ(as_protobuf.series.size(), 1u);
  EXPECT_EQ(as_protobuf.series[0].kind, "count");
}

TEST(Decode, ReadsSpansWithWhatTheirPayloadSays) {
  wire::AgentPayload payload;
  payload.set_env("prod");
  (*payload.mutable_tags())["_dd.origin"] = "lambda";
  auto& chunk = *payload.add_tracer_payloads()->add_chunks();
  chunk.set_priority(-1);
  auto& span = *chunk.add_spans();
  span.set_name("aws.lambda");
  span.set_trace_id(~0ULL);
  (*span.mutable_meta())["k"] = "v";
  const Received got = decode(post("/api/v0.2/traces", payload.SerializeAsString(), "application/x-protobuf"));
  ASSERT_EQ(got.spans.size(), 1u);
  EXPECT_EQ(got.spans[0].trace_id, ~0ULL);
  EXPECT_EQ(got.spans[0].priority, -1);
  EXPECT_EQ(got.spans[0].env, "prod");
  EXPECT_EQ(got.spans[0].meta.at("k"), "v");
  EXPECT_EQ(got.spans[0].payload_tags.at("_dd.origin"), "lambda");
}

TEST(Msgpack, ReadsEveryKindOfValue) {
  const std::string packed = bytes({0x86, 0xa1, 'a',  0x05, 0xa1, 'b',  0xff, 0xa1, 'c',  0x92, 0xc0, 0xc3, 0xa1,
                                    'd',  0xcb, 0x3f, 0xf8, 0,    0,    0,    0,    0,    0,    0xa1, 'e',  0xcf,
                                    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xa1, 'f',  0xc4, 1,    'x'});
  EXPECT_EQ(json::serialize(from_msgpack(packed)),
            R"({"a":5,"b":-1,"c":[null,true],"d":1.5E0,"e":18446744073709551615,"f":"x"})");
}

TEST(Msgpack, RefusesWhatIsCutOffOrTooMuch) {
  EXPECT_THROW(from_msgpack(bytes({0x92, 0x01})), LabError);
  EXPECT_THROW(from_msgpack(bytes({0x01, 0x01})), LabError);
  EXPECT_THROW(from_msgpack(bytes({0xc7, 0x01, 0x01, 0x01})), LabError);
  EXPECT_THROW(from_msgpack(std::string(100, '\x91') + '\x01'), LabError);
}

}  // namespace
}  // namespace lab
