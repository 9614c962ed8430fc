// What waits inside the metrics plugin: one entry per context (name, tags, kind), bounded in number and bytes.
//
// A context adds up (count) or keeps the last value (gauge); it knows how many received units it stands for, so that
// the ledger balances. It refuses to parse, to encode and to know a clock. Filled and emptied by pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace metrics {

enum class SeriesKind : std::uint8_t { kCount = 1, kGauge = 3 };  // the intake's numbers

struct Context {
  std::string name;
  std::vector<std::string> tags;  // "k:v", sorted
  SeriesKind kind = SeriesKind::kCount;
  double value = 0;
  std::uint64_t items = 0;  // received units in it
};

class Contexts {
 public:
  static constexpr std::size_t kContextsMax = 1000;         // a new context beyond is refused; the caller counts
  static constexpr std::size_t kContextBytesMax = 1 << 20;  // the same, for the bytes of names and tags together

  // Adds a value that stands for `items` units to its context. False: there is no room for a new one.
  bool add(std::string_view name, std::vector<std::string> tags, SeriesKind kind, double value, std::uint64_t items);
  // Hands over at most `count` contexts, in no particular order.
  std::vector<Context> take(std::size_t count);

  std::size_t size() const { return contexts_.size(); }
  std::uint64_t items() const { return items_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::unordered_map<std::string, Context> contexts_;  // by kind, name and tags
  std::uint64_t items_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace metrics
