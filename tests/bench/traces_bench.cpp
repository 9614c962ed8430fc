// What a span costs from v0.4 bytes to the bytes that go out, beside a floor that walks the same MessagePack and
// compresses the same payload. Spans have 15 tags and 5 metrics, with SQL and http resources; 100 traces of 20 a
// request. Every trade is at work: the function's tags, obfuscation, statistics.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline.hpp"
#include "sls/codec/msgpack.hpp"
#include "trace_bodies.hpp"

namespace {

using bench::Statements, bench::trace_body;

constexpr std::size_t kTraces = 100, kSpans = 20;
constexpr int kLevel = 1;  // the host's

traces::Trades all_trades() {
  traces::Trades::Parts parts;
  parts.enrichment =
      traces::Enrichment({.tags = {{"function_arn", "arn:aws:lambda:eu-west-1:123456789012:function:checkout"},
                                   {"region", "eu-west-1"},
                                   {"account_id", "123456789012"},
                                   {"aws_account", "123456789012"},
                                   {"functionname", "checkout"},
                                   {"resource", "checkout"},
                                   {"env", "prod"},
                                   {"version", "1.42.0"},
                                   {"service", "checkout"},
                                   {"memorysize", "1024"},
                                   {"runtime", "nodejs22.x"},
                                   {"architecture", "x86_64"},
                                   {"dd_extension_version", "1"}},
                          .service = "checkout",
                          .name = "checkout"});
  traces::ObfuscationSettings obfuscation{};
  obfuscation.redis = obfuscation.valkey = obfuscation.memcached = obfuscation.mongodb = true;
  obfuscation.elasticsearch = obfuscation.opensearch = obfuscation.credit_cards = true;
  parts.obfuscator = traces::Obfuscator(obfuscation);
  parts.computes_statistics = true;
  return traces::Trades(std::move(parts));
}

std::size_t compressed(const std::string& bytes, std::string& room) {
  room.resize(ZSTD_compressBound(bytes.size()));
  return ZSTD_compress(room.data(), room.size(), bytes.data(), bytes.size(), kLevel);
}

// As the door does it: the request's bytes are the host's and are copied.
void through(traces::Pipeline& pipeline, std::string_view bytes, std::string& out) {
  traces::Tracer tracer;
  tracer.language = "nodejs";
  pipeline.take({std::string(bytes), traces::Format::kV04, tracer, 1'700'000'000'000'000'000});
  while (pipeline.work()) {
  }
  out.clear();
  for (auto parts = pipeline.next(); !parts.empty(); parts = pipeline.next())
    for (const traces::Part& part : parts) out.append(part.view());
}

void tell(benchmark::State& state, std::size_t in) {
  const auto spans = static_cast<double>(state.iterations() * kTraces * kSpans);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * in));
  state.counters["ns_per_span"] =
      benchmark::Counter(spans / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// So many that the first one is forgotten when it comes again, and no duplicate.
const std::vector<std::string>& requests_with(Statements statements) {
  static const auto made = [] {
    std::array<std::vector<std::string>, 2> out;
    for (const Statements each : {Statements::kWithValues, Statements::kPrepared})
      for (int i = 0; i < 20; ++i) out[static_cast<std::size_t>(each)].push_back(trace_body(each, kTraces, kSpans));
    return out;
  }();
  return made[static_cast<std::size_t>(statements)];
}

// With zstd: to the bytes on the wire, as the host makes them of it.
void spans_to_payload(benchmark::State& state, Statements statements, bool zstd) {
  traces::Trades trades = all_trades();
  traces::Pipeline pipeline(trades);
  std::string payload, room;
  const std::vector<std::string>& requests = requests_with(statements);
  std::size_t in = 0, out = 0, next = 0;
  for (auto _ : state) {
    const std::string& bytes = requests[next++ % requests.size()];
    in = bytes.size();
    through(pipeline, bytes, payload);
    if (zstd) out = compressed(payload, room);
    benchmark::DoNotOptimize(payload.data());
  }
  if (pipeline.take_losses().total() != 0 || pipeline.received() == 0) state.SkipWithError("spans were lost");
  tell(state, in);
  if (zstd) state.counters["wire_percent"] = 100.0 * static_cast<double>(out) / static_cast<double>(in);
}

// The floor: every value is stepped over, and the produced bytes are compressed.
void walk_and_compress(benchmark::State& state, Statements statements, bool zstd) {
  traces::Trades trades = all_trades();
  traces::Pipeline pipeline(trades);
  const std::string bytes = trace_body(statements, kTraces, kSpans);
  std::string payload, room;
  through(pipeline, bytes, payload);
  for (auto _ : state) {
    sls::msgpack::Reader reader(bytes);
    benchmark::DoNotOptimize(reader.skip());
    if (zstd) benchmark::DoNotOptimize(compressed(payload, room));
  }
  tell(state, bytes.size());
}

BENCHMARK_CAPTURE(spans_to_payload, with_values, Statements::kWithValues, true);
BENCHMARK_CAPTURE(spans_to_payload, with_values_without_zstd, Statements::kWithValues, false);
BENCHMARK_CAPTURE(spans_to_payload, prepared, Statements::kPrepared, true);
BENCHMARK_CAPTURE(walk_and_compress, with_values, Statements::kWithValues, true);
BENCHMARK_CAPTURE(walk_and_compress, with_values_without_zstd, Statements::kWithValues, false);
BENCHMARK_CAPTURE(walk_and_compress, prepared, Statements::kPrepared, true);

}  // namespace
