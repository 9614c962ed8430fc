// The distribution of durations in one group of statistics: DDSketch as the trace intake wants it, whose gamma,
// offset and protobuf are others than those of the metrics' sketch.
//
// Bins are within 1/129 of every value in them. At most kBinsMax wide: the lowest are folded into one. Values in,
// bytes out; it refuses to know a group. Called by stats; its bytes go into the stats payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace traces {

class StatsSketch {
 public:
  static constexpr int kBinsMax = 2048;

  static int index_of(double value);

  // Without room a value goes into the nearest bin that is there.
  void add(double value, bool room = true);
  std::uint64_t count() const;
  std::size_t memory() const { return bins_.capacity() * sizeof(Bin); }
  // The protobuf message DDSketch.
  std::string encoded() const;

 private:
  struct Bin {
    std::int32_t index;
    std::uint32_t count;
  };
  void fold();

  std::vector<Bin> bins_;  // sorted
  std::uint64_t zeros_ = 0;
};

}  // namespace traces
