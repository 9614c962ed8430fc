// The door of the traces plugin: maps the contract's calls to pipeline.
#include "sls/plugin.hpp"

#include "between/trade_options.hpp"
#include "between/trade_settings.hpp"
#include "invocation/invocation_options.hpp"
#include "options.hpp"
#include "pipeline.hpp"

namespace traces {
namespace {

constexpr std::uint64_t kBodyBytesMax = kBodyBytesWaitingMax;  // a larger body is answered 413 by the host
constexpr std::string_view kAccepted = R"({"rate_by_service":{}})";
// client_drop_p0s false: tracers send every trace, since nobody here computes statistics for them.
constexpr std::string_view kInfo = R"({"endpoints":["/v0.4/traces","/info"],"client_drop_p0s":false})";
constexpr sls_pair kJson[] = {sls::pair("Content-Type", "application/json")};

class Traces : private Arrivals {
 public:
  Traces(sls::Host host, const sls::Sandbox& sandbox)
      : refused_(host.counter("bodies_refused")), rejected_(host.counter("rejected_by_intake")) {
    for (std::size_t i = 0; i < kReasons; ++i) dropped_[i] = host.counter(kReasonCounters[i]);
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    options_ = std::move(options);
    open_trades(host, sandbox);
    follow_invocations(host, sandbox);
    if (usable_url(options_.intake_url)) return;
    host.warn("option apm_dd_url (", sandbox.origin("apm_dd_url"),
              "): wanted http(s)://HOST[:PORT]; the site's intake is used");
    options_.intake_url = "https://trace.agent.{site}";
  }

  void on_sandbox(const sls::Sandbox& sandbox) { trades_.on_function(function_facts(sandbox)); }

  void interests(sls::Interests& want) {
    using Kind = sls::RecordKind;
    want.records_if_any(Kind::init_start, Kind::init_report, Kind::restore_start, Kind::restore_report);
    intake_ = want.add_intake("traces", {{options_.intake_url, ""}});
    if (options_.port == 0) return;
    const std::string address = receiver_address(options_);
    traces_route_ = want.add_route({address, "POST|PUT", "/v0.4/traces", kBodyBytesMax});
    want.add_route({address, "GET", "/info"});
  }

  // Answers at once; what the body holds is read by `work`.
  sls::Response on_request(const sls::Request& request) {
    if (request.route() != traces_route_) return {.headers = kJson, .body = kInfo};
    if (const std::string_view why = refusal(Format::kV04, request.body()); !why.empty()) {
      refused_.add();
      return {.status = 400, .body = why};
    }
    pipeline_.take({std::string(request.body()), Format::kV04, tracer_of(request), request.now_ns()});
    count_losses();
    return {.headers = kJson, .body = kAccepted};
  }
  void on_telemetry(const sls::Telemetry& batch) {
    for (const sls::Record& record : batch) executions_->platform_told(record);
  }
  void on_invocation(const sls::Invocation& event) {
    now_ns_ = event.now_ns();
    switch (event.event()) {
      case sls::Event::invoke: return executions_->invoked(event);
      case sls::Event::tracer_start: return event.reply(executions_->tracer_started(event));
      case sls::Event::tracer_end: return executions_->tracer_ended(event);
      case sls::Event::done: return executions_->done(event);
      case sls::Event::reported: return executions_->reported(event);
      case sls::Event::shutdown: return executions_->shut_down(event.now_ns());
    }
  }
  // Bodies first: a tracer's placeholder may be among them.
  bool work() {
    const bool more = pipeline_.work() || take_own_spans();
    count_losses();
    return more;
  }

  bool next_payload(const sls::Flush&, sls::Payload& payload) {
    handed_out_ = pipeline_.next();
    if (handed_out_.empty()) return false;
    parts_.clear();
    for (const Part& part : handed_out_) parts_.push_back(sls::part(part.view(), part.spans));
    payload.intake(intake_).path("/api/v0.2/traces").content_type("application/x-protobuf");
    payload.compress(sls::Compress::zstd).parts(parts_);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::rejected) rejected_.add(delivery.items());
  }
  sls::State state() const { return {pipeline_.received(), pipeline_.pending_items(), pipeline_.pending_bytes()}; }

 private:
  void open_trades(sls::Host host, const sls::Sandbox& sandbox) {
    Findings findings;
    trades_ = make_trades(
        sandbox, [](std::string& error) { return sls::open_regex_engine(error); }, findings);
    for (const Finding& finding : findings.all()) {
      if (finding.level == Finding::Level::kError)
        host.error(finding.text);
      else
        host.warn(finding.text);
    }
  }
  void follow_invocations(sls::Host host, const sls::Sandbox& sandbox) {
    auto [options, findings] = sls::read_options<invocation::InvocationOptions>(sandbox);
    executions_.emplace(invocation::settings_of(options, sandbox, findings));
    for (const std::string& finding : findings) host.warn(finding);
  }
  bool take_own_spans() {
    Tracer tracer;
    if (!executions_->next(chunk_, tracer)) return false;
    pipeline_.take(chunk_, tracer, now_ns_);
    return true;
  }
  static Tracer tracer_of(const sls::Request& request) {
    const auto header = [&](std::string_view name) { return std::string(request.header(name)); };
    Tracer out;
    out.container_id = header("Datadog-Container-ID");
    out.language = header("Datadog-Meta-Lang");
    out.language_version = header("Datadog-Meta-Lang-Version");
    out.version = header("Datadog-Meta-Tracer-Version");
    return out;
  }
  void see(Chunk& chunk, const Tracer& tracer) override { executions_->see(chunk, tracer); }
  void count_losses() {
    const Losses losses = pipeline_.take_losses();
    for (std::size_t i = 0; i < kReasons; ++i) dropped_[i].add(losses[static_cast<Reason>(i)]);
  }

  std::array<sls::Counter, kReasons> dropped_;
  sls::Counter refused_, rejected_;
  Options options_{};
  std::optional<invocation::Executions> executions_;
  Chunk chunk_;  // of spans that are made here
  std::int64_t now_ns_ = 0;
  Trades trades_;
  Pipeline pipeline_{trades_, this};
  std::uint32_t intake_ = 0, traces_route_ = 0;
  std::vector<Part> handed_out_;
  std::vector<sls_part> parts_;
};

}  // namespace
}  // namespace traces

SLS_PLUGIN_WITH(traces::Traces,
                {.id = "traces",
                 .version = "0.1.0",
                 .about = "Takes traces from tracers and ships them.",
                 .options = sls::option_table<traces::Options, traces::ObfuscationSettings, traces::FilterOptions,
                                              traces::InternalSpanOptions, traces::EnrichmentOptions,
                                              traces::ReplaceOptions, traces::invocation::InvocationOptions>()});
