// The door of the metrics plugin: maps the contract's calls to pipeline.
#include "sls/plugin.hpp"

#include "options.hpp"
#include "pipeline.hpp"

namespace metrics {
namespace {

constexpr std::uint64_t kCompressedBytesMax = 512'000;  // the intake's limit for a series request

std::vector<std::string> joined(sls::Pairs pairs) {
  std::vector<std::string> out;
  for (const sls::Pair pair : pairs) {
    std::string& tag = out.emplace_back(pair.key);
    if (!pair.value.empty()) tag.append(1, ':').append(pair.value);
  }
  return out;
}

class Metrics {
 public:
  Metrics(sls::Host host, const sls::Sandbox& sandbox)
      : dropped_invalid_(host.counter("dropped.invalid_sample")),
        dropped_unsupported_(host.counter("dropped.distribution_not_supported")),
        dropped_full_(host.counter("dropped.contexts_full")),
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

  void on_packets(const sls::Packets& packets) { pipeline_.add_packets(packets.size()); }

  void on_sample(const sls::Sample& sample) {
    switch (pipeline_.add_sample(sample.name, kind_of(sample.type), sample.value, joined(sample.tags))) {
      case Taken::kYes: break;
      case Taken::kInvalid: dropped_invalid_.add(); break;
      case Taken::kUnsupported: dropped_unsupported_.add(); break;
      case Taken::kFull: dropped_full_.add(); break;
    }
  }

  bool next_payload(const sls::Flush& flush, sls::Payload& payload) {
    handed_out_ = pipeline_.next(flush.now_ns());
    if (handed_out_.empty()) return false;
    parts_.clear();
    for (const EncodedSeries& series : handed_out_) parts_.push_back(sls::part(series.bytes, series.items));
    payload.intake(intake_).path("/api/v2/series").content_type("application/x-protobuf");
    payload.compress(sls::Compress::zstd).compressed_bytes_max(kCompressedBytesMax).parts(parts_);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) {
    if (delivery.outcome() == sls::Outcome::rejected) rejected_.add(delivery.items());
  }
  sls::State state() const { return {pipeline_.received(), pipeline_.pending_items(), pipeline_.pending_bytes()}; }

 private:
  static SampleKind kind_of(sls::SampleType type) {
    if (type == sls::SampleType::count) return SampleKind::kCount;
    return type == sls::SampleType::gauge ? SampleKind::kGauge : SampleKind::kDistribution;
  }

  sls::Counter dropped_invalid_, dropped_unsupported_, dropped_full_, rejected_;
  Options options_{};
  Pipeline pipeline_;
  std::uint32_t intake_ = 0;
  std::vector<EncodedSeries> handed_out_;
  std::vector<sls_part> parts_;
};

}  // namespace
}  // namespace metrics

SLS_PLUGIN_WITH(metrics::Metrics, {.id = "metrics",
                                   .version = "0.1.0",
                                   .about = "Takes DogStatsD packets and samples, ships series.",
                                   .options = sls::option_table<metrics::Options>()});
