// Statistics of spans: hits, errors and durations per group in buckets of ten seconds, for traces that are shipped and
// for those that are not.
//
// A span is counted when it enters a service, is measured, or is one side of a call; in the bucket in which it ended.
// The current bucket and the one before are held back, since spans of theirs are still to come. It refuses to change a
// span, to have a clock and to encode. Called by trades once per chunk, emptied at flush.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "between/peer_tags.hpp"
#include "between/stats_key.hpp"
#include "between/stats_sketch.hpp"
#include "span.hpp"
#include "tracer.hpp"

namespace traces {

inline constexpr std::int64_t kStatsBucketNs = 10'000'000'000;
inline constexpr std::size_t kStatsGroupsMax = 7000;     // per bucket; what is new beyond goes into one group
inline constexpr std::size_t kStatsBytesMax = 16 << 20;  // of all buckets; beyond, the same
inline constexpr std::size_t kStatsBucketsMax = 8;       // beyond, a span is counted in the newest bucket
inline constexpr std::size_t kStatsOriginsMax = 8;       // pairs of env and version; a further one counts as the first

// Whose spans they are; of the first chunk that has this env and version.
struct StatsOrigin {
  std::string env, version, service, language, tracer_version, runtime_id, container_id;
};

struct StatsGroup {
  std::uint64_t hits = 0, errors = 0, duration_ns = 0, top_level_hits = 0;
  StatsSketch ok, error;
};

struct StatsBucket {
  std::int64_t start_ns = 0;
  std::unordered_map<std::string, StatsGroup> groups;  // by the bytes of a StatsKey
};

class Statistics {
 public:
  // `now_ns` is the wall clock at which the chunk arrived.
  void count(const Chunk& chunk, const Tracer& tracer, std::int64_t now_ns);
  // The buckets that are over; `all`: the others, too.
  std::vector<StatsBucket> take(std::int64_t now_ns, bool all);

  const std::vector<StatsOrigin>& origins() const { return origins_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::uint8_t origin_of(const Chunk& chunk, const Tracer& tracer);
  StatsBucket& bucket_of(std::int64_t end_ns, std::int64_t now_ns);
  StatsGroup& group_of(StatsBucket& bucket);
  void count(const Span& span, bool top_level, StatsBucket& bucket);

  std::vector<StatsBucket> buckets_;
  std::vector<StatsOrigin> origins_;
  std::int64_t oldest_ns_ = 0;  // a span that ended earlier is counted there
  std::size_t bytes_ = 0;
  PeerTags peer_tags_;
  StatsKey key_;
  std::string key_bytes_, grpc_text_;
};

}  // namespace traces
