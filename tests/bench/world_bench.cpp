// The agent as a process, measured from outside beside a floor in the same run; one JSON object per measure on stdout.
//
//   world_bench --agent PATH --start-floor PATH --http-floor PATH [--task-root DIR] [--rounds N] [--invocations N]
//               [--layer-agent PATH] [--statsd-peer PATH] [start] [start_with_rules] [start_as_layer] [memory] [pair]
//               [pair_with_event] [cpu] [growth] [sick] [loaded] [statsd] [metrics_added] [tracer_answer]
//               [traces_peak] [traces_added]
//
// start   exec to first /next, the agent and a static C program in turn, medians
// start_with_rules   the same with the yaml of DIR_with_rules
// start_as_layer     of the agent with its own loader and C library, and of the ordinary one, in turn, medians
// memory  private dirty and resident bytes after the first /next, of both
// pair    start-invocation + end-invocation, 1 KB each, and two requests to a bare Beast server, in turn, medians; all
//         of them on one processor
// pair_with_event   the same with an event of API Gateway, of which a span is made
// cpu     CPU time of one invocation with three lines that is flushed at its end, mean
// sick, loaded   delivery_measures.hpp
// statsd, metrics_added   statsd_measures.hpp
// tracer_answer, traces_peak, traces_added   trace_measures.hpp
// growth  private dirty memory after 10 % of many invocations, and after all of them
//
// Called by bench.py, which makes the table.
#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "delivery_measures.hpp"
#include "http_floor_process.hpp"
#include "statsd_measures.hpp"
#include "subject.hpp"
#include "trace_measures.hpp"

namespace bench {
namespace {

void measure_start(const Options& options, const char* name) {
  std::vector<double> agent, floor;
  for (int round = -3; round < options.rounds; ++round) {  // the first three warm caches
    Subject subject(options, "end");
    World bare;
    bare.start({options.start_floor}, {});
    if (round < 0) continue;
    agent.push_back(static_cast<double>(subject.world.start_ns()));
    floor.push_back(static_cast<double>(bare.start_ns()));
  }
  std::printf(R"({"measure":"%s","agent_ns":%.0f,"floor_ns":%.0f,"rounds":%d})"
              "\n",
              name, median(agent), median(floor), options.rounds);
}

void measure_start_as_layer(const Options& ordinary) {
  Options layer = ordinary;
  layer.agent = ordinary.layer_agent;
  std::vector<double> own_loader, usual;
  for (int round = -3; round < ordinary.rounds; ++round) {
    for (const bool of_layer : {round % 2 == 0, round % 2 != 0}) {
      Subject subject(of_layer ? layer : ordinary, "end");
      if (round >= 0) (of_layer ? own_loader : usual).push_back(static_cast<double>(subject.world.start_ns()));
    }
  }
  std::printf(R"({"measure":"start_as_layer","agent_ns":%.0f,"ordinary_ns":%.0f,"rounds":%d})"
              "\n",
              median(own_loader), median(usual), ordinary.rounds);
}

void measure_memory(const Options& options) {
  std::vector<double> dirty, rss, floor_dirty, floor_rss;
  for (int round = 0; round < 5; ++round) {
    Subject subject(options, "end");
    World bare;
    bare.start({options.start_floor}, {});
    const Memory agent = subject.world.memory(), floor = bare.memory();
    dirty.push_back(static_cast<double>(agent.private_dirty_bytes));
    rss.push_back(static_cast<double>(agent.rss_bytes));
    floor_dirty.push_back(static_cast<double>(floor.private_dirty_bytes));
    floor_rss.push_back(static_cast<double>(floor.rss_bytes));
  }
  std::printf(R"({"measure":"memory","agent_private_dirty":%.0f,"agent_rss":%.0f,"floor_private_dirty":%.0f,)"
              R"("floor_rss":%.0f})"
              "\n",
              median(dirty), median(rss), median(floor_dirty), median(floor_rss));
}

double pair_ns(Client& client, const std::string& first, const std::string& second) {
  const std::int64_t begin = steady_ns();
  if (client.exchange(first) != 200 || client.exchange(second) != 200) {
    std::fprintf(stderr, "bench: start- or end-invocation was not answered 200\n");
    std::exit(1);
  }
  return static_cast<double>(steady_ns() - begin);
}

// Everyone whom it starts from now on and this program itself share one processor. Whether two that talk lie on one
// or on two, where the other has to be woken up first, makes a factor of three between runs, and is the scheduler's
// choice for each pair of them anew: it says nothing about either.
class OnOneProcessor {
 public:
  OnOneProcessor() {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0 && cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &before_)) CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
  }
  ~OnOneProcessor() { sched_setaffinity(0, sizeof before_, &before_); }
  OnOneProcessor(const OnOneProcessor&) = delete;
  OnOneProcessor& operator=(const OnOneProcessor&) = delete;

