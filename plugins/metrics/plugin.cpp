// The door of the metrics plugin: maps the contract's calls to pipeline.
#include "sls/plugin.hpp"

#include <algorithm>
#include <utility>

#include "between/enhanced_feed.hpp"
#include "between/mapper_setting.hpp"
#include "options.hpp"
#include "out/events.hpp"
#include "out/intake.hpp"
#include "pipeline.hpp"
#include "sls/codec/endpoints.hpp"

namespace metrics {
namespace {

constexpr std::uint64_t kSeriesCompressedBytesMax = 512'000;  // the intakes' limits
constexpr std::uint64_t kSketchesCompressedBytesMax = 2'621'440;
constexpr std::uint32_t kPacketBytesMax = 65'535;  // no datagram over IP is larger, so none is cut off
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

// Why samples are lost, and what the operator is told once about it; empty: nothing, since it was asked for.
struct LossReason {
  std::uint64_t Losses::*lost;
  std::string_view counter;
  bool ours;  // a bound of ours was reached: an error; else what came was at fault
  std::string_view sentence;
};
constexpr LossReason kLossReasons[] = {
    {&Losses::invalid_line, "dropped.invalid_line", false, "a line came that is no DogStatsD"},
    {&Losses::invalid_metric, "dropped.invalid_metric", false, "a metric came whose name or tags no intake would take"},
    {&Losses::not_finite, "dropped.not_finite", false, "a value came that is no finite number"},
    {&Losses::filtered, "dropped.filtered", false, ""},
    {&Losses::contexts_full, "dropped.contexts_full", true,
     "no further combination of name and tags can wait for the next flush; those that are known go on"},
    {&Losses::bytes_full, "dropped.bytes_full", true,
     "metrics that wait for the next flush take all the memory that they may; known counts and gauges go on"},
    {&Losses::events_full, "dropped.events_full", true,
     "more events or service checks wait for the next flush than may"},
    {&Losses::counted_already, "dropped.counted_already", false, ""},
};
constexpr std::size_t kLossReasonCount = std::size(kLossReasons);

std::vector<std::string> joined(sls::Pairs pairs) {
  std::vector<std::string> out;
  for (const sls::Pair pair : pairs) {
    std::string& tag = out.emplace_back(pair.key);
    if (!pair.value.empty()) tag.append(1, ':').append(pair.value);
  }
  return out;
}

MetricType type_of(sls::SampleType type) {
  if (type == sls::SampleType::count) return MetricType::kCount;
  return type == sls::SampleType::gauge ? MetricType::kGauge : MetricType::kDistribution;
}

// Elements may hold several words, apart by blanks, as variables have them.
std::vector<std::string> words(const std::vector<std::string>& elements) {
  std::vector<std::string> out;
  for (std::string_view rest : elements) {
    while (!rest.empty()) {
      const std::size_t blank = std::min(rest.find(' '), rest.size());
      if (blank != 0) out.emplace_back(rest.substr(0, blank));
      rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
  }
  return out;
}

Namespace namespace_of(sls::Host host, const sls::Sandbox& sandbox, const Options& options) {
  std::string_view text = options.name_space;
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty()) return {};
  if (Namespace::usable(text)) return {text, options.namespace_exempt};
  host.error("option statsd_metric_namespace (", sandbox.origin("statsd_metric_namespace"), "): found '",
             text.substr(0, 80), "', wanted a letter and then letters, digits, '_' and '.'; metrics keep their names");
  return {};
}

Mapper mapper_of(sls::Host host, const Options& options) {
  std::vector<std::string> findings;
  const auto open_engine = [](std::string& error) { return sls::open_regex_engine(error); };
  std::vector<MapperProfile> profiles = read_mapper_profiles(options.mapper_profiles.text, open_engine, findings);
  for (const std::string& finding : findings) host.error(finding);
  return {std::move(profiles), options.mapper_cached};
}

PipelineSettings settings_of(sls::Host host, const sls::Sandbox& sandbox, const Options& options) {
  PipelineSettings out;
  std::vector<std::string> findings;
  out.enricher.use(mapper_of(host, options));
  out.enricher.use(namespace_of(host, sandbox, options));
  out.enricher.use(NameFilter(options.blocked_names, options.blocked_prefixes));
  out.enricher.add_tags(words(options.tags));
  out.enricher.set_copy_prefix(options.histogram_copy_prefix);
  out.histograms = read_histograms(words(options.histogram_aggregates), words(options.histogram_percentiles), findings);
  out.copy_histograms = options.histogram_copy;
  if (options.series_json) out.form = SeriesForm::kJsonV2;
  if (!options.series_v2) out.form = SeriesForm::kJsonV1;
  for (const std::string& finding : findings) host.warn(finding);
  return out;
}

template <class Table>
Table read_table(sls::Host host, const sls::Sandbox& sandbox) {
  auto [options, findings] = sls::read_options<Table>(sandbox);
  for (const std::string& finding : findings) host.warn(finding);
  return std::move(options);
}

Options options_of(sls::Host host, const sls::Sandbox& sandbox) {
  auto options = read_table<Options>(host, sandbox);
  if (!usable_url(options.intake_url)) {
    host.warn("option dd_url (", sandbox.origin("dd_url"),
              "): wanted http(s)://HOST[:PORT]; the site's intake is used");
    options.intake_url = "https://api.{site}";
  }
  return options;
}

class Metrics {
 public:
  Metrics(sls::Host host, const sls::Sandbox& sandbox)
      : host_(host),
        rejected_(host.counter("rejected_by_intake")),
        options_(options_of(host, sandbox)),
        pipeline_(settings_of(host, sandbox, options_)),
        enhanced_(read_table<EnhancedOptions>(host, sandbox), sandbox) {
    for (const LossReason& reason : kLossReasons) loss_counters_.push_back(host.counter(reason.counter));
    pipeline_.leave_out([this](std::string_view name) { return enhanced_.take_copy(name, now_ns_); });
    on_sandbox(sandbox);
  }

