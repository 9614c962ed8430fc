#include "out/series.hpp"

#include <protozero/pbf_builder.hpp>

namespace metrics {

namespace {
// Field numbers of the intake's MetricPayload, MetricSeries and MetricPoint; series go to /api/v2/series.
enum class Payload : protozero::pbf_tag_type { kSeries = 1 };
enum class Series : protozero::pbf_tag_type { kMetric = 2, kTags = 3, kPoints = 4, kType = 5 };
enum class Point : protozero::pbf_tag_type { kValue = 1, kTimestamp = 2 };
}  // namespace

std::string encode_series(const Context& context, std::span<const std::string> base_tags, std::int64_t time_s) {
  std::string out;
  protozero::pbf_builder<Payload> payload(out);
  protozero::pbf_builder<Series> series(payload, Payload::kSeries);
  series.add_string(Series::kMetric, context.name);
  for (const std::string& tag : base_tags) series.add_string(Series::kTags, tag);
  for (const std::string& tag : context.tags) series.add_string(Series::kTags, tag);
  {
    protozero::pbf_builder<Point> point(series, Series::kPoints);
    point.add_double(Point::kValue, context.value);
    point.add_int64(Point::kTimestamp, time_s);
  }
  series.add_enum(Series::kType, static_cast<std::int32_t>(context.kind));
  return out;
}

}  // namespace metrics
