// DDSketch, the agent's variant: a distribution as counted keys of logarithmic width, with count, sum, least and most.
//
// Two sketches of the same values are the same, bin by bin, as those that other agents make: key function, the split of
// counts above 65,535 and the trimming at 4,096 bins are theirs. The bound of a bin is within 1/128 of every value in
// it; a quantile runs from the bound of its bin to that of the next, as theirs does, so it is within 1/42. Values in,
// bins out: it refuses to know the intake's protobuf, a clock or a limit of memory (memory() says what it holds), and
// it takes finite values only: the caller refuses the others.
//
// Called by the metrics plugin for distributions and by whoever turns measurements into distributions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sls {

struct SketchBin {
  std::int16_t key;
  std::uint16_t count;
  bool operator==(const SketchBin&) const = default;
};

// The list of bins, sorted by key; a key may repeat where its count does not fit into 16 bits.
class SketchBins {
 public:
  static constexpr std::size_t kBinsMax = 4096;

  SketchBins() = default;
  explicit SketchBins(std::vector<SketchBin> sorted) : bins_(std::move(sorted)) {}

  const std::vector<SketchBin>& all() const { return bins_; }
  std::vector<SketchBin> take() { return std::move(bins_); }
  // `keys` is sorted by the call.
  void insert(std::span<std::int16_t> keys, std::size_t limit = kBinsMax);
  // counts[i] is how often the key first + i came.
  void insert(int first, std::span<const std::uint32_t> counts, std::size_t limit = kBinsMax);
  void insert(std::int16_t key, std::uint64_t count, std::size_t limit = kBinsMax);
  void merge(std::span<const SketchBin> other, std::size_t limit = kBinsMax);
  // Folds the lowest bins into the lowest that stays. 0: no limit.
  void trim(std::size_t limit);

 private:
  std::vector<SketchBin> bins_;
};

class Sketch {
 public:
  static std::int16_t key_of(double value);
  static double lower_bound(std::int16_t key);

  void insert(double value);
  // As if it had come 1/rate times; a rate outside of (0, 1] counts as 1.
  void insert(double value, double rate);
  void merge(const Sketch& other);
  // Spreads `count` evenly over [lower, upper], as for a bucket of an explicit histogram. False: there is no such
  // range.
  bool interpolate(double lower, double upper, std::uint64_t count);

  // 0 for an empty sketch.
  double quantile(double q) const;
  const std::vector<SketchBin>& bins() const { return settle(), bins_.all(); }
  std::int64_t count() const { return count_; }
  double min() const { return min_; }
  double max() const { return max_; }
  double sum() const { return sum_; }
  double average() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  // Bytes on the heap.
  std::size_t memory() const;

 private:
  static constexpr std::size_t kKeysHeld = 512;        // keys wait unsorted and are put into the bins together
  static constexpr std::size_t kWindowKeysMax = 2048;  // of a sketch with many values: keys are counted in place
  static constexpr int kWindowMargin = 32;
  static constexpr std::uint64_t kWindowTotalMax = 1u << 31;  // so that no count of it overflows

  void add_to_summary(double value, double times);
  bool count_in_window(std::int16_t key, std::uint64_t times);
  void hold(std::int16_t key);
  void settle() const;
  void open_window();

  mutable SketchBins bins_;
  mutable std::vector<std::int16_t> keys_;
  mutable std::vector<std::uint32_t> window_;
  mutable std::uint64_t window_total_ = 0;
  int window_first_ = 0;
  std::uint32_t weighted_ = 0;  // that were put into the bins one by one
  std::int64_t count_ = 0;
  double min_ = 0, max_ = 0, sum_ = 0;
};

}  // namespace sls
