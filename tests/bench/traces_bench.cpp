// What a span costs from v0.4 bytes to the bytes that go out, beside a floor that walks the same MessagePack and
// compresses the same payload. Spans have 15 tags and 5 metrics, with SQL and http resources; 100 traces of 20 a
// request. Every trade is at work: the function's tags, obfuscation, statistics.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline.hpp"
#include "sls/codec/msgpack.hpp"

namespace {

constexpr std::size_t kTraces = 100, kSpans = 20;
constexpr int kLevel = 1;  // the host's

std::string text(std::string_view value) {
  if (value.size() < 32) return std::string(1, static_cast<char>(0xa0 | value.size())).append(value);
  return std::string("\xd9").append(1, static_cast<char>(value.size())).append(value);
}
std::string number(std::uint64_t value) {
  std::string out("\xcf");
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

// The same ones every run; ids differ from body to body, since spans that came before are dropped.
class Random {
 public:
  std::uint64_t below(std::uint64_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_ = 11;
};

// Statements with their values inside, no two of them the same; or with parameters, the same text every time.
enum class Statements : std::uint8_t { kWithValues, kPrepared };

std::string statement(Random& random, Statements statements) {
  const std::string id = std::to_string(random.below(1'000'000));
  return "SELECT o.id, o.total, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = "
         + (statements == Statements::kPrepared ? "$1" : id)
         + " AND o.state IN ('open', 'paid') ORDER BY o.created_at DESC LIMIT 20";
}

std::string span(Random& random, Statements statements, std::uint64_t trace, std::uint64_t id, std::uint64_t parent) {
  const auto any = [&](std::uint64_t limit) { return std::to_string(random.below(limit)); };
  const bool sql = random.below(3) == 0;
  std::string out("\x8c");
  out += text("service") + text("checkout") + text("name") + text(sql ? "pg.query" : "web.request");
  out += text("resource") + text(sql ? statement(random, statements) : "GET /api/v1/orders/?");
  out += text("trace_id") + number(trace) + text("span_id") + number(id) + text("parent_id") + number(parent);
  out +=
      text("start") + number(1'700'000'000'000'000'000 + id * 1000) + text("duration") + number(random.below(1 << 27));
  out += text("error") + '\0' + text("type") + text(sql ? "sql" : "web");
  const std::pair<std::string_view, std::string> meta[] = {
      {"env", "prod"},
      {"version", "1.42.0"},
      {"language", "javascript"},
      {"component", "web"},
      {"span.kind", parent == 0 ? "server" : "client"},
      {"runtime-id", "5a3e1c1e-8a8d-4b57-9d0b-2f6f4c7f9c11"},
      {"http.url", "https://api.example.com/v1/orders/" + any(10'000'000) + "?token=abc&page=3"},
      {"http.method", "GET"},
      {"http.status_code", "200"},
      {"http.route", "/v1/orders/:id"},
      {"http.useragent", "Mozilla/5.0 (X11; Linux x86_64)"},
      {"out.host", "db-" + any(16) + ".internal.example.com"},
      {"db.name", "orders"},
      {"_dd.p.dm", "-1"},
      {"usr.id", "user-" + any(1'000'000)}};
  out += text("meta") + '\x8f';
  for (const auto& [key, value] : meta) out += text(key) + text(value);
  out += text("metrics") + '\x85';
  for (const std::string_view key :
       {"_sampling_priority_v1", "process_id", "_dd.measured", "network.destination.port", "_dd.agent_psr"})
    out += text(key) + '\x01';
  return out;
}

// Spans of a request that came before are dropped, so each gets ids of its own.
std::string body(Statements statements) {
  static std::uint64_t number_of_body = 0;
  ++number_of_body;
  Random random;
  std::string out("\xdc\x00\x64", 3);
  for (std::uint64_t trace = 0; trace < kTraces; ++trace) {
    const std::uint64_t first = 1 + (number_of_body * kTraces + trace) * kSpans;
    out.append("\xdc\x00\x14", 3);
    for (std::uint64_t i = 0; i < kSpans; ++i) out += span(random, statements, first, first + i, i == 0 ? 0 : first);
  }
  return out;
}

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

// With zstd: to the bytes on the wire, as the host makes them of it.
void spans_to_payload(benchmark::State& state, Statements statements, bool zstd) {
  traces::Trades trades = all_trades();
  traces::Pipeline pipeline(trades);
  std::string payload, room;
  std::size_t in = 0, out = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::string bytes = body(statements);
    in = bytes.size();
    state.ResumeTiming();
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
  const std::string bytes = body(statements);
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
