#include "out/series.hpp"

#include <algorithm>
#include <protozero/pbf_builder.hpp>

namespace metrics {

namespace {

using protozero::pbf_tag_type;
// Field numbers of the intake's messages; series go to /api/v2/series, sketches to /api/beta/sketches.
enum class Payload : pbf_tag_type { kEntry = 1 };
enum class Series : pbf_tag_type { kMetric = 2, kTags = 3, kPoints = 4, kType = 5, kInterval = 8, kMetadata = 9 };
enum class SeriesPoint : pbf_tag_type { kValue = 1, kTimestamp = 2 };
enum class SketchEntry : pbf_tag_type { kMetric = 1, kTags = 4, kSketches = 7, kMetadata = 8 };
enum class SketchPoint : pbf_tag_type {
  kTime = 1,
  kCount = 2,
  kMin = 3,
  kMax = 4,
  kAverage = 5,
  kSum = 6,
  kKeys = 7,
  kCounts = 8
};
enum class Metadata : pbf_tag_type { kOrigin = 1 };
enum class Origin : pbf_tag_type { kProduct = 4, kCategory = 5, kService = 6 };

constexpr std::uint32_t kProductServerless = 1, kCategoryLambda = 38;
constexpr std::uint32_t kServiceCustom = 472, kServiceEnhanced = 473, kServiceRuntime = 474;
constexpr std::int32_t kTypeCount = 1, kTypeGauge = 3;

std::uint32_t service_of(std::string_view name) {
  if (name.starts_with("jvm.") || name.starts_with("runtime.")) return kServiceRuntime;
  return name.starts_with("aws.lambda.") ? kServiceEnhanced : kServiceCustom;
}

template <class Builder, class Tag>
void add_origin(Builder& entry, Tag field, std::string_view name, const BaseTags& base) {
  if (!base.function || name.starts_with("datadog.")) return;
  protozero::pbf_builder<Metadata> metadata(entry, field);
  protozero::pbf_builder<Origin> origin(metadata, Metadata::kOrigin);
  origin.add_uint32(Origin::kProduct, kProductServerless);
  origin.add_uint32(Origin::kCategory, kCategoryLambda);
  origin.add_uint32(Origin::kService, service_of(name));
}

// Both lists are sorted; what stands in both is written once.
template <class Builder, class Tag>
void add_tags(Builder& entry, Tag field, std::string_view tags, const BaseTags& base) {
  auto next = base.tags.begin();
  for_each_tag(tags, [&](std::string_view tag) {
    for (; next != base.tags.end() && next->compare(tag) < 0; ++next) entry.add_string(field, *next);
    if (next != base.tags.end() && *next == tag) ++next;
    entry.add_string(field, tag.data(), tag.size());
  });
  for (; next != base.tags.end(); ++next) entry.add_string(field, *next);
}

struct Target {
  std::string& out;
  std::string_view name, tags;
  const BaseTags& base;
};

template <class Value>
void write_series(const Target& to, std::string_view suffix, std::int32_t type, const std::vector<Point>& points,
                  const Value& value) {
  protozero::pbf_builder<Payload> payload(to.out);
  protozero::pbf_builder<Series> series(payload, Payload::kEntry);
  series.add_string(Series::kMetric, std::string(to.name).append(suffix));
  add_tags(series, Series::kTags, to.tags, to.base);
  for (const Point& each : points) {
    protozero::pbf_builder<SeriesPoint> point(series, Series::kPoints);
    point.add_double(SeriesPoint::kValue, value(each));
    point.add_int64(SeriesPoint::kTimestamp, each.bucket_s);
  }
  series.add_enum(Series::kType, type);
  if (type == kTypeCount) series.add_int64(Series::kInterval, kBucketSeconds);
  add_origin(series, Series::kMetadata, to.name, to.base);
}

// The rank is that of the agent's histograms; the value at it is the sketch's.
double at_percent(const sls::Sketch& sketch, std::int64_t percent) {
  const std::int64_t rank = std::max<std::int64_t>((percent * sketch.count() - 1) / 100, 0);
  return sketch.count() < 2 ? sketch.max()
                            : sketch.quantile(static_cast<double>(rank) / static_cast<double>(sketch.count() - 1));
}

void write_histogram(const Target& to, const std::vector<Point>& points) {
  write_series(to, ".max", kTypeGauge, points, [](const Point& p) { return p.sketch->max(); });
  write_series(to, ".median", kTypeGauge, points, [](const Point& p) { return at_percent(*p.sketch, 50); });
  write_series(to, ".avg", kTypeGauge, points, [](const Point& p) { return p.sketch->average(); });
  write_series(to, ".count", kTypeCount, points, [](const Point& p) { return static_cast<double>(p.sketch->count()); });
  write_series(to, ".95percentile", kTypeGauge, points, [](const Point& p) { return at_percent(*p.sketch, 95); });
}

void write_sketch_point(protozero::pbf_builder<SketchEntry>& entry, const Point& from) {
  const sls::Sketch& sketch = *from.sketch;
  protozero::pbf_builder<SketchPoint> point(entry, SketchEntry::kSketches);
  point.add_int64(SketchPoint::kTime, from.bucket_s);
  point.add_int64(SketchPoint::kCount, sketch.count());
  // A field that holds the default is left out.
  if (sketch.min() != 0) point.add_double(SketchPoint::kMin, sketch.min());
  if (sketch.max() != 0) point.add_double(SketchPoint::kMax, sketch.max());
  if (sketch.average() != 0) point.add_double(SketchPoint::kAverage, sketch.average());
  if (sketch.sum() != 0) point.add_double(SketchPoint::kSum, sketch.sum());
  std::vector<std::int32_t> keys;
  std::vector<std::uint32_t> counts;
  for (const sls::SketchBin& bin : sketch.bins()) keys.push_back(bin.key), counts.push_back(bin.count);
  point.add_packed_sint32(SketchPoint::kKeys, keys.begin(), keys.end());
  point.add_packed_uint32(SketchPoint::kCounts, counts.begin(), counts.end());
}

}  // namespace

std::string encode_series(const Context& context, std::string_view name, std::string_view tags, const BaseTags& base) {
  std::string out;
  const Target to{out, name, tags, base};
  const auto value = [](const Point& point) { return point.value; };
  switch (context.type) {
    case MetricType::kCount: write_series(to, "", kTypeCount, context.points, value); break;
    case MetricType::kGauge: write_series(to, "", kTypeGauge, context.points, value); break;
    case MetricType::kSet:
      write_series(to, "", kTypeGauge, context.points,
                   [](const Point& p) { return static_cast<double>(p.members->size()); });
      break;
    case MetricType::kHistogram:
    case MetricType::kTiming: write_histogram(to, context.points); break;
    case MetricType::kDistribution: break;
  }
  return out;
}

std::string encode_sketch(const Context& context, std::string_view name, std::string_view tags, const BaseTags& base) {
  std::string out;
  protozero::pbf_builder<Payload> payload(out);
  protozero::pbf_builder<SketchEntry> entry(payload, Payload::kEntry);
  entry.add_string(SketchEntry::kMetric, name.data(), name.size());
  add_tags(entry, SketchEntry::kTags, tags, base);
  for (const Point& point : context.points) write_sketch_point(entry, point);
  add_origin(entry, SketchEntry::kMetadata, name, base);
  return out;
}

}  // namespace metrics