  void interests(sls::Interests& want) {
    std::vector<sls::Endpoint> endpoints{{options_.intake_url, ""}};
    std::vector<std::string> findings;
    for (sls::KeyedUrl& each : sls::read_keyed_urls(options_.additional_endpoints.text, usable_url, findings))
      endpoints.push_back({std::move(each.url), std::move(each.api_key)});
    for (const std::string& finding : findings) host_.error("option additional_endpoints: ", finding);
    intake_ = want.add_intake("metrics", std::move(endpoints));
    enhanced_.ask(want);
    sls::Socket socket{.receive_buffer_bytes = options_.receive_buffer_bytes, .packet_bytes_max = kPacketBytesMax};
    if (options_.port != 0) {
      socket.address = udp_address(options_);
      want.add_socket(socket);
    }
    if (!options_.socket.empty()) {
      socket.address = "unixgram://" + options_.socket;
      want.add_socket(socket);
    }
    if (!options_.stream_socket.empty()) {
      socket.address = "unix://" + options_.stream_socket;
      socket.framing = sls::Framing::le32;
      want.add_socket(socket);
    }
  }
  void on_sandbox(const sls::Sandbox& sandbox) {
    BaseTags base(joined(sandbox.tags()), options_.excluded_base_tags);
    if (base.left_out() != 0 && !std::exchange(said_left_out_, true))
      host_.warn("the sandbox has more than ", kBaseTagsMax, " tags; metrics are shipped without the last ",
                 base.left_out());
    pipeline_.set_base_tags(std::move(base));
  }

  void on_packets(const sls::Packets& packets) {
    tell_time(packets.now_ns());
    for (const sls_str& packet : packets) pipeline_.add_packet({packet.data, packet.len});
    add_enhanced();
  }

  void on_sample(const sls::Sample& sample) {
    // A comma ends a tag, so inside of one it cannot stand.
    tags_.clear();
    for (std::string& tag : joined(sample.tags)) {
      std::replace(tag.begin(), tag.end(), ',', '_');
      tags_.append(tags_.empty() ? "" : ",").append(tag);
    }
    const double values[] = {sample.value};
    MetricLine line;
    line.name = sample.name;
    line.type = type_of(sample.type);
    line.values = values;
    line.tags = tags_;
    line.time_s = sample.time_ns / kNanosecondsPerSecond;
    pipeline_.add_sample(line);
    count_losses();
  }
  void on_invocation(sls::Invocation step) {
    tell_time(step.now_ns());
    enhanced_.take(step);
    if (const std::string runtime = enhanced_.take_runtime(); !runtime.empty())
      host_.note({step.request_id(), "runtime", runtime});
    add_enhanced();
  }
  void on_telemetry(sls::Telemetry batch) {
    tell_time(batch.now_ns());
    enhanced_.take(batch);
    add_enhanced();
  }
  void on_tick(std::int64_t now_ns) { enhanced_.tick(now_ns); }

