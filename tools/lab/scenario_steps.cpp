#include <csignal>

#include "lab/msgpack_writer.hpp"
#include "lab/scenario.hpp"
#include "lab/stamp.hpp"

namespace lab {
namespace {

constexpr std::uint16_t kLifecyclePort = 8124, kStatsdPort = 8125, kTracePort = 8126;
constexpr Milliseconds kSettleLimit{2000};

Headers headers_of(const Step& step) {
  Headers out;
  for (const Word& word : step.words)
    if (word.name.rfind("header.", 0) == 0) out.emplace_back(word.name.substr(7), word.value);
  return out;
}

Ending ending_of(const Step& step) {
  Ending ending;
  ending.status = step.value("status", "success");
  ending.error_type = step.value("error");
  ending.duration_ms = number_of_text(step.value("duration", "12"));
  ending.produced_bytes = 2;
  return ending;
}

}  // namespace

// `init` waits until all are ready; `init fails` until it is known that they will not be.
Scenario::Failure Scenario::init(const Step& step) {
  const InitOutcome outcome = sandbox().init();
  const bool fails = step.plain(0) == "fails";
  ended_.reset();
  if (outcome.ready == !fails) return std::nullopt;
  return fails ? "init succeeded" : outcome.failure;
}

Scenario::Failure Scenario::invoke(const Step& step) {
  current_ = step.value("id", "invocation-" + std::to_string(ids_.size() + 1));
  done_ = false;
  sandbox().begin(id_of(current_), step.value("payload", "{}"));
  return step.has_plain("{") ? std::nullopt : done(Step{});
}

Scenario::Failure Scenario::end_invoke(const Step&) { return done_ ? std::nullopt : done(Step{}); }

Scenario::Failure Scenario::line(const Step& step) {
  const int times = number_of_text(step.value("times", "1"));
  if (step.plain(0).find('#') != std::string::npos) sent_[step.plain(0)] = id_of(current_);
  for (int i = 0; i < times; ++i) sandbox().line(json::string(step.plain(0)));
  return std::nullopt;
}

Scenario::Failure Scenario::json_line(const Step& step) {
  sandbox().line(json::parse(step.rest));
  return std::nullopt;
}

// tracer start|end [body=…] [header.NAME=…] [status=200] [id=none]
Scenario::Failure Scenario::tracer(const Step& step) {
  Headers headers = headers_of(step);
  if (step.value("id") != "none")
    headers.emplace_back("lambda-runtime-aws-request-id", id_of(step.value("id", current_)));
  HttpClient client(bind_host_, kLifecyclePort);
  const std::string path = "/lambda/" + step.plain(0) + "-invocation";
  const HttpReply reply = client.send("POST", path, step.value("body", "{}"), headers);
  const int wanted = number_of_text(step.value("status", "200"));
  if (reply.status == wanted) return std::nullopt;
  return path + " was answered with " + std::to_string(reply.status);
}

// http GET /path [port=8124] [body=…] [header.NAME=…] [status=200] [answer=…|answer~…]
Scenario::Failure Scenario::http(const Step& step) {
  HttpClient client(bind_host_, static_cast<std::uint16_t>(number_of_text(step.value("port", "8124"))));
  const HttpReply reply = client.send(step.plain(0), step.plain(1), step.value("body"), headers_of(step));
  if (reply.status != number_of_text(step.value("status", "200")))
    return "answered with " + std::to_string(reply.status) + " " + reply.body.substr(0, 200);
  Record record{{{"answer", reply.body}}};
  for (const auto& [name, value] : reply.headers) record.fields.emplace_back("reply." + name, value);
  std::vector<Word> words;
  for (const Word& word : step.words)
    if (word.name == "answer" || word.name.rfind("reply.", 0) == 0) words.push_back(word);
  return fits(record, words) ? std::nullopt : Failure("the answer is " + record.text());
}

Scenario::Failure Scenario::statsd(const Step& step) {
  send_datagram(bind_host_, kStatsdPort, step.plain(0));
  return std::nullopt;
}

Scenario::Failure Scenario::trace(const Step& step) {
  TraceSketch span;
  span.service = step.value("service", span.service);
  span.name = step.value("name", span.name);
  span.resource = step.value("resource", span.resource);
  span.trace_id = static_cast<std::uint64_t>(number_of_text(step.value("trace_id", "1")));
  span.span_id = static_cast<std::uint64_t>(number_of_text(step.value("span_id", "1")));
  span.parent_id = static_cast<std::uint64_t>(number_of_text(step.value("parent_id", "0")));
  span.start_ns = static_cast<std::uint64_t>(wall_ms()) * 1000000;
  span.duration_ns = 1000000;
  HttpClient client(bind_host_, kTracePort);
  const HttpReply reply = client.send("PUT", "/v0.4/traces", v04_payload({span}),
                                      {{"Content-Type", "application/msgpack"}, {"X-Datadog-Trace-Count", "1"}});
  if (reply.status == 200) return std::nullopt;
  return "/v0.4/traces was answered with " + std::to_string(reply.status);
}

// done [status=] [error=] [duration=] [nowait]: the runtime has finished; waits until the agent asks for the next
// event.
Scenario::Failure Scenario::done(const Step& step) {
  done_ = true;
  sandbox().finish(id_of(current_), ending_of(step));
  if (!sandbox().options().report_late) sandbox().report(id_of(current_));
  if (step.has_plain("nowait")) return std::nullopt;
  sandbox().telemetry().settle(Clock::now() + kSettleLimit);
  if (sandbox().wait_idle(Clock::now() + options_.function_limit)) return std::nullopt;
  return "the agent did not ask for the next event";
}

// event INVOKE id=a | event SHUTDOWN reason=…: only what /next answers, nothing else.
Scenario::Failure Scenario::event(const Step& step) {
  if (step.plain(0) == "INVOKE") {
    current_ = step.value("id", "invocation");
    sandbox().offer(id_of(current_));
  } else {
    sandbox().extensions().push("SHUTDOWN", {{"eventType", "SHUTDOWN"},
                                             {"shutdownReason", step.value("reason", "spindown")},
                                             {"deadlineMs", wall_ms() + options_.shutdown_limit.count()}});
  }
  return std::nullopt;
}

// say start|done|report id=a […]: only the platform's record, nothing else.
Scenario::Failure Scenario::say(const Step& step) {
  const std::string id = id_of(step.value("id", current_));
  if (step.plain(0) == "start")
    sandbox().telemetry().emit("platform.start", invocation_start(id));
  else if (step.plain(0) == "done")
    sandbox().telemetry().emit("platform.runtimeDone", runtime_done(id, ending_of(step), rfc3339(wall_ms())));
  else if (step.plain(0) == "report")
    sandbox().telemetry().emit("platform.report", report(id, ending_of(step)));
  else
    throw LabError("say wants start, done or report");
  return std::nullopt;
}

// telemetry hold|release|settle; telemetry raw BODY (posted as it is, must be answered 2xx); telemetry {…} (one event).
Scenario::Failure Scenario::telemetry(const Step& step) {
  TelemetryApi& api = sandbox().telemetry();
  if (step.rest == "hold") return api.hold(true), std::nullopt;
  if (step.rest == "release") return api.hold(false), std::nullopt;
  if (step.rest == "settle")
    return api.settle(Clock::now() + kSettleLimit) ? std::nullopt : Failure("the telemetry was not taken");
  if (step.rest.rfind("raw", 0) == 0) {
    const std::string body =
        step.text.empty() ? step.rest.substr(std::min<std::size_t>(4, step.rest.size())) : step.text;
    const int status = api.post_raw(body);
    return status >= 200 && status < 300 ? std::nullopt : Failure("answered with " + std::to_string(status));
  }
  const json::value one = json::parse(step.rest);
  api.emit(text_at(one, "/type"), *find(one, "/record"));
  return std::nullopt;
}

Scenario::Failure Scenario::freeze(const Step&) { return sandbox().freeze(), std::nullopt; }
Scenario::Failure Scenario::thaw(const Step&) { return sandbox().thaw(), std::nullopt; }

Scenario::Failure Scenario::signal(const Step& step) {
  static const std::map<std::string, int> numbers{{"TERM", SIGTERM}, {"INT", SIGINT},   {"HUP", SIGHUP},
                                                  {"KILL", SIGKILL}, {"SEGV", SIGSEGV}, {"BUS", SIGBUS}};
  const auto it = numbers.find(step.plain(0));
  if (it == numbers.end()) throw LabError("signal wants TERM, INT, HUP, KILL, SEGV or BUS");
  sandbox().agent()->signal(it->second);
  if (it->second == SIGKILL) {
    killed_ = true;
    sandbox().agent()->wait(Clock::now() + kSettleLimit);
  }
  return std::nullopt;
}

Scenario::Failure Scenario::shutdown(const Step& step) {
  sandbox().telemetry().settle(Clock::now() + kSettleLimit);
  last_ledger_ = ledger_of(sandbox().status());
  ended_ = sandbox().shutdown(step.plain(0).empty() ? "spindown" : step.plain(0));
  return ended_->killed ? Failure("the agent was still there at the deadline of SHUTDOWN") : std::nullopt;
}

}  // namespace lab
