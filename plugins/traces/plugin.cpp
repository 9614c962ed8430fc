// The door of the traces plugin: maps the contract's calls to pipeline.
#include "sls/plugin.hpp"

#include <array>

#include "between/stats_clients.hpp"
#include "between/stats_options.hpp"
#include "between/trade_options.hpp"
#include "between/trade_settings.hpp"
#include "in/proxied_routes.hpp"
#include "in/texts.hpp"
#include "invocation/invocation_options.hpp"
#include "options.hpp"
#include "out/discovery.hpp"
#include "out/endpoints.hpp"
#include "out/proxied.hpp"
#include "out/proxied_options.hpp"
#include "out/stats_payload.hpp"
#include "pipeline.hpp"
#include "routes.hpp"
#include "sls/codec/endpoints.hpp"

namespace traces {
namespace {

constexpr std::string_view kVersion = "0.1.0";
// Every trace is kept, so tracers are given no rate but their own. Rates have a version, by which a tracer sees whether
// they changed; these never do.
constexpr std::string_view kRates = "{\"rate_by_service\":{}}", kRatesVersion = "1";
// In front of every payload: the agent's target and error rates per second (fields 8 and 9), as the extension says
// them.
constexpr std::string_view kAgentFields("\x41\0\0\0\0\0\0\x4e\x40\x49\0\0\0\0\0\0\x4e\x40", 18);

class Traces : private Arrivals {
 public:
  Traces(sls::Host host, const sls::Sandbox& sandbox)
      : refused_(host.counter("bodies_refused")), rejected_(host.counter("rejected_by_intake")) {
    for (std::size_t i = 0; i < kReasons; ++i) dropped_[i] = host.counter(kReasonCounters[i]);
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    options_ = std::move(options);
    choose_destinations(host, sandbox);
    std::vector<std::string> unusable;
    proxied_.emplace(sandbox, options_.intake_url, unusable);
    for (const std::string& finding : unusable) host.warn(finding);
    open_trades(host, sandbox);
    follow_invocations(host, sandbox);
    env_ = sandbox.env();
  }

  void on_sandbox(const sls::Sandbox& sandbox) {
    trades_.on_function(function_facts(sandbox));
    proxied_->on_function(sandbox.function_name());
  }

  void interests(sls::Interests& want) {
    using Kind = sls::RecordKind;
    want.records_if_any(Kind::init_start, Kind::init_report, Kind::restore_start, Kind::restore_report);
    std::vector<sls::Endpoint> endpoints;
    for (const sls::KeyedUrl& each : destinations_) endpoints.push_back({each.url, each.api_key});
    intake_ = want.add_intake("traces", std::move(endpoints));
    // Of its own: the further endpoints of traces take nothing else.
    proxied_intake_ = want.add_intake("proxied", {{options_.intake_url, {}}});
    // The same routes at each address, so that a route's number tells which it is.
    if (options_.port != 0) ask_for_receiver(want, address_of(options_.bind_host, options_.port));
    if (!options_.socket.empty()) ask_for_receiver(want, "unix://" + options_.socket);
    context_route_ = want.add_route({address_of(options_.bind_host, options_.lifecycle_port),
                                     std::string(kContextMethods), std::string(kContextPath), kContextBodyBytesMax});
  }

