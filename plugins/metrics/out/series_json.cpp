#include "out/series_json.hpp"

#include <utility>

#include "between/tag_rules.hpp"
#include "sls/codec/json_writer.hpp"

namespace metrics {

namespace {

using sls::json::Writer;

// The type numbers of the API.
constexpr std::int64_t kTypeCount = 1, kTypeGauge = 3;

template <class Visit>
void for_each_of_all(std::string_view tags, const BaseTags& base, Visit&& visit) {
  auto next = base.all().begin();
  const auto end = base.all().end();
  for_each_tag(tags, [&](std::string_view tag) {
    for (; next != end && next->compare(tag) < 0; ++next) visit(*next);
    if (next != end && *next == tag) ++next;
    visit(tag);
  });
  for (; next != end; ++next) visit(*next);
}

void write_tags(Writer& to, const Entry& entry, const BaseTags& base) {
  to.key("tags").begin_array();
  for_each_of_all(entry.tags, base, [&to](std::string_view tag) {
    Resource ignored;
    if (!names_resource(tag, ignored)) to.string(tag);
  });
  to.end_array();
}

void write_resources(Writer& to, const Entry& entry, const BaseTags& base) {
  const auto write = [&to](std::string_view tag) {
    Resource found;
    if (!names_resource(tag, found) || found.name.empty()) return;
    to.begin_object().key("name").string(found.name).key("type").string(found.type).end_object();
  };
  to.key("resources").begin_array();
  for (const std::string& tag : base.resources()) write(tag);
  for_each_tag(entry.tags, write);
  to.end_array();
}

void write_metadata(Writer& to, const Entry& entry, const BaseTags& base) {
  to.key("metadata");
  const EntryOrigin origin = origin_of(entry.name, base);
  if (origin.product == 0) {
    to.null();
    return;
  }
  to.begin_object().key("origin").begin_object();
  to.key("origin_product").integer(std::uint64_t{origin.product});
  to.key("origin_sub_product").integer(std::uint64_t{origin.category});
  to.key("origin_product_detail").integer(std::uint64_t{origin.service});
  to.end_object().end_object();
}

void write_v2(Writer& to, const Entry& entry, const Figure& figure, const BaseTags& base) {
  to.key("points").begin_array();
  for (const Point* point : entry.points) {
    to.begin_object().key("timestamp").integer(point->bucket_s);
    to.key("value").number(value_of(figure, *point)).end_object();
  }
  to.end_array();
  write_resources(to, entry, base);
  to.key("type").integer(figure.is_count() ? kTypeCount : kTypeGauge);
  if (figure.is_count()) to.key("interval").integer(kBucketSeconds);
  write_tags(to, entry, base);
  write_metadata(to, entry, base);
}

void write_v1(Writer& to, const Entry& entry, const Figure& figure, const BaseTags& base) {
  to.key("points").begin_array();
  for (const Point* point : entry.points)
    to.begin_array().integer(point->bucket_s).number(value_of(figure, *point)).end_array();
  to.end_array();
  write_tags(to, entry, base);
  for_each_tag(entry.tags, [&to](std::string_view tag) {
    Resource found;
    if (names_resource(tag, found) && found.type == "device") to.key("device").string(found.name);
  });
  to.key("type").string(figure.is_count() ? "count" : "gauge");
  if (figure.is_count()) to.key("interval").integer(kBucketSeconds);
}

}  // namespace

void append_series_json(std::string& out, SeriesForm form, const Entry& entry, const Histograms& histograms,
                        const BaseTags& base) {
  bool first = true;
  for (const Figure& figure : figures_of(entry.type, histograms)) {
    if (!std::exchange(first, false)) out.push_back(',');
    Writer to(out);
    to.begin_object();
    to.key("metric").string(std::string(entry.name).append(figure.suffix));
    (form == SeriesForm::kJsonV1 ? write_v1 : write_v2)(to, entry, figure, base);
    to.end_object();
  }
}

}  // namespace metrics
