#include "trace_measures.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "trace_bodies.hpp"

namespace bench {
namespace {

constexpr double kPeakMbPerSecond = 100;
constexpr int kPeakMilliseconds = 4000;
constexpr std::size_t kBodiesInTurn = 12;  // of 2,000 spans: what came so long ago is forgotten and no duplicate

std::string request_of(const std::string& body) {
  return post("/v0.4/traces", "Content-Type: application/msgpack\r\nDatadog-Meta-Lang: nodejs\r\n", body);
}

double exchange_ns(Client& client, const std::string& request) {
  const std::int64_t begin = steady_ns();
  if (client.exchange(request) != 200) {
    std::fprintf(stderr, "bench: spans were not answered 200\n");
    std::exit(1);
  }
  return static_cast<double>(steady_ns() - begin);
}

// A child that sends spans at that rate, as far as they are answered, and counts their bytes.
pid_t pour_spans(std::atomic<std::uint64_t>& sent) {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < kBodiesInTurn; ++i)
    requests.push_back(request_of(trace_body(Statements::kWithValues, 100, 20)));
  Client client(8126);
  const std::int64_t begin = steady_ns();
  for (std::size_t n = 0;; ++n) {
    const std::string& request = requests[n % requests.size()];
    exchange_ns(client, request);
    sent += request.size();
    while (static_cast<double>(steady_ns() - begin) * kPeakMbPerSecond / 1e3 < static_cast<double>(sent.load()))
      usleep(200);
  }
}

}  // namespace

void measure_tracer_answer(const Options& options, std::uint16_t floor_port) {
  Subject subject(options, "periodically,60000");
  subject.invoke(1);
  subject.world.wait_for_next();
  Client tracer(8126), bare(floor_port);
  std::vector<double> agent, floor;
  for (int n = -20; n < options.rounds * 5; ++n) {
    const std::string request = request_of(trace_body(Statements::kWithValues, 5, 20));
    const double mine = exchange_ns(tracer, request), theirs = exchange_ns(bare, request);
    subject.world.serve_for(1);
    if (n < 0) continue;
    agent.push_back(mine);
    floor.push_back(theirs);
  }
  std::printf(R"({"measure":"tracer_answer","agent_ns":%.0f,"floor_ns":%.0f,"rounds":%zu})"
              "\n",
              median(agent), median(floor), agent.size());
}

void measure_traces_peak(const Options& options) {
  Subject subject(options, "continuously,100");
  subject.invoke(1);
  subject.world.wait_for_next();
  const std::uint64_t before = subject.world.memory().peak_rss_bytes;
  void* const shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::exit(1);
  auto& sent = *new (shared) std::atomic<std::uint64_t>(0);
  const pid_t child = pour_spans(sent);
  while (sent.load() == 0) subject.world.serve_for(10);
  const std::uint64_t first = sent.load(), intake_requests = subject.world.intake_requests();
  const std::int64_t begin = steady_ns();
  subject.world.serve_for(kPeakMilliseconds);
  const double bytes = static_cast<double>(sent.load() - first);
  const double seconds = static_cast<double>(steady_ns() - begin) / 1e9;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  std::printf(R"({"measure":"traces_peak","peak_bytes":%llu,"before_bytes":%llu,"mb_per_s":%.1f,"requests":%llu})"
              "\n",
              static_cast<unsigned long long>(subject.world.memory().peak_rss_bytes),
              static_cast<unsigned long long>(before), bytes / seconds / 1e6,
              static_cast<unsigned long long>(subject.world.intake_requests() - intake_requests));
  munmap(shared, 4096);
}

void measure_traces_added(const Options& options) {
  std::vector<double> with, without, with_bytes, without_bytes;
  for (int round = -3; round < options.rounds; ++round)
    for (const bool on : {round % 2 == 0, round % 2 != 0}) {
      Subject subject(options, "end", {}, {on ? "SLS_BENCH=with" : "DD_PLUGINS_DISABLED=traces"});
      if (round < 0) continue;
      (on ? with : without).push_back(static_cast<double>(subject.world.start_ns()));
      (on ? with_bytes : without_bytes).push_back(static_cast<double>(subject.world.memory().private_dirty_bytes));
    }
  std::printf(R"({"measure":"traces_added","with_ns":%.0f,"without_ns":%.0f,"with_bytes":%.0f,"without_bytes":%.0f})"
              "\n",
              median(with), median(without), median(with_bytes), median(without_bytes));
}

}  // namespace bench