  // Answers at once; what the body holds is read by `work`.
  sls::Response on_request(const sls::Request& request) {
    if (request.route() == context_route_) return tell_context(request);
    describe();
    answer_headers_.clear();
    answer_headers_.push_back(sls::pair("Datadog-Agent-Version", kVersion));
    answer_headers_.push_back(sls::pair("Datadog-Agent-State", state_));
    if (request.header("Sec-Fetch-Site") == "cross-site") return refuse(403, "cross-site request rejected\n");
    const std::size_t number = request.route() % (std::size(kRoutes) + std::size(kProxiedRoutes));
    if (number >= std::size(kRoutes)) return take_proxied(kProxiedRoutes[number - std::size(kRoutes)], request);
    const Route& route = kRoutes[number];
    if (route.ask == Route::Ask::kTraces) return take_traces(route, request);
    if (route.ask == Route::Ask::kStats) return take_statistics(route, request);
    return answer(200, route.answer, request);
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
  void on_note(const sls::Note& note) { executions_->noted(note.key, note.value); }
  // Bodies first: a tracer's placeholder may be among them.
  bool work() {
    const bool more = pipeline_.work() || take_own_spans() || clients_.work(env_);
    count_losses();
    return more;
  }

  bool next_payload(const sls::Flush& flush, sls::Payload& payload) {
    handed_out_ = pipeline_.next();
    if (handed_out_.empty()) return next_statistics(flush, payload) || proxied_->next(payload.intake(proxied_intake_));
    parts_.clear();
    for (const Part& part : handed_out_) parts_.push_back(sls::part(part.view(), part.spans));
    payload.intake(intake_).path("/api/v0.2/traces").content_type("application/x-protobuf").headers(payload_headers());
    payload.compress(sls::Compress::zstd, options_.compression_level).prefix(kAgentFields).parts(parts_);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::rejected) rejected_.add(delivery.items());
  }
  sls::State state() const {
    return {pipeline_.received() + proxied_->received() + clients_.lost(),
            pipeline_.pending_items() + proxied_->pending_items(),
            pipeline_.pending_bytes() + proxied_->pending_bytes() + clients_.pending_bytes() + statistics_bytes()};
  }

 private:
  // For the first request and not before: the start is billed.
  void describe() {
    if (!document_.empty()) return;
    document_ = discovery_document({.version = kVersion,
                                    .default_env = env_,
                                    .receiver_socket = options_.socket,
                                    .receiver_port = options_.port,
                                    .statsd_port = options_.statsd_port,
                                    .request_bytes_max = options_.payload_bytes_max,
                                    .client_drop_p0s = trades_.computes_statistics()});
    state_ = discovery_state(document_);
  }
  void ask_for_receiver(sls::Interests& want, const std::string& address) const {
    for (const Route& route : kRoutes)
      want.add_route({address, std::string(route.methods), std::string(route.path),
                      route.ask == Route::Ask::kStats
                          ? std::min<std::uint64_t>(kClientStatsBodyBytesMax, options_.payload_bytes_max)
                          : options_.payload_bytes_max});
    for (const ProxiedRoute& route : kProxiedRoutes)
      want.add_route({address, std::string(kProxiedMethods), std::string(route.path),
                      body_bytes_max(route, options_.payload_bytes_max)});
  }
  void choose_destinations(sls::Host host, const sls::Sandbox& sandbox) {
    if (!usable_url(options_.intake_url)) {
      host.warn("option apm_dd_url (", sandbox.origin("apm_dd_url"),
                "): wanted http(s)://HOST[:PORT]; the site's intake is used");
      options_.intake_url = "https://trace.agent.{site}";
    }
    destinations_.push_back({options_.intake_url, {}});
    std::vector<std::string> findings;
    for (sls::KeyedUrl& each : sls::read_keyed_urls(options_.additional_endpoints.text, usable_url, findings))
      destinations_.push_back(std::move(each));
    for (const std::string& finding : findings)
      host.error("option additional_endpoints (", sandbox.origin("additional_endpoints"), "): ", finding);
  }

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
    executions_.emplace(invocation::settings_of(options, sandbox, findings),
                        [host](std::string_view request_id, std::string_view key, std::string_view value) {
                          host.note({request_id, key, value});
                        });
    for (const std::string& finding : findings) host.warn(finding);
    for (const std::string& finding : invocation::what_breaks(options, sandbox)) host.error(finding);
  }
  bool take_own_spans() {
    Tracer tracer;
    if (!executions_->next(chunk_, tracer)) return false;
    pipeline_.take(chunk_, tracer, now_ns_);
    return true;
  }

  sls::Response tell_context(const sls::Request& request) {
    if (request.header("Sec-Fetch-Site") == "cross-site") return {.status = 403};
    return {.status = 200, .headers = executions_->context_of(request.header("lambda-runtime-aws-request-id"))};
  }

