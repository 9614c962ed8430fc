#include "between/stats.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "between/chunk_fields.hpp"
#include "equals.hpp"

namespace traces {
namespace {

constexpr std::int64_t kBucketsHeldBack = 2;
constexpr std::size_t kGroupBytes = sizeof(std::string) + sizeof(StatsGroup) + 4 * sizeof(void*);

std::int64_t aligned(std::int64_t ns) { return ns - ns % kStatsBucketNs; }

// What decides whether a span is counted, in one walk over its metrics; of equal ones the first counts.
struct Marks {
  bool partial = false, entry = false, tracers_entry = false, measured = false;
  bool top_level() const { return entry || tracers_entry; }
};

Marks marks_of(const Span& span) {
  Marks out;
  for (std::size_t i = span.metrics.size(); i-- > 0;) {
    const auto& [key, value] = span.metrics[i];
    if (equals(key, "_top_level"))
      out.entry = value == 1;
    else if (equals(key, "_dd.top_level"))
      out.tracers_entry = value == 1;
    else if (equals(key, "_dd.measured"))
      out.measured = value == 1;
    else if (equals(key, "_dd.partial_version"))
      out.partial = value >= 0;
  }
  return out;
}

bool is_counted(const Span& span, const Marks& marks) {
  return !marks.partial && (marks.top_level() || marks.measured || is_counted_kind(span.tag("span.kind")));
}

std::int64_t end_of(const Span& span) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const std::int64_t duration = std::max<std::int64_t>(span.duration, 0);
  return span.start > kMax - duration ? kMax : span.start + duration;
}

void add_bounded(std::uint64_t& sum, std::int64_t value) {
  sum = std::min<std::uint64_t>(sum + static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)),
                                std::numeric_limits<std::int64_t>::max());
}

// Of the root, else of the first span that has it.
std::string_view tag_of(const Chunk& chunk, std::string_view key) {
  std::string_view out = chunk.spans()[root_of(chunk)].tag(key);
  for (std::size_t i = 0; out.empty() && i < chunk.size(); ++i) out = chunk.spans()[i].tag(key);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

}  // namespace

void Statistics::count(const Chunk& chunk, const Tracer& tracer, std::int64_t now_ns) {
  std::optional<std::uint8_t> origin;
  for (const Span& span : chunk.spans()) {
    const Marks marks = marks_of(span);
    if (!is_counted(span, marks)) continue;
    if (!origin) origin = origin_of(chunk, tracer);
    key_.origin = *origin;
    read_key(span, key_, grpc_text_);
    key_.synthetics = chunk.origin.starts_with("synthetics");
    key_.peer_tags = peer_tags_.of(span);
    count(span, marks.top_level(), bucket_of(end_of(span), now_ns));
  }
}

std::uint8_t Statistics::origin_of(const Chunk& chunk, const Tracer& tracer) {
  std::string_view env = tag_of(chunk, "env"), version = tag_of(chunk, "version");
  if (env.empty()) env = tracer.env;
  if (env.empty()) env = "unknown-env";
  if (version.empty()) version = tracer.app_version;
  for (std::size_t i = 0; i < origins_.size(); ++i)
    if (origins_[i].env == env && origins_[i].version == version) return static_cast<std::uint8_t>(i);
  if (origins_.size() == kStatsOriginsMax) return 0;
  const std::string_view runtime = tag_of(chunk, "runtime-id");
  origins_.push_back({.env = std::string(env),
                      .version = std::string(version),
                      .service = lower(tag_of(chunk, "service")),
                      .language = tracer.language,
                      .tracer_version = tracer.version,
                      .runtime_id = runtime.empty() ? tracer.runtime_id : std::string(runtime),
                      .container_id = tracer.container_id});
  return static_cast<std::uint8_t>(origins_.size() - 1);
}

StatsBucket& Statistics::bucket_of(std::int64_t end_ns, std::int64_t now_ns) {
  if (oldest_ns_ == 0) oldest_ns_ = aligned(now_ns) - kStatsBucketNs;
  const std::int64_t start = std::max(std::min(aligned(end_ns), aligned(now_ns)), oldest_ns_);
  const auto at = std::lower_bound(buckets_.begin(), buckets_.end(), start,
                                   [](const StatsBucket& bucket, std::int64_t ns) { return bucket.start_ns < ns; });
  if (at != buckets_.end() && at->start_ns == start) return *at;
  if (buckets_.size() == kStatsBucketsMax) return buckets_.back();
  const auto made = buckets_.emplace(at);
  made->start_ns = start;
  return *made;
}

StatsGroup& Statistics::group_of(StatsBucket& bucket) {
  key_bytes_.clear();
  encode(key_, key_bytes_);
  const auto found = bucket.groups.find(key_bytes_);
  if (found != bucket.groups.end()) return found->second;
  if (bucket.groups.size() >= kStatsGroupsMax || bytes_ + key_bytes_.size() + kGroupBytes > kStatsBytesMax) {
    StatsKey rest;
    rest.origin = key_.origin;
    rest.service = rest.name = rest.resource = rest.type = rest.span_kind = rest.http_method = rest.http_endpoint =
        rest.service_source = rest.grpc_status = kBlockedValue;
    key_bytes_.clear();
    encode(rest, key_bytes_);
  }
  const auto [place, made] = bucket.groups.try_emplace(key_bytes_);
  if (made) bytes_ += key_bytes_.size() + kGroupBytes;
  return place->second;
}

void Statistics::count(const Span& span, bool top_level, StatsBucket& bucket) {
  StatsGroup& group = group_of(bucket);
  ++group.hits;
  if (span.error != 0) ++group.errors;
  if (top_level) ++group.top_level_hits;
  add_bounded(group.duration_ns, span.duration);
  StatsSketch& sketch = span.error != 0 ? group.error : group.ok;
  const std::size_t before = sketch.memory();
  sketch.add(static_cast<double>(span.duration), bytes_ < kStatsBytesMax);
  bytes_ += sketch.memory() - before;
}

std::vector<StatsBucket> Statistics::take(std::int64_t now_ns, bool all) {
  const std::int64_t held_back = now_ns - kBucketsHeldBack * kStatsBucketNs;
  const auto stays = all ? buckets_.end() : std::find_if(buckets_.begin(), buckets_.end(), [&](const StatsBucket& b) {
    return b.start_ns > held_back;
  });
  std::vector<StatsBucket> out(std::make_move_iterator(buckets_.begin()), std::make_move_iterator(stays));
  buckets_.erase(buckets_.begin(), stays);
  for (const StatsBucket& bucket : out)
    for (const auto& [key, group] : bucket.groups)
      bytes_ -= key.size() + kGroupBytes + group.ok.memory() + group.error.memory();
  if (oldest_ns_ != 0) oldest_ns_ = std::max(oldest_ns_, aligned(now_ns) - (kBucketsHeldBack - 1) * kStatsBucketNs);
  return out;
}

}  // namespace traces
