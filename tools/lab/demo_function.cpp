#include "lab/demo_function.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <thread>

#include "lab/demo_metrics.hpp"
#include "lab/http.hpp"
#include "lab/msgpack_writer.hpp"
#include "lab/stamp.hpp"

namespace lab {
namespace {

constexpr const char* kNames[] = {"ada", "grace", "alan", "edsger", "barbara", "donald"};
constexpr const char* kCards[] = {"4111 1111 1111 1111", "5500 0000 0000 0004", "3400-0000-0000-009"};
constexpr std::uint16_t kLifecyclePort = 8124, kStatsdPort = 8125, kTracePort = 8126;

void write_line(std::string line) {
  line += '\n';
  [[maybe_unused]] const ssize_t written = ::write(1, line.data(), line.size());
}

std::string environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

std::uint64_t wall_ns() { return static_cast<std::uint64_t>(wall_ms()) * 1000000; }

class DemoFunction {
 public:
  DemoFunction(const std::string& host, std::uint16_t port)
      : runtime_(host, port),
        host_(environment("DD_BIND_HOST", "127.0.0.1")),
        tracer_(host_, kLifecyclePort),
        traces_(host_, kTracePort) {}

  int run() {
    for (unsigned n = 0;; ++n) {
      const HttpReply next = runtime_.send("GET", "/2018-06-01/runtime/invocation/next", {}, {}, -1);
      if (next.status != 200) return 0;
      handle(n, std::string(next.header("lambda-runtime-aws-request-id")), next.body);
    }
  }

 private:
  void handle(unsigned n, const std::string& id, const std::string& event) {
    const std::uint64_t begin = wall_ns();
    const bool failed = n % 13 == 12;
    const HttpReply context = tracer_.send("POST", "/lambda/start-invocation", event,
                                           {{"lambda-runtime-aws-request-id", id}, {"datadog-meta-lang", "cpp"}});
    // As tracers do: the trace of who called, where the agent has found it in the event.
    const std::string found(context.header("x-datadog-trace-id"));
    const std::string trace_id = found.empty() ? std::to_string(1000 + n) : found;
    for (const std::string& line : demo_lines(n)) {
      write_line(line);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (const std::string& packet : demo_packets(n)) send_datagram(host_, kStatsdPort, packet);
    send_trace(n, trace_id, begin, failed);
    const std::string response = failed ? R"({"statusCode":502})" : R"({"statusCode":200,"body":"ok"})";
    Headers headers{{"lambda-runtime-aws-request-id", id},
                    {"x-datadog-trace-id", trace_id},
                    {"x-datadog-span-id", std::to_string(5000 + n)},
                    {"x-datadog-sampling-priority", "1"}};
    if (failed) headers.emplace_back("x-datadog-invocation-error", "true");
    tracer_.send("POST", "/lambda/end-invocation", response, headers);
    const std::string at = "/2018-06-01/runtime/invocation/" + id;
    if (failed)
      runtime_.send("POST", at + "/error", R"({"errorMessage":"payment refused","errorType":"PaymentRefused"})");
    else
      runtime_.send("POST", at + "/response", response);
  }

  void send_trace(unsigned n, const std::string& trace_id, std::uint64_t begin, bool failed) {
    TraceSketch web, query;
    web.resource = "POST /orders";
    web.trace_id = std::strtoull(trace_id.c_str(), nullptr, 10);
    web.span_id = 9000 + n;
    web.parent_id = 5000 + n;
    web.start_ns = begin + 1000000;
    web.duration_ns = wall_ns() - begin;
    web.error = failed ? 1 : 0;
    query = web;
    query.service = "orders-db";
    query.name = "postgres.query";
    query.type = "sql";
    query.resource =
        "INSERT INTO orders (id, customer) VALUES (" + std::to_string(1000 + n) + ", '" + kNames[n % 6] + "')";
    query.span_id = 7000 + n;
    query.parent_id = web.span_id;
    query.start_ns = web.start_ns + web.duration_ns / 4;
    query.duration_ns = web.duration_ns / 2;
    traces_.send("PUT", "/v0.4/traces", v04_payload({web, query}),
                 {{"Content-Type", "application/msgpack"},
                  {"Datadog-Meta-Lang", "cpp"},
                  {"Datadog-Meta-Tracer-Version", "1.0.0"},
                  {"X-Datadog-Trace-Count", "1"}});
  }

  HttpClient runtime_;
  std::string host_;
  HttpClient tracer_, traces_;
};

}  // namespace

std::vector<std::string> demo_lines(unsigned n) {
  const std::string order = std::to_string(1000 + n), name = kNames[n % 6];
  std::vector<std::string> lines{"order " + order + " from " + name + "@shop.example"};
  if (n % 2 == 0) lines.push_back("GET /healthcheck 200 1 ms");
  if (n % 3 == 0) lines.push_back("charging card " + std::string(kCards[n / 3 % 3]) + " for order " + order);
  if (n % 3 == 1) lines.push_back("calling payments with token=tok_" + order + "f3a9c1 attempt=1");
  if (n % 4 == 1) lines.push_back(R"({"level":"warn","message":"stock is low","sku":"A-)" + order + R"(","left":2})");
  if (n % 5 == 4) lines.push_back("debug: cache miss for key basket:" + name);
  lines.push_back(n % 13 == 12 ? "ERROR payment of order " + order + " was refused" : "order " + order + " done");
  return lines;
}

int run_demo_function() {
  const std::string api = environment("AWS_LAMBDA_RUNTIME_API", "");
  const std::size_t colon = api.find(':');
  std::uint16_t port = 0;
  if (colon != std::string::npos) std::from_chars(api.data() + colon + 1, api.data() + api.size(), port);
  if (port == 0) throw LabError("AWS_LAMBDA_RUNTIME_API is not set: `serverless-lab run` starts this program");
  return DemoFunction(api.substr(0, colon), port).run();
}

}  // namespace lab