  sls::Response take_traces(const Route& route, const sls::Request& request) {
    const Format format = format_of(route, request.header("Content-Type"), request.body());
    if (format == Format::kCount) return refuse(415, "this version takes application/json only\n");
    if (const std::string_view why = refusal(format, request.body()); !why.empty()) return refuse(400, why);
    note_kept_back(request);
    const bool taken = pipeline_.take({std::string(request.body()), format, tracer_of(request), request.now_ns()});
    count_losses();
    // A tracer that asks for it is told; the others would take anything but 200 for an agent that is broken.
    if (!taken && is_true(request.header("Datadog-Send-Real-Http-Status"))) return answer(429, route.answer, request);
    return answer(200, route.answer, request);
  }
  sls::Response take_statistics(const Route& route, const sls::Request& request) {
    if (!is_client_stats(request.body())) return refuse(400, "statistics: wanted a MessagePack map\n");
    const bool taken = clients_.take(request.body(), tracer_of(request));
    count_losses();
    if (!taken && is_true(request.header("Datadog-Send-Real-Http-Status"))) return answer(429, route.answer, request);
    return answer(200, route.answer, request);
  }
  sls::Response take_proxied(const ProxiedRoute& route, const sls::Request& request) {
    std::string_view words;
    const Proxied::Took took = proxied_->take(route, request, words);
    if (took == Proxied::Took::kRefused) return refuse(502, words);
    if (took == Proxied::Took::kNoRoom) dropped_[static_cast<std::size_t>(Reason::kFull)].add();
    const bool tell = took == Proxied::Took::kNoRoom && is_true(request.header("Datadog-Send-Real-Http-Status"));
    answer_headers_.push_back(sls::pair("Content-Type", "text/plain; charset=utf-8"));
    return {.status = tell ? 429u : 200u, .headers = sls::Pairs(answer_headers_), .body = words};
  }
  sls::Response refuse(std::uint32_t status, std::string_view why) {
    refused_.add();
    answer_headers_.push_back(sls::pair("Content-Type", "text/plain; charset=utf-8"));
    return {.status = status, .headers = sls::Pairs(answer_headers_), .body = why};
  }
  sls::Response answer(std::uint32_t status, Route::Answer with, const sls::Request& request) {
    std::string_view body = "OK\n";
    if (with == Route::Answer::kDocument) body = document_;
    if (with == Route::Answer::kRates) {
      const std::string_view known = request.header("Datadog-Rates-Payload-Version");
      body = known == kRatesVersion ? "{}" : kRates;
      if (!known.empty()) answer_headers_.push_back(sls::pair("Datadog-Rates-Payload-Version", kRatesVersion));
    }
    answer_headers_.push_back(
        sls::pair("Content-Type", with == Route::Answer::kOk ? "text/plain; charset=utf-8" : "application/json"));
    return {.status = status, .headers = sls::Pairs(answer_headers_), .body = body};
  }

  static Tracer tracer_of(const sls::Request& request) {
    Arena arena;
    const auto header = [&](std::string_view name) { return std::string(mended(request.header(name), arena)); };
    Tracer out;
    out.container_id = header("Datadog-Container-ID");
    out.language = header("Datadog-Meta-Lang");
    out.language_version = header("Datadog-Meta-Lang-Version");
    out.version = header("Datadog-Meta-Tracer-Version");
    out.computed_top_level = is_true(request.header("Datadog-Client-Computed-Top-Level"));
    out.computed_stats = is_true(request.header("Datadog-Client-Computed-Stats"));
    return out;
  }
  void see(Chunk& chunk, const Tracer& tracer) override { executions_->see(chunk, tracer); }

