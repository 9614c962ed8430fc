#include "delivery_measures.hpp"

#include "http_floor_process.hpp"

namespace bench {
namespace {

constexpr int kInvocations = 200;
constexpr int kUntilOpened = 5;  // in these the agent may find out that the intake is not well
constexpr double kMbPerSecond = 10;

double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

// How long each invocation takes, until the agent asks for the next event.
std::vector<double> invocations(Subject& subject) {
  Client telemetry(subject.world.telemetry_port());
  std::vector<double> times;
  for (int n = 0; n < kInvocations; ++n) {
    const std::int64_t begin = steady_ns();
    subject.invoke(n);
    telemetry.exchange(subject.begin_events(3));
    telemetry.exchange(subject.end_events());
    subject.world.wait_for_next();
    times.push_back(static_cast<double>(steady_ns() - begin));
    subject.world.serve_for(10);
  }
  return times;
}

std::vector<double> after_opening(const std::vector<double>& times) {
  return {times.begin() + kUntilOpened, times.end()};
}

void print_sick(const char* kind, const std::vector<double>& times, const std::vector<double>& well) {
  const double usual = median(well);
  double added = 0;
  for (const double time : times) added += std::max(time - usual, 0.0);
  double noise = 0;  // what a well intake costs more than its own median
  for (const double time : well) noise += std::max(time - usual, 0.0);
  std::printf(R"({"measure":"sick_%s","added_ns":%.0f,"p99_ns":%.0f,"well_ns":%.0f,"well_p99_ns":%.0f,)"
              R"("well_added_ns":%.0f,"invocations":%d})"
              "\n",
              kind, added, quantile(after_opening(times), 0.99), usual, quantile(after_opening(well), 0.99), noise,
              kInvocations);
}

// 100 spans in one trace, as a tracer's MessagePack.
std::string trace_payload() {
  const auto text = [](std::string_view word) {
    return std::string(1, static_cast<char>(0xd9)) + static_cast<char>(word.size()) + std::string(word);
  };
  const auto number = [](std::uint64_t value) {
    std::string out(1, static_cast<char>(0xcf));
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
    return out;
  };
  std::string out = "\x91\xdc";
  out += std::string("\0\x64", 2);
  for (std::uint64_t i = 1; i <= 100; ++i) {
    out += "\x8a";
    out += text("trace_id") + number(4711) + text("span_id") + number(i) + text("parent_id") + number(i - 1)
           + text("start") + number(1'700'000'000'000'000'000u) + text("duration") + number(1'000'000) + text("service")
           + text("orders") + text("name") + text("http.request") + text("resource")
           + text("GET /orders/{id}/positions/{position}") + text("type") + text("web") + text("meta");
    out += "\x84";
    out += text("http.url") + text("https://shop.example/orders/4711/positions/12?country=DE&channel=web")
           + text("http.method") + text("GET") + text("component") + text("express") + text("note")
           + text(std::string(200, 'n'));
  }
  return out;
}

// A child that says `request` again and again, so that so many bytes come per second.
pid_t pour(std::uint16_t port, const std::string& request) {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Client client(port);
  const double between_ns = static_cast<double>(request.size()) / (kMbPerSecond * 1e6) * 1e9;
  const std::int64_t begin = steady_ns();
  for (std::int64_t n = 0;; ++n) {
    client.exchange(request);
    while (steady_ns() < begin + static_cast<std::int64_t>(static_cast<double>(n) * between_ns)) usleep(200);
  }
}

// How long start-invocation takes, and the same request to a bare server, in turn.
struct Starts {
  std::vector<double> agent, floor;
};

Starts starts(Subject& subject, Client& tracer, Client& bare, int milliseconds) {
  const std::string request = subject.start_request(R"({"body":"x"})");
  Starts out;
  for (const std::int64_t end = steady_ns() + milliseconds * 1'000'000LL; steady_ns() < end;) {
    for (const auto& [client, times] : {std::pair{&tracer, &out.agent}, std::pair{&bare, &out.floor}}) {
      const std::int64_t begin = steady_ns();
      client->exchange(request);
      times->push_back(static_cast<double>(steady_ns() - begin));
      subject.world.serve_for(2);
    }
  }
  return out;
}

}  // namespace

void measure_sick(const Options& options) {
  using Intake = World::Intake;
  std::vector<double> well;
  {
    Subject subject(options, "end");
    well = invocations(subject);
  }
  const std::pair<const char*, Intake> manners[] = {
      {"mute", Intake::kMute}, {"drip", Intake::kDrip}, {"forbidden", Intake::kForbidden}, {"refused", Intake::kWell}};
  for (const auto& [kind, manner] : manners) {
    Subject subject(options, "end", std::string_view(kind) == "refused" ? "http://127.0.0.1:9" : "");
    subject.world.intake_is(manner);
    print_sick(kind, invocations(subject), well);
  }
}

void measure_loaded(const Options& options) {
  Subject subject(options, "continuously,100");
  HttpFloor floor_server(options.http_floor);
  Client tracer(8124), bare(floor_server.port()), telemetry(subject.world.telemetry_port());
  subject.invoke(1);
  subject.world.wait_for_next();
  telemetry.exchange(subject.begin_events(0));
  starts(subject, tracer, bare, 500);
  const Starts idle = starts(subject, tracer, bare, 8000);
  const pid_t lines = pour(subject.world.telemetry_port(), subject.begin_events(300));
  const pid_t traces = pour(8126, post("/v0.4/traces", "", trace_payload()));
  starts(subject, tracer, bare, 500);
  const Starts loaded = starts(subject, tracer, bare, 8000);
  for (const pid_t child : {lines, traces}) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  std::printf(R"({"measure":"loaded","idle_p99_ns":%.0f,"loaded_p99_ns":%.0f,"idle_ns":%.0f,"loaded_ns":%.0f,)"
              R"("floor_idle_p99_ns":%.0f,"floor_loaded_p99_ns":%.0f,"mb_per_s":%.0f,"asked":%zu})"
              "\n",
              quantile(idle.agent, 0.99), quantile(loaded.agent, 0.99), median(idle.agent), median(loaded.agent),
              quantile(idle.floor, 0.99), quantile(loaded.floor, 0.99), 2 * kMbPerSecond, loaded.agent.size());
}

}  // namespace bench
