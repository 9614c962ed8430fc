// The whole way of a log record without rules: the Telemetry API's JSON in, a zstd payload out. Beside it what nobody
// can do without: simdjson walking the same JSON, and zstd over the bytes that were produced. In turns in the same run,
// on the processor time of this thread.
//
// Counters: of_floor, our time over the floor's; ns_per_record; allocations_per_record.
#include <benchmark/benchmark.h>
#include <time.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>
#if defined(SLS_BENCH_SIMDJSON)
#include <simdjson.h>
#endif

#include "between/rules_setting.hpp"
#include "forward/compressor.hpp"
#include "lambda/telemetry_event.hpp"
#include "pipeline.hpp"

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

constexpr std::size_t kRecords = 1000;
constexpr int kLevel = 3;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Three lines of text and one of JSON, none like the other.
std::string body_of_records() {
  std::string body = "[";
  for (std::size_t i = 0; i < kRecords; ++i) {
    if (i > 0) body += ',';
    char line[600];
    if (i % 4 == 3) {
      std::snprintf(line, sizeof line,
                    R"({"timestamp":"2022-10-12T00:00:15.064Z","level":"INFO","message":"order %zu accepted",)"
                    R"("customer":{"id":%zu,"tier":"gold"},"duration":%zu.75,"retry":false})",
                    i * 7919, i * 104729 % 1000003, i % 97);
    } else {
      std::snprintf(
          line, sizeof line,
          R"("2022-10-12T00:00:15.%03zuZ\t79b4f56e-95b1-4643-9700-2807f4e68189\tINFO\torder %zu accepted for )"
          R"(customer %zu, %zu positions, next step: payment\n")",
          i % 1000, i * 7919, i * 104729 % 1000003, i % 13);
    }
    body += R"({"time":"2022-10-12T00:00:15.064Z","type":"function","record":)" + std::string(line) + "}";
  }
  return body + ']';
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
      } else {
        seen += std::string_view(record.get_object().value().raw_json()).size();
      }
    }
  }
};
#endif

void without_rules(benchmark::State& state) {
  std::string body = body_of_records();
  body.reserve(body.size() + 64);  // simdjson reads behind the text
  const sls_pair tags[] = {{{"env", 3}, {"prod", 4}}, {{"functionname", 12}, {"checkout", 8}}};
  sls_sandbox sandbox{};
  sandbox.function_arn = {"arn:aws:lambda:eu-west-1:123456789012:function:checkout", 55};
  sandbox.service = {"checkout", 8};
  sandbox.tags = {tags, 2};
  logs::Options options{};
  options.buffer_bytes = 32 << 20;
  logs::Pipeline pipeline(options, {}, sandbox);
  agent::TelemetryParser parser;
  agent::Compressor compressor;
  std::string produced;
  std::size_t compressed = 0;
  double ours = 0, floor = 0, parsing = 0, compressing = 0;
  std::size_t allocated = 0;
  const auto round = [&] {
    const double begin = processor_seconds();
    std::vector<sls_record>& records = parser.parse(body, 0).records;
    for (sls_record& record : records) record.request_id = {"79b4f56e-95b1-4643-9700-2807f4e68189", 36};
    parsing += processor_seconds() - begin;
    pipeline.on_telemetry({sizeof(sls_telemetry), sizeof(sls_record), records.size(), records.data(), 0});
    const auto parts = pipeline.next_batch(false);
    produced.assign("[");
    for (const sls_part& part : parts) {
      if (produced.size() > 1) produced += ',';
      produced.append(part.bytes.data, part.bytes.len);
    }
    produced += ']';
    const double before = processor_seconds();
    compressed = compressor.compress(produced, agent::Coding::kZstd, kLevel)->size();
    compressing += processor_seconds() - before;
  };
  round();
  parsing = compressing = 0;
#if defined(SLS_BENCH_SIMDJSON)
  Walker walker;
  walker.walk(body);
#endif
  for (auto _ : state) {
    const std::size_t before = allocations;
    double begin = processor_seconds();
    round();
    const double once = processor_seconds() - begin;
    allocated += allocations - before;
    ours += once;
    begin = processor_seconds();
#if defined(SLS_BENCH_SIMDJSON)
    walker.walk(body);
#endif
    benchmark::DoNotOptimize(compressor.compress(produced, agent::Coding::kZstd, kLevel));
    floor += processor_seconds() - begin;
    state.SetIterationTime(once);
  }
  const auto records = static_cast<double>(state.iterations() * kRecords);
  state.counters["ns_per_record"] = ours * 1e9 / records;
  state.counters["ns_parsing"] = parsing * 1e9 / records;
  state.counters["ns_compressing"] = compressing * 1e9 / records;
  state.counters["allocations_per_record"] = static_cast<double>(allocated) / records;
#if defined(SLS_BENCH_SIMDJSON)
  state.counters["of_floor"] = ours / floor;
#endif
}

BENCHMARK(without_rules)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace
