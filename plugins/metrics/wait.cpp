#include "wait.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace metrics {

namespace {

constexpr std::size_t kPointsLookedAt = 16;  // older buckets of one context get a point of their own

bool has_sketch(MetricType type) {
  return type == MetricType::kDistribution || type == MetricType::kHistogram || type == MetricType::kTiming;
}

// A rate that is no share counts as 1.
double times_of(double rate) { return rate > 0 && rate <= 1 ? 1 / rate : 1; }

std::uint8_t kind_of(MetricType type, Origin origin) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 2 | static_cast<unsigned>(origin));
}

std::size_t memory_of(const Point& point) {
  std::size_t bytes = 0;
  if (point.sketch != nullptr) bytes += sizeof(sls::Sketch) + point.sketch->memory();
  if (point.members != nullptr) bytes += sizeof(*point.members) + point.members->size() * 32;
  return bytes;
}

}  // namespace

void Aggregator::remember(const Spelling& spelling, std::uint32_t context) {
  if (full() || spellings_.count() >= kSpellingsMax || spelling.tags.size() > Spellings::kTagBytesMax) return;
  spellings_.remember(spelling, context);
}

// A spelling that was not seen before: of a known context, of a new one, or of one that is kept out.
std::uint32_t Aggregator::learn(const Spelling& spelling, MetricType type, Origin origin, std::uint64_t samples,
                                Enricher& enricher, Losses& losses) {
  const Enricher::Verdict verdict = enricher.enrich(origin, spelling.name, spelling.tags, identity_);
  if (verdict == Enricher::Verdict::kFiltered) return remember(spelling, kFiltered), kFiltered;
  const Spelling own(kind_of(type, Origin::kPosted), identity_.name, identity_.tags);
  if (verdict == Enricher::Verdict::kInvalid || own.tags.size() > Spellings::kTagBytesMax)
    return losses.invalid_metric += samples, Spellings::kUnknown;
  const bool same_text = own.name == spelling.name && own.tags == spelling.tags;
  std::uint32_t context = spellings_.find(own);
  if (context != Spellings::kUnknown) {
    if (own.kind != spelling.kind || !same_text) remember(spelling, context);
    return context;
  }
  if (contexts_.size() >= kContextsMax) return losses.contexts_full += samples, Spellings::kUnknown;
  if (full()) return losses.bytes_full += samples, Spellings::kUnknown;
  context = static_cast<std::uint32_t>(contexts_.size());
  Context& made = contexts_.emplace_back();
  made.type = type;
  made.name_bytes = static_cast<std::uint16_t>(own.name.size());
  made.tag_bytes = static_cast<std::uint32_t>(own.tags.size());
  made.at = spellings_.remember(own, context);
  if (!same_text)
    remember(spelling, context);
  else if (own.kind != spelling.kind)
    spellings_.remember_at(made.at, spelling, context);
  return context;
}

Point* Aggregator::point_of(Context& context, std::int64_t bucket_s) {
  if (context.first.bucket_s == bucket_s) return &context.first;
  Point* point = &context.first;
  if (context.first.bucket_s != Point::kNone) {
    if (context.more == nullptr) context.more = std::make_unique<std::vector<Point>>();
    std::vector<Point>& points = *context.more;
    const std::size_t last = points.size() > kPointsLookedAt ? points.size() - kPointsLookedAt : 0;
    for (std::size_t i = points.size(); i > last; --i)
      if (points[i - 1].bucket_s == bucket_s) return &points[i - 1];
    if (full()) return nullptr;
    point = &points.emplace_back();
    point_bytes_ += sizeof(Point);
  }
  point->bucket_s = bucket_s;
  if (has_sketch(context.type)) point->sketch = std::make_unique<sls::Sketch>();
  if (context.type == MetricType::kSet) point->members = std::make_unique<std::unordered_set<std::uint64_t>>();
  point->bytes = memory_of(*point);
  point_bytes_ += point->bytes;
  return point;
}

void Aggregator::add_values(Point& point, const MetricLine& line, Losses& losses) {
  const std::uint64_t before = point.samples;
  if (point.members != nullptr) {
    point.members->insert(Spelling(0, line.member, {}).wide_hash);
    ++point.samples;
  }
  for (const double value : line.values) {
    if (!std::isfinite(value)) {
      ++losses.not_finite;
      continue;
    }
    ++point.samples;
    if (point.sketch != nullptr)
      point.sketch->insert(value, line.rate);
    else if (line.type == MetricType::kCount)
      point.value += value * times_of(line.rate);
    else
      point.value = value;
  }
  samples_ += point.samples - before;
  if (point.sketch == nullptr && point.members == nullptr) return;
  const std::size_t held = std::exchange(point.bytes, memory_of(point));
  point_bytes_ += point.bytes - held;
}

void Aggregator::add(const MetricLine& line, Origin origin, std::int64_t now_s, Enricher& enricher, Losses& losses) {
  const std::uint64_t samples = std::max<std::size_t>(line.values.size(), 1);
  if (line.name.size() > kNameBytesMax) {
    losses.invalid_metric += samples;
    return;
  }
  const Spelling spelling(kind_of(line.type, origin), line.name, line.tags);
  std::uint32_t found = spellings_.find(spelling);
  if (found == Spellings::kUnknown) found = learn(spelling, line.type, origin, samples, enricher, losses);
  if (found == Spellings::kUnknown) return;
  if (found == kFiltered) {
    losses.filtered += samples;
    return;
  }
  const std::int64_t time_s = line.time_s > 0 && line.time_s < now_s ? line.time_s : now_s;
  const bool grows = has_sketch(line.type) || line.type == MetricType::kSet;
  Point* const point = grows && full() ? nullptr : point_of(contexts_[found], time_s - time_s % kBucketSeconds);
  if (point == nullptr) {
    losses.bytes_full += samples;
    return;
  }
  add_values(*point, line, losses);
}

void Aggregator::begin_at(std::int64_t now_s) {
  for (Context& context : contexts_)
    if (context.first.bucket_s == 0) context.first.bucket_s = now_s - now_s % kBucketSeconds;
}

void Aggregator::give_up(Point& point) {
  samples_ -= point.samples;
  point_bytes_ -= point.bytes;
  point = Point();
}

}  // namespace metrics