  // What tracers dropped themselves is told to the intake, which scales by it.
  void note_kept_back(const sls::Request& request) {
    p0_traces_ += count_in(request.header("Datadog-Client-Dropped-P0-Traces"));
    p0_spans_ += count_in(request.header("Datadog-Client-Dropped-P0-Spans"));
  }
  std::span<const sls_pair> payload_headers() {
    languages_.clear();
    for (const Part& part : handed_out_) {
      if (part.language.empty() || ("|" + languages_ + "|").find("|" + part.language + "|") != std::string::npos)
        continue;
      languages_.append(languages_.empty() ? "" : "|").append(part.language);
    }
    p0_texts_ = {std::to_string(std::exchange(p0_traces_, 0)), std::to_string(std::exchange(p0_spans_, 0))};
    payload_headers_.clear();
    if (!languages_.empty()) payload_headers_.push_back(sls::pair("X-Datadog-Reported-Languages", languages_));
    if (p0_texts_[0] != "0") payload_headers_.push_back(sls::pair("Datadog-Client-Dropped-P0-Traces", p0_texts_[0]));
    if (p0_texts_[1] != "0") payload_headers_.push_back(sls::pair("Datadog-Client-Dropped-P0-Spans", p0_texts_[1]));
    return payload_headers_;
  }
  // After the last spans, so that all of a shutdown are counted.
  bool next_statistics(const sls::Flush& flush, sls::Payload& payload) {
    if (statistics_.empty()) {
      Statistics& counted = trades_.statistics();
      const auto buckets = counted.take(flush.now_ns(), flush.reason() == sls::FlushReason::shutdown);
      statistics_ = encode_statistics(buckets, counted.origins(), {env_, kVersion});
    }
    if (statistics_.empty()) {
      statistics_out_ = clients_.next({env_, kVersion});
    } else {
      statistics_out_ = std::move(statistics_.back());
      statistics_.pop_back();
    }
    if (statistics_out_.empty()) return false;
    parts_.assign(1, sls::part(statistics_out_, 0));
    payload.intake(intake_).path("/api/v0.2/stats").content_type("application/msgpack");
    payload.compress(sls::Compress::gzip).parts(parts_);
    return true;
  }
  // Counted and held back, and encoded for the flush at hand.
  std::uint64_t statistics_bytes() const {
    std::uint64_t out = trades_.statistics().bytes();
    for (const std::string& body : statistics_) out += body.size();
    return out;
  }
  void count_losses() {
    Losses losses = pipeline_.take_losses();
    losses.add(Reason::kMalformed, clients_.take_malformed());
    losses.add(Reason::kFull, clients_.take_full());
    for (std::size_t i = 0; i < kReasons; ++i) dropped_[i].add(losses[static_cast<Reason>(i)]);
  }

  std::array<sls::Counter, kReasons> dropped_;
  sls::Counter refused_, rejected_;
  Options options_{};
  std::optional<invocation::Executions> executions_;
  Chunk chunk_;  // of spans that are made here
  std::int64_t now_ns_ = 0;
  std::vector<sls::KeyedUrl> destinations_;  // the first is the intake
  std::string document_, state_;             // of /info
  Trades trades_;
  Pipeline pipeline_{trades_, this};
  StatsClients clients_{trades_};
  std::optional<Proxied> proxied_;
  std::uint32_t intake_ = 0, proxied_intake_ = 0, context_route_ = 0;
  std::uint64_t p0_traces_ = 0, p0_spans_ = 0;  // kept back by tracers since the last payload
  // Handed out to the host.
  std::vector<sls_pair> answer_headers_, payload_headers_;
  std::vector<Part> handed_out_;
  std::vector<sls_part> parts_;
  std::string languages_;
  std::array<std::string, 2> p0_texts_;
  std::string env_, statistics_out_;
  std::vector<std::string> statistics_;  // bodies that wait within a flush
};

}  // namespace
}  // namespace traces

SLS_PLUGIN_WITH(traces::Traces,
                {.id = "traces",
                 .version = traces::kVersion,
                 .about = "Takes traces from tracers and ships them.",
                 .options = sls::option_table<traces::Options, traces::ObfuscationSettings, traces::FilterOptions,
                                              traces::InternalSpanOptions, traces::EnrichmentOptions,
                                              traces::ReplaceOptions, traces::StatisticsOptions,
                                              traces::invocation::InvocationOptions, traces::ProxiedOptions>()});
