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

const sls::RegexEngine* open_engine(std::string& error) { return sls::open_regex_engine(error); }

ProcessingRules read_rules(const sls::Sandbox& sandbox, const Options& options, Findings& findings) {
  return read_processing_rules({options.processing_rules.text, sandbox.origin("processing_rules"),
                                sandbox.unreadable("processing_rules"), options.on_unusable_mask},
                               open_engine, findings);
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

  void on_note(const sls::Note& note) { pipeline_.on_note(note.request_id, note.key, note.value); }

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
      : host_(host),
        options_(read_options(sandbox, findings)),
        intake_(make_intake(options_, findings)),
        pipeline_(options_, read_rules(sandbox, options_, findings), sandbox.raw(),
                  LogSampling(options_.log_sampling.text, sandbox.origin("log_sampling"), open_engine, findings)),
        delivered_(host.counter("delivered")),
        counts_{Posted(host, "dropped.edited_out"),
                Posted(host, "dropped.rule_excluded"),
                Posted(host, "dropped.unusable_mask"),
                Posted(host, "dropped.buffer_full"),
                Posted(host, "dropped.sampled_out"),
                Posted(host, "dropped.debug_of_success"),
                Posted(host, "dropped.debug_full"),
                Posted(host, "masked"),
                Posted(host, "withheld"),
                Posted(host, "truncated"),
                Posted(host, "unattributed")} {
    say(findings);
    const std::vector<ProcessingRules::Rule>& rules = pipeline_.rules().rules();
    rules_posted_.assign(rules.size(), 0);
    if (rules.size() > kRulesShownMax) return;
    for (const ProcessingRules::Rule& rule : rules) host_.counter(counter_name(rule));
  }

  static std::string counter_name(const ProcessingRules::Rule& rule) { return "rules." + rule.name + ".matched"; }

  void say(const Findings& findings) {
    for (const Finding& finding : findings.all()) {
      if (finding.level == Finding::Level::kError) {
        host_.error(finding.text);
      } else {
        host_.warn(finding.text);
      }
    }
  }

  void post_counts() {
    const Counts& now = pipeline_.counts();
    const std::array values = {now.dropped_edited_out,
                               now.dropped_rule_excluded,
                               now.dropped_unusable_mask,
                               now.dropped_buffer_full,
                               now.dropped_sampled_out,
                               now.dropped_debug_of_success,
                               now.dropped_debug_full,
                               now.masked,
                               now.withheld,
                               now.truncated,
                               now.unattributed};
    for (std::size_t i = 0; i < values.size(); ++i) counts_[i].up_to(values[i]);
    const std::vector<ProcessingRules::Rule>& rules = pipeline_.rules().rules();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].matched == rules_posted_[i]) continue;
      host_.counter(counter_name(rules[i])).add(rules[i].matched - rules_posted_[i]);
      rules_posted_[i] = rules[i].matched;
    }
  }

  static constexpr std::size_t kRulesShownMax = 64;  // with a counter before they have matched anything

  sls::Host host_;
  Options options_;
  Intake intake_;
  Pipeline pipeline_;
  std::uint32_t intake_index_ = 0;
  sls::Counter delivered_;
  std::array<Posted, 11> counts_;
  std::vector<std::uint64_t> rules_posted_;
};

}  // namespace logs

SLS_PLUGIN_WITH(logs::Logs, {.id = "logs",
                             .version = SLS_PROJECT_VERSION,
                             .about = "Ships the lines of the function, of extensions and of the platform.",
                             .options = sls::option_table<logs::Options>()});
