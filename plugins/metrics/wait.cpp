#include "wait.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "in/utf8.hpp"

namespace metrics {

namespace {

constexpr std::size_t kPointsLookedAt = 16;  // older buckets of one context get a point of their own
constexpr std::size_t kSlotsFirst = 256;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 29;
}

std::uint64_t hash_of(std::string_view bytes, std::uint64_t hash) {
  hash = mixed(hash, bytes.size() + 0x2545F4914F6CDD1Du);
  std::uint64_t word = 0;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::memcpy(&word, bytes.data(), 8);
    hash = mixed(hash, word);
  }
  word = 0;
  if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
  return mixed(hash, word + 1);
}

std::uint64_t hash_of(MetricType type, std::string_view name, std::string_view tags) {
  return hash_of(tags, hash_of(name, static_cast<std::uint64_t>(type) + 1));
}

bool acceptable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return name.size() <= kNameBytesMax && std::any_of(name.begin(), name.end(), letter);
}

bool has_sketch(MetricType type) {
  return type == MetricType::kDistribution || type == MetricType::kHistogram || type == MetricType::kTiming;
}

// A rate that is no share counts as 1.
double times_of(double rate) { return rate > 0 && rate <= 1 ? 1 / rate : 1; }

std::size_t memory_of(const Point& point) {
  std::size_t bytes = sizeof(Point);
  if (point.sketch != nullptr) bytes += sizeof(sls::Sketch) + point.sketch->memory();
  if (point.members != nullptr) bytes += point.members->size() * 32;
  return bytes;
}

}  // namespace

std::uint32_t Aggregator::find(MetricType type, std::string_view name, std::string_view tags,
                               std::uint64_t hash) const {
  if (slots_.empty()) return kNone;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.context == kNone) return kNone;
    if (slot.hash != static_cast<std::uint32_t>(hash >> 32) || slot.name_bytes != name.size()
        || slot.tag_bytes != tags.size() || contexts_[slot.context].type != type)
      continue;
    const std::string_view text(texts_.data() + slot.at, name.size() + tags.size());
    if (text.starts_with(name) && text.ends_with(tags)) return slot.context;
  }
}

void Aggregator::remember(std::uint64_t hash, std::uint32_t context, std::uint32_t at, std::size_t name_bytes,
                          std::size_t tag_bytes) {
  if (slots_.size() < 2 * (slots_used_ + 1)) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  while (slots_[i].context != kNone) i = (i + 1) & mask;
  slots_[i] = {static_cast<std::uint32_t>(hash >> 32), context, at, static_cast<std::uint16_t>(name_bytes),
               static_cast<std::uint16_t>(tag_bytes)};
  ++slots_used_;
}

void Aggregator::grow() {
  std::vector<Slot> old(std::max(kSlotsFirst, slots_.size() * 2), Slot{0, kNone, 0, 0, 0});
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.context == kNone) continue;
    const std::string_view name(texts_.data() + slot.at, slot.name_bytes);
    const std::string_view tags(texts_.data() + slot.at + slot.name_bytes, slot.tag_bytes);
    std::size_t i = hash_of(contexts_[slot.context].type, name, tags) & mask;
    while (slots_[i].context != kNone) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

// Into tags_: mended, sorted, each once. False: more or longer ones than the intake takes.
bool Aggregator::canonical_tags(std::string_view tags) {
  std::string mended;
  append_utf8(mended, tags);
  tag_views_.clear();
  for_each_tag(mended, [this](std::string_view tag) { tag_views_.push_back(tag); });
  std::sort(tag_views_.begin(), tag_views_.end());
  tag_views_.erase(std::unique(tag_views_.begin(), tag_views_.end()), tag_views_.end());
  tags_.clear();
  for (const std::string_view tag : tag_views_) {
    if (tag.size() > kTagBytesMax) return false;
    if (!tags_.empty()) tags_.push_back(',');
    tags_.append(tag);
  }
  return tag_views_.size() <= kTagsMax;
}