 private:
  cpu_set_t before_;
};

struct Pair {
  const char* name;
  std::string event, response;
};

const std::string kKilobyte = R"({"body":")" + std::string(1024 - 11, 'x') + "\"}";

// 1 KB of what API Gateway's HTTP API calls a function with, and of an ordinary answer.
const std::string kApiGatewayEvent =
    R"({"version":"2.0","routeKey":"GET /orders/{id}","rawPath":"/orders/4711","rawQueryString":"country=DE&page=2",)"
    R"("headers":{"accept":"application/json","accept-encoding":"gzip, br","content-length":"0","host":)"
    R"("70ixmpl4fl.execute-api.us-east-1.amazonaws.com","user-agent":"Mozilla/5.0 X11 Linux x86_64",)"
    R"("x-amzn-trace-id":"Root=1-5e66d96f-7491f09xmpl79d18acf3d050","x-forwarded-for":"205.255.255.176",)"
    R"("x-forwarded-port":"443","x-forwarded-proto":"https","x-datadog-trace-id":"4416884217184917245",)"
    R"("x-datadog-parent-id":"6117745712340192342","x-datadog-sampling-priority":"1"},"queryStringParameters":)"
    R"({"country":"DE","page":"2"},"requestContext":{"accountId":"123456789012","apiId":"70ixmpl4fl","domainName":)"
    R"("70ixmpl4fl.execute-api.us-east-1.amazonaws.com","http":{"method":"GET","path":"/orders/4711","protocol":)"
    R"("HTTP/1.1","sourceIp":"205.255.255.176","userAgent":"Mozilla/5.0 X11 Linux x86_64"},"requestId":)"
    R"("JKJaXmPLvHcESHA=","routeKey":"GET /orders/{id}","stage":"$default","time":"10/Mar/2026:00:03:59 +0000",)"
    R"("timeEpoch":1773100000000},"pathParameters":{"id":"4711"},"isBase64Encoded":false})";
const std::string kResponse = R"({"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"note\":\")"
                              + std::string(900, 'x') + R"(\"}"})";

void measure_pair(const Options& options, const Pair& pair) {
  const OnOneProcessor together;
  Subject subject(options, "periodically,60000");
  HttpFloor floor_server(options.http_floor);
  Client tracer(8124), telemetry(subject.world.telemetry_port()), bare(floor_server.port());
  std::vector<double> agent, floor;
  for (int n = -50; n < options.rounds * 50; ++n) {
    subject.invoke(n + 50);
    subject.world.wait_for_next();
    telemetry.exchange(subject.begin_events(0));
    const std::string first = subject.start_request(pair.event), second = subject.end_request(pair.response);
    double mine = 0, theirs = 0;
    for (const bool of_agent : {n % 2 == 0, n % 2 != 0})  // each is the first as often as the other
      (of_agent ? mine : theirs) = pair_ns(of_agent ? tracer : bare, first, second);
    telemetry.exchange(subject.end_events());
    if (n < 0) continue;
    agent.push_back(mine);
    floor.push_back(theirs);
  }
  std::printf(R"({"measure":"%s","agent_ns":%.0f,"floor_ns":%.0f,"rounds":%zu})"
              "\n",
              pair.name, median(agent), median(floor), agent.size());
}

