// What a Telemetry API body costs, per record, beside two floors measured in turns with it: simdjson on demand walking
// the same body with no more in hand than the three members of each event and one of its record, and Boost.JSON making
// a tree of it in reused memory.
//
// Counters: ns_per_record; of_simdjson and of_boost, our time over theirs (below 1: faster); allocations per batch.
#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>
#if defined(SLS_BENCH_SIMDJSON)
#include <simdjson.h>
#endif

#include "lambda/telemetry_event.hpp"

namespace {
std::size_t allocations = 0;
}

// Not inlined: GCC 12 takes the pair apart and warns that it does not match.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* const memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRecords = 1000;

std::string event(std::string_view type, std::string_view record) {
  return R"({"time":"2022-10-12T00:00:15.064Z","type":")" + std::string(type) + R"(","record":)" + std::string(record)
         + "}";
}

const std::string& line() {
  static const std::string text =
      event("function", R"("2022-10-12T00:00:15.064Z\t79b4f56e-95b1-4643-9700-2807f4e68189\tINFO\t)"
                        R"(order 4711 accepted for customer 1234567, 3 positions\n")");
  return text;
}

const std::string& json_line() {
  static const std::string text = event(
      "function", R"({"timestamp":"2022-10-12T00:00:15.064Z","level":"INFO","message":"order 4711 accepted",)"
                  R"("requestId":"79b4f56e-95b1-4643-9700-2807f4e68189","customer":{"id":1234567,"tier":"gold"},)"
                  R"("positions":[{"sku":"A-1","count":2},{"sku":"B-22","count":1}],"duration":12.75,"retry":false})");
  return text;
}

const std::string& report() {
  static const std::string text = event(
      "platform.report", R"({"requestId":"79b4f56e-95b1-4643-9700-2807f4e68189","metrics":{"durationMs":1470.13,)"
                         R"("billedDurationMs":1471,"memorySizeMB":512,"maxMemoryUsedMB":131,"initDurationMs":210.5},)"
                         R"("status":"success","spans":[{"name":"responseLatency","start":"2022-10-12T00:00:15.064Z",)"
                         R"("durationMs":23.02},{"name":"responseDuration","start":"2022-10-12T00:00:15.087Z",)"
                         R"("durationMs":20}]})");
  return text;
}

std::string batch_of(const std::vector<std::string>& cycle) {
  std::string body = "[";
  for (std::size_t i = 0; i < kRecords; ++i) {
    if (i > 0) body += ',';
    body += cycle[i % cycle.size()];
  }
  return body + ']';
}

// What comes of an ordinary function: START, four lines, a JSON line, runtimeDone, report.
std::string ordinary() {
  const std::string start =
      event("platform.start", R"({"requestId":"79b4f56e-95b1-4643-9700-2807f4e68189","version":"$LATEST"})");
  const std::string done =
      event("platform.runtimeDone", R"({"requestId":"79b4f56e-95b1-4643-9700-2807f4e68189","status":"success",)"
                                    R"("metrics":{"durationMs":1468.2,"producedBytes":183}})");
  return batch_of({start, line(), line(), json_line(), line(), line(), done, report()});
}

// simdjson reads up to 64 bytes behind the text.
std::string padded(std::string body) {
  body.reserve(body.size() + 64);
  return body;
}

#if defined(SLS_BENCH_SIMDJSON)
struct Walker {
  simdjson::ondemand::parser parser;
  std::size_t seen = 0;

  void walk(const std::string& body) {
    auto document = parser.iterate(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING);
    for (auto element : document.get_array()) {
      simdjson::ondemand::object object = element.get_object();
      std::string_view time = object["time"].get_string();
      std::string_view type = object["type"].get_string();
      simdjson::ondemand::value record = object["record"];
      seen += time.size() + type.size();
      if (record.type() == simdjson::ondemand::json_type::string) {
        seen += record.get_string().value().size();
        continue;
      }
      simdjson::ondemand::object members = record.get_object();
      std::string_view id;
      if (members["requestId"].get_string().get(id) == simdjson::SUCCESS) seen += id.size();
      members.reset();
      seen += std::string_view(members.raw_json()).size();
    }
  }
};
#endif

struct TreeMaker {
  std::vector<unsigned char> memory = std::vector<unsigned char>(8 << 20);
  std::size_t seen = 0;

  void walk(const std::string& body) {
    boost::json::monotonic_resource resource(memory.data(), memory.size());
    const boost::json::value tree = boost::json::parse({body.data(), body.size()}, &resource);
    seen += tree.get_array().size();
  }
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

template <class Work>
double timed(const Work& work) {
  const auto start = Clock::now();
  work();
  return seconds_since(start);
}

void measure(benchmark::State& state, std::string text) {
  const std::string body = padded(std::move(text));
  agent::TelemetryParser parser;
  TreeMaker tree;
  double ours = 0, simd = 0, boosts = 0;
  std::size_t records = 0, allocated = 0;
#if defined(SLS_BENCH_SIMDJSON)
  Walker walker;
#endif
  parser.parse(body, 0);
  for (auto _ : state) {
    const std::size_t before = allocations;
    const double once = timed([&] { records += parser.parse(body, 0).records.size(); });
    allocated += allocations - before;
    ours += once;
    state.SetIterationTime(once);
#if defined(SLS_BENCH_SIMDJSON)
    simd += timed([&] { walker.walk(body); });
#endif
    boosts += timed([&] { tree.walk(body); });
  }
  if (records != kRecords * state.iterations()) state.SkipWithError("not every record was read");
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size() * state.iterations()));
  state.counters["ns_per_record"] = ours * 1e9 / static_cast<double>(records);
  state.counters["allocations"] = static_cast<double>(allocated) / static_cast<double>(state.iterations());
  state.counters["of_boost"] = ours / boosts;
  if (simd > 0) state.counters["of_simdjson"] = ours / simd;
}

void BM_TelemetryOrdinary(benchmark::State& state) { measure(state, ordinary()); }
void BM_TelemetryLines(benchmark::State& state) { measure(state, batch_of({line()})); }
void BM_TelemetryJsonLines(benchmark::State& state) { measure(state, batch_of({json_line()})); }
void BM_TelemetryReports(benchmark::State& state) { measure(state, batch_of({report()})); }
void BM_TelemetryLongLines(benchmark::State& state) {
  measure(state, batch_of({event("function", '"' + std::string(2000, 'x') + '"')}));
}
BENCHMARK(BM_TelemetryOrdinary)->UseManualTime();
BENCHMARK(BM_TelemetryLines)->UseManualTime();
BENCHMARK(BM_TelemetryJsonLines)->UseManualTime();
BENCHMARK(BM_TelemetryReports)->UseManualTime();
BENCHMARK(BM_TelemetryLongLines)->UseManualTime();

}  // namespace