// A spelling that was not seen before: of a known context, or of a new one.
std::uint32_t Aggregator::learn(MetricType type, std::string_view name, std::string_view tags, std::uint64_t hash,
                                std::uint64_t samples, Losses& losses) {
  if (!acceptable_name(name) || !canonical_tags(tags)) return losses.invalid_metric += samples, kNone;
  const std::uint64_t canonical_hash = hash_of(type, name, tags_);
  std::uint32_t context = find(type, name, tags_, canonical_hash);
  const bool room = bytes() < kBytesMax;
  if (context == kNone) {
    if (contexts_.size() >= kContextsMax) return losses.contexts_full += samples, kNone;
    if (!room) return losses.bytes_full += samples, kNone;
    context = static_cast<std::uint32_t>(contexts_.size());
    const auto at = static_cast<std::uint32_t>(texts_.size());
    contexts_.push_back(
        {type, static_cast<std::uint16_t>(name.size()), at, static_cast<std::uint32_t>(tags_.size()), {}});
    bytes_ += sizeof(Context) + 2 * sizeof(Slot);
    texts_.append(name).append(tags_);
    remember(canonical_hash, context, at, name.size(), tags_.size());
  }
  if (tags != tags_ && room && slots_used_ < kSpellingsMax && tags.size() <= UINT16_MAX) {
    const auto at = static_cast<std::uint32_t>(texts_.size());
    texts_.append(name).append(tags);
    remember(hash, context, at, name.size(), tags.size());
  }
  return context;
}

Point* Aggregator::point_of(Context& context, std::int64_t bucket_s) {
  std::vector<Point>& points = context.points;
  const std::size_t last = points.size() > kPointsLookedAt ? points.size() - kPointsLookedAt : 0;
  for (std::size_t i = points.size(); i > last; --i)
    if (points[i - 1].bucket_s == bucket_s) return &points[i - 1];
  if (bytes() >= kBytesMax) return nullptr;
  Point& point = points.emplace_back();
  point.bucket_s = bucket_s;
  if (has_sketch(context.type)) point.sketch = std::make_unique<sls::Sketch>();
  if (context.type == MetricType::kSet) point.members = std::make_unique<std::unordered_set<std::uint64_t>>();
  point.bytes = memory_of(point);
  bytes_ += point.bytes;
  return &point;
}

void Aggregator::add_values(Context& context, Point& point, const MetricLine& line, Losses& losses) {
  const std::uint64_t before = point.samples;
  if (point.members != nullptr) {
    point.members->insert(hash_of(line.member, 1));
    ++point.samples;
  }
  for (const double value : line.values) {
    if (!std::isfinite(value)) {
      ++losses.not_finite;
      continue;
    }
    ++point.samples;
    if (context.type == MetricType::kCount)
      point.value += value * times_of(line.rate);
    else if (context.type == MetricType::kGauge)
      point.value = value;
    else
      point.sketch->insert(value, line.rate);
  }
  const std::size_t held = std::exchange(point.bytes, memory_of(point));
  bytes_ += point.bytes - held;
  samples_ += point.samples - before;
}

void Aggregator::add(const MetricLine& line, std::int64_t now_s, Losses& losses) {
  const std::uint64_t samples = std::max<std::size_t>(line.values.size(), 1);
  if (line.name.size() > kNameBytesMax) {
    losses.invalid_metric += samples;
    return;
  }
  const std::uint64_t hash = hash_of(line.type, line.name, line.tags);
  std::uint32_t found = find(line.type, line.name, line.tags, hash);
  if (found == kNone) found = learn(line.type, line.name, line.tags, hash, samples, losses);
  if (found == kNone) return;
  Context& context = contexts_[found];
  const std::int64_t time_s = line.time_s > 0 && line.time_s < now_s ? line.time_s : now_s;
  const bool grows = has_sketch(line.type) || line.type == MetricType::kSet;
  Point* point = grows && bytes() >= kBytesMax ? nullptr : point_of(context, time_s - time_s % kBucketSeconds);
  if (point == nullptr) {
    losses.bytes_full += samples;
    return;
  }
  add_values(context, *point, line, losses);
}

void Aggregator::clear_points(Context& context) {
  for (const Point& point : context.points) {
    samples_ -= point.samples;
    bytes_ -= point.bytes;
  }
  std::vector<Point>().swap(context.points);
}

void Aggregator::forget_idle() {
  std::vector<Context> old;
  old.swap(contexts_);
  std::string texts;
  texts.swap(texts_);
  slots_.clear();
  slots_used_ = 0;
  for (Context& context : old) {
    bytes_ -= sizeof(Context) + 2 * sizeof(Slot);
    if (context.points.empty()) continue;
    const std::string_view name(texts.data() + context.at, context.name_bytes);
    const std::string_view tags(name.data() + name.size(), context.tag_bytes);
    context.at = static_cast<std::uint32_t>(texts_.size());
    texts_.append(name).append(tags);
    const auto index = static_cast<std::uint32_t>(contexts_.size());
    contexts_.push_back(std::move(context));
    bytes_ += sizeof(Context) + 2 * sizeof(Slot);
    remember(hash_of(contexts_.back().type, name, tags), index, contexts_.back().at, name.size(), tags.size());
  }
}

}  // namespace metrics
