// What waits inside the metrics plugin: one entry per context (type, name, tags) with its points of ten seconds.
//
// Bounded in contexts and bytes; at a bound what is new is dropped and counted while known contexts go on. A line like
// one seen before costs no allocation (spellings); one that is new is asked about once (between/enrich). Every point
// knows how many samples it stands for, so that the ledger balances. It refuses to parse, to encode and to know a
// clock. Filled by pipeline, which takes a whole aggregator away at a flush and empties it piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "between/enrich.hpp"
#include "in/packet.hpp"
#include "sls/codec/sketch.hpp"
#include "spellings.hpp"

namespace metrics {

inline constexpr std::int64_t kBucketSeconds = 10;

struct Point {
  std::int64_t bucket_s = kNone;
  std::uint64_t samples = 0;
  double value = 0;                                            // count: the sum; gauge: the last
  std::unique_ptr<sls::Sketch> sketch;                         // distribution, histogram, timing
  std::unique_ptr<std::unordered_set<std::uint64_t>> members;  // set: hashes of the different members
  std::size_t bytes = 0;  // as they were counted: a sketch changes its size also when it is read

  static constexpr std::int64_t kNone = -1;
};

struct Context {
  MetricType type = MetricType::kCount;
  std::uint16_t name_bytes = 0;
  std::uint32_t at = 0, tag_bytes = 0;       // name and tags lie one behind the other
  Point first;                               // the usual case has one
  std::unique_ptr<std::vector<Point>> more;  // further buckets

  std::size_t point_count() const { return 1 + (more == nullptr ? 0 : more->size()); }
  Point& point(std::size_t i) { return i == 0 ? first : (*more)[i - 1]; }
};

// Samples that were not taken, by reason.
struct Losses {
  std::uint64_t invalid_line = 0, invalid_metric = 0, not_finite = 0, filtered = 0, contexts_full = 0, bytes_full = 0,
                events_full = 0, counted_already = 0;
};

class Aggregator {
 public:
  static constexpr std::size_t kContextsMax = 100'000;   // a new context beyond is refused
  static constexpr std::size_t kBytesMax = 48 << 20;     // beyond: no new context, no new point, nothing into sketches
  static constexpr std::size_t kSpellingsMax = 200'000;  // beyond: a further order of known tags is looked up slowly

  // Takes every value of the line; what is lost is added to `losses`. `now_s` 0: not known yet, see begin_at.
  void add(const MetricLine& line, Origin origin, std::int64_t now_s, Enricher& enricher, Losses& losses);
  // What came before the time was known falls into this time's bucket.
  void begin_at(std::int64_t now_s);
  // Bytes of the bound that others hold.
  void set_reserved(std::size_t bytes) { reserved_ = bytes; }

  bool empty() const { return contexts_.empty() && spellings_.count() == 0; }
  std::size_t size() const { return contexts_.size(); }
  Context& context(std::size_t i) { return contexts_[i]; }
  std::string_view name(const Context& context) const { return {spellings_.text(context.at), context.name_bytes}; }
  // Sorted, each once, joined by commas.
  std::string_view tags(const Context& context) const {
    return {spellings_.text(context.at) + context.name_bytes, context.tag_bytes};
  }
  // The point was handed out.
  void give_up(Point& point);

  std::uint64_t samples() const { return samples_; }
  std::size_t bytes() const { return point_bytes_ + contexts_.size() * sizeof(Context) + spellings_.memory(); }

 private:
  static constexpr std::uint32_t kFiltered = Spellings::kUnknown - 1;

  std::uint32_t learn(const Spelling& spelling, MetricType type, Origin origin, std::uint64_t samples,
                      Enricher& enricher, Losses& losses);
  void remember(const Spelling& spelling, std::uint32_t context);
  bool full() const { return bytes() + reserved_ >= kBytesMax; }
  Point* point_of(Context& context, std::int64_t bucket_s);
  void add_values(Point& point, const MetricLine& line, Losses& losses);

  std::deque<Context> contexts_;
  Spellings spellings_;
  std::uint64_t samples_ = 0;
  std::size_t point_bytes_ = 0;  // what points hold elsewhere
  std::size_t reserved_ = 0;
  Identity identity_;
};

}  // namespace metrics
