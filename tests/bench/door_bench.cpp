// What it costs to hand telemetry through the door to a plugin in a shared object of its own, and what two readings of
// the clock cost, without which no call could be timed.
#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

#include "plugin/plugin_set.hpp"

namespace {

constexpr std::int64_t kBatch = 1000;

class Door {
 public:
  Door() : set_(counters_) {
    agent::Findings findings;
    set_.load({SLS_BENCH_PLUGINS}, {});
    set_.resolve(agent::Sources::from({}, "", findings), findings);
    set_.put_in_order({});
    set_.create([](const agent::Plugin&, sls_sandbox&) {});
  }
  bool ready() const { return set_.chain().size() == 1 && set_.chain()[0]->running(); }
  void hand_over(std::vector<sls_record>& records) { set_.on_telemetry(records, 1, records.size() * 100); }

 private:
  agent::Counters counters_;
  agent::PluginSet set_;
};

std::vector<sls_record> records(std::size_t count) {
  static const char text[] = "order accepted: user=4711 basket=12 total=199.90 EUR";
  sls_record record{};
  record.kind = SLS_RECORD_FUNCTION;
  record.text = {text, sizeof text - 1};
  return std::vector<sls_record>(count, record);
}

void hand_over(benchmark::State& state, std::size_t count) {
  Door door;
  if (!door.ready()) return state.SkipWithError("the plugin does not run");
  std::vector<sls_record> batch = records(count);
  for (auto _ : state) door.hand_over(batch);
}

void door_per_call(benchmark::State& state) { hand_over(state, 1); }
void door_per_batch(benchmark::State& state) { hand_over(state, kBatch); }

void two_clock_readings(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(std::chrono::steady_clock::now());
    benchmark::DoNotOptimize(std::chrono::steady_clock::now());
  }
}

BENCHMARK(two_clock_readings);
BENCHMARK(door_per_call);
BENCHMARK(door_per_batch);

}  // namespace
