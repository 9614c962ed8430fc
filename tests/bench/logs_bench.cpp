// What the logs plugin costs per record, beside a floor that only copies the same texts; with and without rules. Counts
// allocations, too: the buffer is meant to need next to none.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "between/rules_setting.hpp"
#include "pipeline.hpp"

static std::size_t allocations = 0;
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

constexpr std::size_t kRecords = 1000;  // per iteration

constexpr std::string_view kTenRules = R"([
  {"type":"mask_sequences","name":"card","pattern":"\\b4[0-9]{15}\\b","replace_placeholder":"[card]"},
  {"type":"mask_sequences","name":"bearer","pattern":"(?i)bearer\\s+[a-z0-9._-]+","replace_placeholder":"bearer ***"},
  {"type":"mask_sequences","name":"mail","pattern":"[\\w.+-]+@[\\w-]+\\.[\\w.]+","replace_placeholder":"[mail]"},
  {"type":"mask_sequences","name":"key","pattern":"AKIA[0-9A-Z]{16}","replace_placeholder":"[key]"},
  {"type":"mask_sequences","name":"password","pattern":"(password=)\\S+","replace_placeholder":"${1}***"},
  {"type":"mask_sequences","name":"ssn","pattern":"\\b\\d{3}-\\d{2}-\\d{4}\\b","replace_placeholder":"[ssn]"},
  {"type":"mask_sequences","name":"jwt","pattern":"eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+","replace_placeholder":"[jwt]"},
  {"type":"mask_sequences","name":"address","pattern":"\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b","replace_placeholder":"[ip]"},
  {"type":"exclude_at_match","name":"health","pattern":"GET /health"},
  {"type":"include_at_match","name":"something","pattern":"\\S"}])";

// Every fiftieth line has something to mask.
std::vector<std::string> lines() {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kRecords; ++i) {
    out.push_back("2024-05-06T07:08:09.123Z INFO order " + std::to_string(i * 7919)
                  + " was placed by customer in 12 ms; next step: payment, warehouse eu-west-1a, retries left 3, trace "
                    "\"a1b2c3d4\"");
    if (i % 50 == 0) out.back() += " password=hunter2 mail bob@example.com";
  }
  return out;
}

std::vector<sls_record> records_of(const std::vector<std::string>& texts) {
  std::vector<sls_record> out(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out[i].kind = SLS_RECORD_FUNCTION;
    out[i].time_ns = 1'714'979'280'000'000'000;
    out[i].request_id = {"459921b5-681c-4a96-beb0-81e0aa586026", 36};
    out[i].text = {texts[i].data(), texts[i].size()};
  }
  return out;
}

void report(benchmark::State& state, std::size_t bytes, std::size_t allocations_before) {
  const auto records = static_cast<double>(state.iterations() * kRecords);
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["allocations/record"] = static_cast<double>(allocations - allocations_before) / records;
}

// The same bytes, only copied.
void copying(benchmark::State& state) {
  const std::vector<std::string> texts = lines();
  const std::string around(330, '.');  // what an entry has beside its text
  std::string copied;
  std::size_t bytes = 0;
  const std::size_t before = allocations;
  for (auto _ : state) {
    copied.clear();
    for (const std::string& text : texts) copied.append(text).append(around);
    bytes += copied.size();
  }
  report(state, bytes, before);
}

void pipeline(benchmark::State& state, std::string_view setting) {
  const std::vector<std::string> texts = lines();
  std::vector<sls_record> records = records_of(texts);
  logs::Findings findings;
  logs::Options options{};
  options.buffer_bytes = 32 << 20;
  const sls_pair tags[] = {{{"env", 3}, {"prod", 4}}, {{"functionname", 12}, {"checkout", 8}}};
  sls_sandbox sandbox{};
  sandbox.function_arn = {"arn:aws:lambda:eu-west-1:123456789012:function:checkout", 55};
  sandbox.service = {"checkout", 8};
  sandbox.tags = {tags, 2};
  const auto engine = [](std::string&) { return sls_regex_engine_v1(); };
  logs::Pipeline pipeline(options, logs::read_processing_rules({setting, "here", {}, {}}, engine, findings), sandbox);
  const sls_telemetry batch{sizeof batch, sizeof(sls_record), records.size(), records.data(), 0};
  std::size_t bytes = 0;
  const auto round = [&] {
    pipeline.on_telemetry(batch);
    for (auto parts = pipeline.next_batch(false); !parts.empty(); parts = pipeline.next_batch(false)) {
      for (const sls_part& part : parts) bytes += part.bytes.len;
    }
  };
  round();
  bytes = 0;
  const std::size_t before = allocations;
  for (auto _ : state) round();
  report(state, bytes, before);
}

BENCHMARK(copying)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(pipeline, without_rules, "")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(pipeline, with_ten_rules, kTenRules)->Unit(benchmark::kMicrosecond);

}  // namespace
