// What it costs to tell an invocation's trigger by its event, beside a floor measured in turns with it: simdjson on
// demand walking the same event, with no more in hand than the source and the body of each record, as they stand.
//
// Counters: of_simdjson, our time over its (below 1: faster); kept_bytes, what the facts hold afterwards.
#include <benchmark/benchmark.h>

#include <time.h>

#include <string>
#if defined(SLS_BENCH_SIMDJSON)
#include <simdjson.h>
#endif

#include "invocation/recogniser.hpp"

namespace {

using traces::invocation::Carriers;
using traces::invocation::Recogniser;
using traces::invocation::ServiceNames;
using traces::invocation::Surroundings;
using traces::invocation::TriggerFacts;

constexpr std::size_t kLarge = traces::invocation::kEventBytesMax;

std::string times(std::string_view text, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += text;
  return out;
}

// {"Records":[…]} of records that differ in nothing, up to `bytes`.
std::string records_of(const std::string& record, std::size_t bytes) {
  std::string out = R"({"Records":[)" + record;
  while (out.size() + record.size() + 3 < bytes) out += ',' + record;
  return out + "]}";
}

std::string sqs_record(const std::string& body) {
  return R"({"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d","receiptHandle":"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",)"
         R"("body":")"
         + body
         + R"(","attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1545082649183","SenderId":"AIDAIENQZJ",)"
           R"("ApproximateFirstReceiveTimestamp":"1545082649185"},"messageAttributes":{"_datadog":{"dataType":"String",)"
           R"("stringValue":"{\"x-datadog-trace-id\":\"2684756524522091840\",\"x-datadog-parent-id\":\"7431398482\"}"}},)"
           R"("md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","eventSource":"aws:sqs",)"
           R"("eventSourceARN":"arn:aws:sqs:us-east-2:123456789012:my-queue","awsRegion":"us-east-2"})";
}

const std::string& escaped_order() {
  static const std::string text =
      R"({\"order\":4711,\"customer\":{\"name\":\"Somebody\",\"city\":\"Somewhere\"},\"positions\":[{\"sku\":\"A-1\",)"
      R"(\"count\":2}],\"note\":\"please leave it with the neighbours, they are at home all day\"},)";
  return text;
}

std::string kinesis_record() {
  return R"({"kinesis":{"partitionKey":"p","sequenceNumber":"4959","data":")" + times("eyJhIjoiYmNkZWYi", 1000)
         + R"(","approximateArrivalTimestamp":1643638425.163},"eventSource":"aws:kinesis","eventID":"shard-1:49",)"
           R"("eventSourceARN":"arn:aws:kinesis:sa-east-1:425362996713:stream/kinesisStream"})";
}

std::string msk_event() {
  const std::string record =
      R"({"topic":"topic1","partition":0,"offset":101,"timestamp":1745846213022,"timestampType":"CREATE_TIME",)"
      R"("key":"b3JkZXJJZA==","value":")"
      + times("eyJvcmRlcklkIjoiMTIzNCIsImFt", 600) + R"(","headers":[{"h":[1,2,3]}]})";
  std::string out =
      R"({"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:us-east-1:1:cluster/c/7","records":{"t-0":[)"
      + record;
  while (out.size() + record.size() + 5 < kLarge) out += ',' + record;
  return out + "]}}";
}

