// What the enhanced metrics cost: the sampling of usage beside many processes, readings, and a look at a log line.
#include <benchmark/benchmark.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "between/enhanced_facts.hpp"
#include "in/proc_sensors.hpp"

namespace {

class Neighbours {
 public:
  explicit Neighbours(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
      const pid_t child = ::fork();
      if (child == 0)
        for (;;) ::pause();
      pids_.push_back(child);
    }
  }
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;
  ~Neighbours() {
    for (const pid_t each : pids_) ::kill(each, SIGKILL);
    for (const pid_t each : pids_) ::waitpid(each, nullptr, 0);
  }

 private:
  std::vector<pid_t> pids_;
};

// One iteration is a second of an open invocation: INVOKE and a hundred ticks. The benchmark's CPU time is what that
// second costs; wanted: at most 5 ms with 100 visible processes.
void BM_SecondOfSampling(benchmark::State& state) {
  const Neighbours neighbours(static_cast<std::size_t>(state.range(0)));
  metrics::ProcSensors sensors;
  std::int64_t now = 0;
  for (auto _ : state) {
    sensors.begin(now);
    for (int n = 0; n < 100; ++n) sensors.tick(now += 10'000'000);
    benchmark::DoNotOptimize(sensors.usage(now));
  }
  state.counters["visible"] = static_cast<double>(metrics::Proc().pids(100'000).size());
}
BENCHMARK(BM_SecondOfSampling)->Arg(0)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond)->Iterations(200);

void BM_Reading(benchmark::State& state) {
  metrics::ProcSensors sensors;
  for (auto _ : state) benchmark::DoNotOptimize(sensors.read());
}
BENCHMARK(BM_Reading)->Unit(benchmark::kMicrosecond);

void BM_LookAtLine(benchmark::State& state) {
  const std::string line = "2026-01-01T00:00:00.000Z\t6f1c\tINFO\torder 4711 of customer 12 was taken, memory is fine: "
                           + std::string(100, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(metrics::says_out_of_memory(line));
}
BENCHMARK(BM_LookAtLine);

}  // namespace