  bool next_payload(const sls::Flush& flush, sls::Payload& payload) {
    tell_time(flush.now_ns());
    enhanced_.flush_begins();
    add_enhanced();
    const Batch& batch = pipeline_.next(flush.deadline_ns());
    count_losses();
    if (batch.kind == PayloadKind::kNone) return false;
    parts_.clear();
    std::size_t begin = 0;
    for (const Batch::Part& part : batch.parts) {
      parts_.push_back(sls::part(std::string_view(batch.bytes).substr(begin, part.end - begin), part.samples));
      begin = part.end;
    }
    payload.intake(intake_).compress(sls::Compress::zstd, options_.compression_level).parts(parts_);
    describe(batch, payload);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::rejected) rejected_.add(delivery.items());
  }
  sls::State state() const { return {pipeline_.received(), pipeline_.pending_samples(), pipeline_.pending_bytes()}; }

 private:
  void describe(const Batch& batch, sls::Payload& payload) const {
    switch (batch.kind) {
      case PayloadKind::kSeries: describe_series(payload); break;
      case PayloadKind::kSketches:
        payload.path("/api/beta/sketches").content_type("application/x-protobuf");
        payload.compressed_bytes_max(kSketchesCompressedBytesMax);
        break;
      case PayloadKind::kEvents:
        payload.path("/intake/").content_type("application/json");
        payload.prefix(batch.prefix).separator(",").suffix(kEventsSuffix);
        break;
      case PayloadKind::kChecks:
        payload.path("/api/v1/check_run").content_type("application/json").prefix("[").separator(",").suffix("]");
        break;
      case PayloadKind::kNone: break;
    }
  }
  void describe_series(sls::Payload& payload) const {
    payload.compressed_bytes_max(kSeriesCompressedBytesMax);
    if (options_.series_v2 && !options_.series_json) {
      payload.path("/api/v2/series").content_type("application/x-protobuf");
      return;
    }
    payload.path(options_.series_v2 ? "/api/v2/series" : "/api/v1/series").content_type("application/json");
    payload.prefix(kSeriesJsonPrefix).separator(",").suffix(kSeriesJsonSuffix);
  }
  void tell_time(std::int64_t now_ns) {
    now_ns_ = now_ns;
    pipeline_.tell_time(now_ns / kNanosecondsPerSecond);
  }
  void add_enhanced() {
    for (const EnhancedSample& sample : enhanced_.samples()) {
      const double values[] = {sample.value};
      MetricLine line;
      line.name = sample.name;
      line.type = MetricType::kDistribution;
      line.values = values;
      line.tags = sample.tags;
      line.time_s = sample.time_ns / kNanosecondsPerSecond;
      pipeline_.add_sample(line);
    }
    count_losses();
  }
  void count_losses() {
    const Losses lost = pipeline_.take_losses();
    for (std::size_t i = 0; i < kLossReasonCount; ++i) {
      const LossReason& reason = kLossReasons[i];
      const std::uint64_t samples = lost.*reason.lost;
      if (samples == 0) continue;
      loss_counters_[i].add(samples);
      if (!reason.sentence.empty() && !std::exchange(loss_told_[i], true)) tell(reason);
    }
  }
  void tell(const LossReason& reason) {
    constexpr std::string_view kCounted = "; what was dropped is counted as ";
    if (reason.ours)
      host_.error(reason.sentence, kCounted, reason.counter);
    else
      host_.warn(reason.sentence, kCounted, reason.counter);
  }

  sls::Host host_;
  sls::Counter rejected_;
  std::vector<sls::Counter> loss_counters_;  // in the order of kLossReasons
  bool loss_told_[kLossReasonCount] = {};
  Options options_;
  Pipeline pipeline_;
  EnhancedFeed enhanced_;
  std::int64_t now_ns_ = 0;  // the host's time at the last call that told it
  std::uint32_t intake_ = 0;
  bool said_left_out_ = false;
  std::string tags_;
  std::vector<sls_part> parts_;
};

}  // namespace
}  // namespace metrics

SLS_PLUGIN_WITH(metrics::Metrics,
                {.id = "metrics",
                 .version = "0.1.0",
                 .about = "Takes DogStatsD packets and samples, ships series, sketches, events and service checks.",
                 .options = sls::option_table<metrics::Options, metrics::EnhancedOptions>()});
