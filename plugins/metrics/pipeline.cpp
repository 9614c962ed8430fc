#include "pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "out/series.hpp"

namespace metrics {

namespace {
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

bool acceptable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return name.size() <= kNameBytesMax && std::any_of(name.begin(), name.end(), letter);
}
bool acceptable_tags(const std::vector<std::string>& tags) {
  return tags.size() <= kTagsMax
         && std::all_of(tags.begin(), tags.end(), [](const std::string& tag) { return tag.size() <= kTagBytesMax; });
}
}  // namespace

void Pipeline::add_packets(std::uint64_t count) {
  received_ += count;
  packets_ += count;
}

Taken Pipeline::add_sample(std::string_view name, SampleKind kind, double value, std::vector<std::string> tags) {
  ++received_;
  if (!acceptable_name(name) || !std::isfinite(value) || !acceptable_tags(tags)) return Taken::kInvalid;
  if (kind == SampleKind::kDistribution) return Taken::kUnsupported;
  const SeriesKind series = kind == SampleKind::kCount ? SeriesKind::kCount : SeriesKind::kGauge;
  return contexts_.add(name, std::move(tags), series, value, 1) ? Taken::kYes : Taken::kFull;
}

std::vector<EncodedSeries> Pipeline::next(std::int64_t now_ns) {
  std::vector<EncodedSeries> out;
  const std::int64_t now_s = now_ns / kNanosecondsPerSecond;
  if (packets_ != 0) {
    const Context packets{std::string(kPacketsMetric), {}, SeriesKind::kCount, static_cast<double>(packets_), packets_};
    out.push_back({encode_series(packets, base_tags_, now_s), packets_});
    packets_ = 0;
  }
  for (const Context& context : contexts_.take(kSeriesPerPayloadMax - out.size()))
    out.push_back({encode_series(context, base_tags_, now_s), context.items});
  return out;
}

}  // namespace metrics
