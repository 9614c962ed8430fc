// What waits inside the metrics plugin: one entry per context (type, name, tags) with its points of ten seconds.
//
// Bounded in contexts and bytes; at a bound what is new is dropped and counted while known contexts go on. A context is
// found by a hash of name and tags as they came, so that a line like one seen before costs no allocation; the same tags
// in another order are the same context. Every point knows how many samples it stands for, so that the ledger balances.
// It refuses to parse, to encode and to know a clock. Filled and emptied by pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "in/packet.hpp"
#include "sls/codec/sketch.hpp"

namespace metrics {

inline constexpr std::int64_t kBucketSeconds = 10;
inline constexpr std::size_t kNameBytesMax = 350;  // the intake refuses longer names
inline constexpr std::size_t kTagsMax = 100;       // and more tags
inline constexpr std::size_t kTagBytesMax = 200;   // and longer ones

struct Point {
  std::int64_t bucket_s = 0;
  std::uint64_t samples = 0;
  std::size_t bytes = 0;                // as they were counted: a sketch changes its size also when it is read
  double value = 0;                     // count: the sum; gauge: the last
  std::unique_ptr<sls::Sketch> sketch;  // distribution, histogram, timing
  std::unique_ptr<std::unordered_set<std::uint64_t>> members;  // set: hashes of the different members
};

struct Context {
  MetricType type = MetricType::kCount;
  std::uint16_t name_bytes = 0;
  std::uint32_t at = 0, tag_bytes = 0;  // name and tags lie one behind the other
  std::vector<Point> points;
};

// Samples that were not taken, by reason.
struct Losses {
  std::uint64_t invalid_line = 0, invalid_metric = 0, not_finite = 0, contexts_full = 0, bytes_full = 0,
                events_full = 0;
};

class Aggregator {
 public:
  static constexpr std::size_t kContextsMax = 100'000;   // a new context beyond is refused
  static constexpr std::size_t kBytesMax = 48 << 20;     // beyond: no new context, no new point, nothing into sketches
  static constexpr std::size_t kSpellingsMax = 200'000;  // beyond: a further order of known tags is looked up slowly

  // Takes every value of the line; what is lost is added to `losses`.
  void add(const MetricLine& line, std::int64_t now_s, Losses& losses);

  std::size_t size() const { return contexts_.size(); }
  Context& context(std::size_t i) { return contexts_[i]; }
  std::string_view name(const Context& context) const {
    return std::string_view(texts_).substr(context.at, context.name_bytes);
  }
  // Sorted, each once, joined by commas.
  std::string_view tags(const Context& context) const {
    return std::string_view(texts_).substr(context.at + context.name_bytes, context.tag_bytes);
  }
  // The points were handed out.
  void clear_points(Context& context);
  // At the end of a flush: gives up contexts without points.
  void forget_idle();

  std::uint64_t samples() const { return samples_; }
  std::size_t bytes() const { return bytes_ + texts_.size(); }

 private:
  static constexpr std::uint32_t kNone = ~0u;
  struct Slot {
    std::uint32_t hash, context, at;  // at: where this spelling of name and tags lies
    std::uint16_t name_bytes, tag_bytes;
  };

  std::uint32_t find(MetricType type, std::string_view name, std::string_view tags, std::uint64_t hash) const;
  std::uint32_t learn(MetricType type, std::string_view name, std::string_view tags, std::uint64_t hash,
                      std::uint64_t samples, Losses& losses);
  void remember(std::uint64_t hash, std::uint32_t context, std::uint32_t at, std::size_t name_bytes,
                std::size_t tag_bytes);
  void grow();
  bool canonical_tags(std::string_view tags);
  Point* point_of(Context& context, std::int64_t bucket_s);
  void add_values(Context& context, Point& point, const MetricLine& line, Losses& losses);

  std::vector<Context> contexts_;
  std::vector<Slot> slots_;  // open addressing; a power of two, at most half full
  std::size_t slots_used_ = 0;
  std::string texts_;
  std::uint64_t samples_ = 0;
  std::size_t bytes_ = 0;  // of contexts, points and sketches
  std::vector<std::string_view> tag_views_;
  std::string tags_;  // of canonical_tags
};

}  // namespace metrics