std::string api_gateway(std::size_t body) {
  return R"({"version":"2.0","routeKey":"GET /user/{id}","rawPath":"/user/42","rawQueryString":"a=1","headers":{)"
         R"("accept":"*/*","content-length":"0","host":"9vj54we5ih.execute-api.sa-east-1.amazonaws.com",)"
         R"("user-agent":"curl/8.1.2","x-amzn-trace-id":"Root=1-65f49d71-505edb3b69b8abd513cfa08b",)"
         R"("x-forwarded-for":"76.115.124.192","x-forwarded-port":"443","x-forwarded-proto":"https"},"requestContext":{)"
         R"("accountId":"425362996713","apiId":"9vj54we5ih","domainName":"9vj54we5ih.execute-api.sa-east-1.amazonaws.com",)"
         R"("domainPrefix":"9vj54we5ih","http":{"method":"GET","path":"/user/42","protocol":"HTTP/1.1",)"
         R"("sourceIp":"76.115.124.192","userAgent":"curl/8.1.2"},"requestId":"Ur2JtjEfGjQEPOg=",)"
         R"("routeKey":"GET /user/{id}","stage":"$default","time":"15/Mar/2024:19:11:45 +0000","timeEpoch":1710529905066},)"
         R"("pathParameters":{"id":"42"},"body":")"
         + (body == 0 ? std::string() : times(escaped_order(), body)) + R"(","isBase64Encoded":false})";
}

#if defined(SLS_BENCH_SIMDJSON)
struct Walker {
  simdjson::ondemand::parser parser;
  std::size_t seen = 0;

  void walk(const std::string& body) {
    auto document = parser.iterate(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING);
    for (auto field : document.get_object()) {
      const std::string_view key = field.unescaped_key();
      simdjson::ondemand::value value = field.value();
      seen += key.size();
      if (key != "Records") continue;
      for (auto element : value.get_array()) {
        for (auto member : element.get_object()) {
          const std::string_view name = member.unescaped_key();
          seen += name.size();
          simdjson::ondemand::value inner = member.value();
          if (inner.type() == simdjson::ondemand::json_type::string) seen += inner.raw_json_token().size();
        }
      }
    }
  }
};
#endif

// Of this thread alone: what else the machine does counts for neither side.
double seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Work>
double timed(const Work& work) {
  const double start = seconds();
  work();
  return seconds() - start;
}

void measure(benchmark::State& state, std::string event, std::string_view trigger) {
  event.reserve(event.size() + 64);  // simdjson reads up to 64 bytes behind the text
  const ServiceNames services;
  const Surroundings around{"us-east-1", "function", services};
  Recogniser recogniser;
  Carriers carriers;
  std::size_t kept = 0;
  double ours = 0, simd = 0;
#if defined(SLS_BENCH_SIMDJSON)
  Walker walker;
#endif
  for (auto _ : state) {
    TriggerFacts facts;
    const double once = timed([&] {
      recogniser.recognise(event, around, facts, carriers);
      recogniser.release(carriers);
    });
    if (facts.trigger != trigger) state.SkipWithError("another trigger was told");
    kept = facts.texts.bytes();
    ours += once;
    state.SetIterationTime(once);
#if defined(SLS_BENCH_SIMDJSON)
    simd += timed([&] { walker.walk(event); });
#endif
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(event.size() * state.iterations()));
  state.counters["kept_bytes"] = static_cast<double>(kept);
  if (simd > 0) state.counters["of_simdjson"] = ours / simd;
}

void BM_SqsLargeBodies(benchmark::State& state) {
  measure(state, records_of(sqs_record(times(escaped_order(), 600'000)), kLarge), "sqs");
}
void BM_SqsOneBody(benchmark::State& state) {
  measure(state, records_of(sqs_record(times(escaped_order(), kLarge - 2000)), kLarge), "sqs");
}
void BM_SqsSmallBodies(benchmark::State& state) {
  measure(state, records_of(sqs_record(escaped_order()), kLarge), "sqs");
}
void BM_SqsPlainBodies(benchmark::State& state) {
  measure(state, records_of(sqs_record(times("plain text without any quotes in it, ", 60'000)), kLarge), "sqs");
}
void BM_Kinesis(benchmark::State& state) { measure(state, records_of(kinesis_record(), kLarge), "kinesis"); }
void BM_Msk(benchmark::State& state) { measure(state, msk_event(), "msk"); }
void BM_ApiGateway1K(benchmark::State& state) { measure(state, api_gateway(0), "api-gateway-http"); }
void BM_ApiGateway6M(benchmark::State& state) { measure(state, api_gateway(kLarge - 3000), "api-gateway-http"); }
BENCHMARK(BM_SqsLargeBodies)->UseManualTime();
BENCHMARK(BM_SqsOneBody)->UseManualTime();
BENCHMARK(BM_SqsSmallBodies)->UseManualTime();
BENCHMARK(BM_SqsPlainBodies)->UseManualTime();
BENCHMARK(BM_Kinesis)->UseManualTime();
BENCHMARK(BM_Msk)->UseManualTime();
BENCHMARK(BM_ApiGateway1K)->UseManualTime();
BENCHMARK(BM_ApiGateway6M)->UseManualTime();

}  // namespace
