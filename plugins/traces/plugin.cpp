// The door of the traces plugin: maps the contract's calls to pipeline.
#include "sls/plugin.hpp"

#include "options.hpp"
#include "pipeline.hpp"

namespace traces {
namespace {

constexpr std::uint64_t kBodyBytesMax = kBodyBytesWaitingMax;  // a larger body is answered 413 by the host
constexpr std::string_view kAccepted = R"({"rate_by_service":{}})";
// client_drop_p0s false: tracers send every trace, since nobody here computes statistics for them.
constexpr std::string_view kInfo = R"({"endpoints":["/v0.4/traces","/info"],"client_drop_p0s":false})";
constexpr sls_pair kJson[] = {sls::pair("Content-Type", "application/json")};

class Traces {
 public:
  Traces(sls::Host host, const sls::Sandbox& sandbox)
      : dropped_malformed_(host.counter("dropped.malformed")),
        dropped_full_(host.counter("dropped.full")),
        without_events_(host.counter("spans_without_their_events")),
        refused_(host.counter("bodies_refused")),
        rejected_(host.counter("rejected_by_intake")) {
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    options_ = std::move(options);
    if (usable_url(options_.intake_url)) return;
    host.warn("option apm_dd_url (", sandbox.origin("apm_dd_url"),
              "): wanted http(s)://HOST[:PORT]; the site's intake is used");
    options_.intake_url = "https://trace.agent.{site}";
  }

  void interests(sls::Interests& want) {
    intake_ = want.add_intake("traces", {{options_.intake_url, ""}});
    if (options_.port == 0) return;
    const std::string address = receiver_address(options_);
    traces_route_ = want.add_route({address, "POST|PUT", "/v0.4/traces", kBodyBytesMax});
    want.add_route({address, "GET", "/info"});
  }

  // Answers at once; what the body holds is read by `work`.
  sls::Response on_request(const sls::Request& request) {
    if (request.route() != traces_route_) return {.headers = kJson, .body = kInfo};
    const bool taken = pipeline_.take(request.body(), tracer_of(request));
    count_losses();
    if (taken) return {.headers = kJson, .body = kAccepted};
    refused_.add();
    return {.status = 400, .body = "the body is no MessagePack array of traces\n"};
  }
  bool work() {
    const bool more = pipeline_.work();
    count_losses();
    return more;
  }

  bool next_payload(const sls::Flush&, sls::Payload& payload) {
    handed_out_ = pipeline_.next();
    if (handed_out_.empty()) return false;
    parts_.clear();
    for (const Part& part : handed_out_) parts_.push_back(sls::part(part.bytes, part.spans));
    payload.intake(intake_).path("/api/v0.2/traces").content_type("application/x-protobuf");
    payload.compress(sls::Compress::zstd).parts(parts_);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::rejected) rejected_.add(delivery.items());
  }
  sls::State state() const { return {pipeline_.received(), pipeline_.pending_items(), pipeline_.pending_bytes()}; }

 private:
  static Tracer tracer_of(const sls::Request& request) {
    const auto header = [&](std::string_view name) { return std::string(request.header(name)); };
    return {header("Datadog-Container-ID"), header("Datadog-Meta-Lang"), header("Datadog-Meta-Lang-Version"),
            header("Datadog-Meta-Tracer-Version")};
  }
  void count_losses() {
    const Losses losses = pipeline_.take_losses();
    dropped_malformed_.add(losses.malformed);
    dropped_full_.add(losses.full);
    without_events_.add(losses.without_events);
  }

  sls::Counter dropped_malformed_, dropped_full_, without_events_, refused_, rejected_;
  Options options_{};
  Pipeline pipeline_;
  std::uint32_t intake_ = 0, traces_route_ = 0;
  std::vector<Part> handed_out_;
  std::vector<sls_part> parts_;
};

}  // namespace
}  // namespace traces

SLS_PLUGIN_WITH(traces::Traces, {.id = "traces",
                                 .version = "0.1.0",
                                 .about = "Takes traces from tracers and ships them.",
                                 .options = sls::option_table<traces::Options>()});