// One invocation as a tracer and the platform make it, until the agent asks for the next event.
void live_through(Subject& subject, Client& tracer, Client& telemetry, int n, const std::string& payload) {
  subject.invoke(n);
  tracer.exchange(subject.start_request(payload));
  telemetry.exchange(subject.begin_events(3));
  tracer.exchange(subject.end_request(payload));
  telemetry.exchange(subject.end_events());
  subject.world.wait_for_next();
}

const std::string kPayload = R"({"version":"2.0","rawPath":"/orders","body":"{\"basket\":12}"})";

void measure_cpu(const Options& options) {
  Subject subject(options, "end");
  Client tracer(8124), telemetry(subject.world.telemetry_port());
  const int count = options.rounds * 25;
  for (int n = 0; n < 50; ++n) live_through(subject, tracer, telemetry, n, kPayload);
  const std::int64_t begin = subject.world.cpu_ns();
  const std::uint64_t shipped = subject.world.intake_requests();
  for (int n = 0; n < count; ++n) live_through(subject, tracer, telemetry, 50 + n, kPayload);
  std::printf(R"({"measure":"cpu","agent_ns":%.0f,"invocations":%d,"intake_requests":%llu})"
              "\n",
              static_cast<double>(subject.world.cpu_ns() - begin) / count, count,
              static_cast<unsigned long long>(subject.world.intake_requests() - shipped));
}

void measure_growth(const Options& options) {
  Subject subject(options, "end");
  Client tracer(8124), telemetry(subject.world.telemetry_port());
  const int early = options.invocations / 10;
  std::uint64_t before = 0;
  for (int n = 0; n < options.invocations; ++n) {
    live_through(subject, tracer, telemetry, n, kPayload);
    if (n == early) before = subject.world.memory().private_dirty_bytes;
  }
  const std::uint64_t after = subject.world.memory().private_dirty_bytes;
  std::printf(R"({"measure":"growth","early_bytes":%llu,"late_bytes":%llu,"invocations":%d,"exit_code":%d})"
              "\n",
              static_cast<unsigned long long>(before), static_cast<unsigned long long>(after), options.invocations,
              subject.world.shut_down());
}

Options with_rules(Options options) {
  options.task_root += "_with_rules";
  return options;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--", 0) != 0) {
      options.measures.push_back(word);
      continue;
    }
    if (++i == argc) std::exit(2);
    if (word == "--agent") options.agent = argv[i];
    if (word == "--layer-agent") options.layer_agent = argv[i];
    if (word == "--start-floor") options.start_floor = argv[i];
    if (word == "--http-floor") options.http_floor = argv[i];
    if (word == "--statsd-peer") options.statsd_peer = argv[i];
    if (word == "--task-root") options.task_root = argv[i];
    if (word == "--rounds") options.rounds = std::atoi(argv[i]);
    if (word == "--invocations") options.invocations = std::atoi(argv[i]);
  }
  return options;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  setvbuf(stdout, nullptr, _IOLBF, 0);
  const Options options = parse(argc, argv);
  if (!enter_own_network()) std::fprintf(stderr, "bench: no network of its own; port 8124 must be free\n");
  for (const std::string& measure : options.measures) {
    if (measure == "start") measure_start(options, "start");
    if (measure == "start_as_layer") measure_start_as_layer(options);
    if (measure == "start_with_rules") measure_start(with_rules(options), "start_with_rules");
    if (measure == "memory") measure_memory(options);
    if (measure == "pair") measure_pair(options, {"pair", kKilobyte, kKilobyte});
    if (measure == "pair_with_event") measure_pair(options, {"pair_with_event", kApiGatewayEvent, kResponse});
    if (measure == "cpu") measure_cpu(options);
    if (measure == "growth") measure_growth(options);
    if (measure == "sick") measure_sick(options);
    if (measure == "tracer_answer") {
      const HttpFloor bare(options.http_floor);
      measure_tracer_answer(options, bare.port());
    }
    if (measure == "traces_peak") measure_traces_peak(options);
    if (measure == "traces_added") measure_traces_added(options);
    if (measure == "loaded") measure_loaded(options);
    if (measure == "statsd") measure_statsd(options);
    if (measure == "metrics_added") measure_metrics_added(options);
  }
}
