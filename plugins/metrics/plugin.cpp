// The door of the metrics plugin: maps the contract's calls to pipeline.
#include "sls/plugin.hpp"

#include <algorithm>

#include "options.hpp"
#include "out/events.hpp"
#include "pipeline.hpp"

namespace metrics {
namespace {

constexpr std::uint64_t kSeriesCompressedBytesMax = 512'000;  // the intakes' limits
constexpr std::uint64_t kSketchesCompressedBytesMax = 2'621'440;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

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

class Metrics {
 public:
  Metrics(sls::Host host, const sls::Sandbox& sandbox)
      : invalid_line_(host.counter("dropped.invalid_line")),
        invalid_metric_(host.counter("dropped.invalid_metric")),
        not_finite_(host.counter("dropped.not_finite")),
        contexts_full_(host.counter("dropped.contexts_full")),
        bytes_full_(host.counter("dropped.bytes_full")),
        events_full_(host.counter("dropped.events_full")),
        rejected_(host.counter("rejected_by_intake")) {
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    options_ = std::move(options);
    if (!usable_url(options_.intake_url)) {
      host.warn("option dd_url (", sandbox.origin("dd_url"),
                "): wanted http(s)://HOST[:PORT]; the site's intake is used");
      options_.intake_url = "https://api.{site}";
    }
    on_sandbox(sandbox);
  }

  void interests(sls::Interests& want) {
    intake_ = want.add_intake("metrics", {{options_.intake_url, ""}});
    if (options_.port != 0)
      want.add_socket({.address = socket_address(options_),
                       .receive_buffer_bytes = options_.receive_buffer_bytes,
                       .packet_bytes_max = options_.packet_bytes_max});
  }
  void on_sandbox(const sls::Sandbox& sandbox) { pipeline_.set_base_tags(joined(sandbox.tags())); }

  void on_packets(const sls::Packets& packets) {
    const std::int64_t now_s = packets.now_ns() / kNanosecondsPerSecond;
    for (const sls_str& packet : packets) pipeline_.add_packet({packet.data, packet.len}, now_s);
    last_s_ = now_s;
    count_losses();
  }

  void on_sample(const sls::Sample& sample) {
    // A comma ends a tag, so inside of one it cannot stand.
    tags_.clear();
    for (std::string& tag : joined(sample.tags)) {
      std::replace(tag.begin(), tag.end(), ',', '_');
      tags_.append(tags_.empty() ? "" : ",").append(tag);
    }
    const std::int64_t time_s = sample.time_ns / kNanosecondsPerSecond;
    const double values[] = {sample.value};
    MetricLine line;
    line.name = sample.name;
    line.type = type_of(sample.type);
    line.values = values;
    line.tags = tags_;
    pipeline_.add_sample(line, time_s != 0 ? time_s : last_s_);
    count_losses();
  }
  void on_invocation(sls::Invocation step) { last_s_ = step.now_ns() / kNanosecondsPerSecond; }

  bool next_payload(const sls::Flush& flush, sls::Payload& payload) {
    last_s_ = flush.now_ns() / kNanosecondsPerSecond;
    batch_ = pipeline_.next();
    if (batch_.kind == PayloadKind::kNone) return false;
    parts_.clear();
    for (const EncodedPart& part : batch_.parts) parts_.push_back(sls::part(part.bytes, part.samples));
    payload.intake(intake_).compress(sls::Compress::zstd).parts(parts_);
    describe(payload);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::rejected) rejected_.add(delivery.items());
  }
  sls::State state() const { return {pipeline_.received(), pipeline_.pending_samples(), pipeline_.pending_bytes()}; }

 private:
  void describe(sls::Payload& payload) const {
    switch (batch_.kind) {
      case PayloadKind::kSeries:
        payload.path("/api/v2/series").content_type("application/x-protobuf");
        payload.compressed_bytes_max(kSeriesCompressedBytesMax);
        break;
      case PayloadKind::kSketches:
        payload.path("/api/beta/sketches").content_type("application/x-protobuf");
        payload.compressed_bytes_max(kSketchesCompressedBytesMax);
        break;
      case PayloadKind::kEvents:
        payload.path("/intake/").content_type("application/json");
        payload.prefix(batch_.prefix).separator(",").suffix(kEventsSuffix);
        break;
      case PayloadKind::kChecks:
        payload.path("/api/v1/check_run").content_type("application/json").prefix("[").separator(",").suffix("]");
        break;
      case PayloadKind::kNone: break;
    }
  }
  void count_losses() {
    const Losses lost = pipeline_.take_losses();
    invalid_line_.add(lost.invalid_line);
    invalid_metric_.add(lost.invalid_metric);
    not_finite_.add(lost.not_finite);
    contexts_full_.add(lost.contexts_full);
    bytes_full_.add(lost.bytes_full);
    events_full_.add(lost.events_full);
  }

  sls::Counter invalid_line_, invalid_metric_, not_finite_, contexts_full_, bytes_full_, events_full_, rejected_;
  Options options_{};
  Pipeline pipeline_;
  std::uint32_t intake_ = 0;
  std::int64_t last_s_ = 0;  // the host's time at the last call that told it
  std::string tags_;
  Batch batch_;
  std::vector<sls_part> parts_;
};

}  // namespace
}  // namespace metrics

SLS_PLUGIN_WITH(metrics::Metrics,
                {.id = "metrics",
                 .version = "0.1.0",
                 .about = "Takes DogStatsD packets and samples, ships series, sketches, events and service checks.",
                 .options = sls::option_table<metrics::Options>()});
