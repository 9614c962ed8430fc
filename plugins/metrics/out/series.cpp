#include "out/series.hpp"

#include <protozero/pbf_builder.hpp>
#include <type_traits>

#include "between/tag_rules.hpp"

namespace metrics {

namespace {

using protozero::pbf_tag_type;
// Field numbers of the intake's messages; series go to /api/v2/series, sketches to /api/beta/sketches.
enum class Payload : pbf_tag_type { kEntry = 1 };
enum class Series : pbf_tag_type {
  kResources = 1,
  kMetric = 2,
  kTags = 3,
  kPoints = 4,
  kType = 5,
  kInterval = 8,
  kMetadata = 9
};
enum class SeriesPoint : pbf_tag_type { kValue = 1, kTimestamp = 2 };
enum class SeriesResource : pbf_tag_type { kType = 1, kName = 2 };
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

constexpr std::int32_t kTypeCount = 1, kTypeGauge = 3;

template <class Builder, class Tag>
void add_origin(Builder& entry, Tag field, std::string_view name, const BaseTags& base) {
  const EntryOrigin from = origin_of(name, base);
  if (from.product == 0) return;
  protozero::pbf_builder<Metadata> metadata(entry, field);
  protozero::pbf_builder<Origin> origin(metadata, Metadata::kOrigin);
  origin.add_uint32(Origin::kProduct, from.product);
  origin.add_uint32(Origin::kCategory, from.category);
  origin.add_uint32(Origin::kService, from.service);
}

// Both lists are sorted; what stands in both is written once. The base tags are copied in runs straight behind what
// the builder has written: nothing is open inside of it.
template <class Builder, class Tag>
void add_tags(std::string& out, Builder& entry, Tag field, std::string_view tags, const BaseTags& base,
              const EncodedTags& encoded) {
  const std::vector<std::string>& all = base.all();
  std::size_t next = 0;
  for_each_tag(tags, [&](std::string_view tag) {
    Resource ignored;
    if (std::is_same_v<Tag, Series> && names_resource(tag, ignored)) return;
    const std::size_t from = next;
    while (next < all.size() && all[next].compare(tag) < 0) ++next;
    out.append(encoded.run(from, next));
    if (next < all.size() && all[next] == tag) ++next;
    entry.add_string(field, tag.data(), tag.size());
  });
  out.append(encoded.run(next, all.size()));
}

void add_resources(protozero::pbf_builder<Series>& series, std::string_view tags, const BaseTags& base) {
  const auto add = [&series](std::string_view tag) {
    Resource found;
    if (!names_resource(tag, found) || found.name.empty()) return;
    protozero::pbf_builder<SeriesResource> resource(series, Series::kResources);
    resource.add_string(SeriesResource::kType, found.type.data(), found.type.size());
    resource.add_string(SeriesResource::kName, found.name.data(), found.name.size());
  };
  for (const std::string& tag : base.resources()) add(tag);
  for_each_tag(tags, add);
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
  {
    protozero::packed_field_sint32 keys(point, static_cast<pbf_tag_type>(SketchPoint::kKeys));
    for (const sls::SketchBin& bin : sketch.bins()) keys.add_element(bin.key);
  }
  protozero::packed_field_uint32 counts(point, static_cast<pbf_tag_type>(SketchPoint::kCounts));
  for (const sls::SketchBin& bin : sketch.bins()) counts.add_element(bin.count);
}

}  // namespace

ProtobufForm::ProtobufForm(const BaseTags& base)
    : series_(base.all(), static_cast<pbf_tag_type>(Series::kTags)),
      sketches_(base.all(), static_cast<pbf_tag_type>(SketchEntry::kTags)) {}

void ProtobufForm::append_series(std::string& out, const Entry& entry, const Histograms& histograms,
                                 const BaseTags& base) const {
  protozero::pbf_builder<Payload> payload(out);
  for (const Figure& figure : figures_of(entry.type, histograms)) {
    protozero::pbf_builder<Series> series(payload, Payload::kEntry);
    add_resources(series, entry.tags, base);
    if (figure.suffix.empty())
      series.add_string(Series::kMetric, entry.name.data(), entry.name.size());
    else
      series.add_string(Series::kMetric, std::string(entry.name).append(figure.suffix));
    add_tags(out, series, Series::kTags, entry.tags, base, series_);
    for (const Point* each : entry.points) {
      protozero::pbf_builder<SeriesPoint> point(series, Series::kPoints);
      point.add_double(SeriesPoint::kValue, value_of(figure, *each));
      point.add_int64(SeriesPoint::kTimestamp, each->bucket_s);
    }
    series.add_enum(Series::kType, figure.is_count() ? kTypeCount : kTypeGauge);
    if (figure.is_count()) series.add_int64(Series::kInterval, kBucketSeconds);
    add_origin(series, Series::kMetadata, entry.name, base);
  }
}

void ProtobufForm::append_sketch(std::string& out, const Entry& entry, const BaseTags& base) const {
  protozero::pbf_builder<Payload> payload(out);
  protozero::pbf_builder<SketchEntry> sketch(payload, Payload::kEntry);
  sketch.add_string(SketchEntry::kMetric, entry.name.data(), entry.name.size());
  add_tags(out, sketch, SketchEntry::kTags, entry.tags, base, sketches_);
  for (const Point* point : entry.points) write_sketch_point(sketch, *point);
  add_origin(sketch, SketchEntry::kMetadata, entry.name, base);
}

}  // namespace metrics
