// The door of the logs plugin: maps the host's calls to the pipeline, and what it counts to the host's counters.
#include <sls/plugin.hpp>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "between/rules_setting.hpp"
#include "options.hpp"
#include "out/intake.hpp"
#include "pipeline.hpp"

namespace logs {

namespace {

constexpr std::string_view kVersion = SLS_PROJECT_VERSION;

Options read_options(const sls::Sandbox& sandbox, Findings& findings) {
  auto read = sls::read_options<Options>(sandbox);
  for (std::string& sentence : read.findings) findings.warn(std::move(sentence));
  return std::move(read.options);
}

ProcessingRules read_rules(const sls::Sandbox& sandbox, const Options& options, Findings& findings) {
  return read_processing_rules(
      {options.processing_rules.text, sandbox.origin("processing_rules"), sandbox.unreadable("processing_rules"),
       options.on_unusable_mask},
      [](std::string& error) { return sls::open_regex_engine(error); }, findings);
}

// A number that only grows, posted to the host as it grows.
class Posted {
 public:
  Posted(sls::Host host, std::string_view name) : counter_(host.counter(name)) {}
  void up_to(std::uint64_t value) {
    counter_.add(value - posted_);
    posted_ = value;
  }

 private:
  sls::Counter counter_;
  std::uint64_t posted_ = 0;
};

}  // namespace

class Logs {
 public:
  Logs(sls::Host host, const sls::Sandbox& sandbox) : Logs(host, sandbox, Findings{}) {}

  void interests(sls::Interests& out) {
    out.records(sls::RecordKind::function, sls::RecordKind::extension);
    out.records(sls::RecordKind::init_start, sls::RecordKind::start, sls::RecordKind::runtime_done,
                sls::RecordKind::report);
    std::vector<sls::Endpoint> endpoints;
    for (const Intake::Endpoint& each : intake_.endpoints) endpoints.push_back({each.url, each.api_key});
    intake_index_ = out.add_intake("logs", std::move(endpoints));
  }

  void on_sandbox(const sls::Sandbox& sandbox) { pipeline_.on_sandbox(sandbox.raw()); }

  void on_telemetry(sls::Telemetry batch) {
    pipeline_.on_telemetry(batch.raw());
    post_counts();
  }

  bool next_payload(const sls::Flush& flush, sls::Payload& payload) {
    const std::span<const sls_part> parts = pipeline_.next_batch(flush.reason() == sls::FlushReason::shutdown);
    post_counts();
    if (parts.empty()) return false;
    payload.intake(intake_index_)
        .path(intake_.path)
        .content_type("application/json")
        .headers(intake_.agent_protocol ? std::span<const sls_pair>(kAgentHeaders) : std::span<const sls_pair>())
        .compress(intake_.compress ? sls::Compress::zstd : sls::Compress::none, intake_.level)
        .prefix("[")
        .separator(",")
        .suffix("]")
        .parts(parts);
    return true;
  }

  // What the primary intake refused stays the host's loss; here it is only counted by what came back.
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::delivered) delivered_.add(delivery.items());
  }

  sls::State state() { return {pipeline_.counts().received, pipeline_.pending(), pipeline_.pending_bytes()}; }

 private:
  static constexpr std::array kAgentHeaders = {sls::pair("DD-PROTOCOL", "agent-json"),
                                               sls::pair("DD-EVP-ORIGIN", "serverless-agent"),
                                               sls::pair("DD-EVP-ORIGIN-VERSION", kVersion)};

  Logs(sls::Host host, const sls::Sandbox& sandbox, Findings findings)
      : options_(read_options(sandbox, findings)),
        intake_(make_intake(options_, findings)),
        pipeline_(options_, read_rules(sandbox, options_, findings), sandbox.raw()),
        delivered_(host.counter("delivered")),
        counts_{Posted(host, "dropped.edited_out"),
                Posted(host, "dropped.rule_excluded"),
                Posted(host, "dropped.unusable_mask"),
                Posted(host, "dropped.buffer_full"),
                Posted(host, "masked"),
                Posted(host, "withheld"),
                Posted(host, "truncated"),
                Posted(host, "unattributed")} {
    for (const ProcessingRules::Rule& rule : pipeline_.rules().rules()) {
      rule_counts_.emplace_back(host, "rules." + rule.name + ".matched");
    }
    for (const Finding& finding : findings.all()) {
      if (finding.level == Finding::Level::kError) {
        host.error(finding.text);
      } else {
        host.warn(finding.text);
      }
    }
  }

  void post_counts() {
    const Counts& now = pipeline_.counts();
    const std::array values = {now.dropped_edited_out,
                               now.dropped_rule_excluded,
                               now.dropped_unusable_mask,
                               now.dropped_buffer_full,
                               now.masked,
                               now.withheld,
                               now.truncated,
                               now.unattributed};
    for (std::size_t i = 0; i < values.size(); ++i) counts_[i].up_to(values[i]);
    const std::vector<ProcessingRules::Rule>& rules = pipeline_.rules().rules();
    for (std::size_t i = 0; i < rules.size(); ++i) rule_counts_[i].up_to(rules[i].matched);
  }

  Options options_;
  Intake intake_;
  Pipeline pipeline_;
  std::uint32_t intake_index_ = 0;
  sls::Counter delivered_;
  std::array<Posted, 8> counts_;
  std::vector<Posted> rule_counts_;
};

}  // namespace logs

SLS_PLUGIN_WITH(logs::Logs, {.id = "logs",
                             .version = SLS_PROJECT_VERSION,
                             .about = "Ships the lines of the function, of extensions and of the platform.",
                             .options = sls::option_table<logs::Options>()});
