#include <sls/codec/sketch.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace sls {

namespace {

// Accuracy 1/128, doubled: gamma = 1 + 1/64. The bias makes 1e-9 the least value that has a key of its own.
constexpr double kGamma = 1.015625;
constexpr double kGammaLn = 0.015504186535965254;
constexpr int kBias = 1338;
constexpr int kKeyMax = 32766;
constexpr std::int16_t kKeyInfinity = 32767;
constexpr double kNormMin = 9.94185408912145e-10;  // gamma^(1 - bias)
constexpr std::uint64_t kBinCountMax = 65535;

// The rest first, the full bins behind it.
void append(std::vector<SketchBin>& out, std::int16_t key, std::uint64_t count) {
  if (count == 0) return;
  const std::uint64_t rest = count <= kBinCountMax ? count : count % kBinCountMax;
  if (rest != 0) out.push_back({key, static_cast<std::uint16_t>(rest)});
  for (std::uint64_t full = count <= kBinCountMax ? 0 : count / kBinCountMax; full != 0; --full)
    out.push_back({key, static_cast<std::uint16_t>(kBinCountMax)});
}

struct Group {
  std::int16_t key;
  std::uint64_t count;
};

// `next_group(group)` gives groups of rising keys until it says false. Of several bins with one key the first grows.
template <class NextGroup>
std::vector<SketchBin> merged(const std::vector<SketchBin>& bins, std::size_t more, NextGroup&& next_group) {
  std::vector<SketchBin> out;
  out.reserve(bins.size() + more);
  auto bin = bins.begin();
  for (Group group{}; next_group(group);) {
    while (bin != bins.end() && bin->key < group.key) out.push_back(*bin++);
    if (bin != bins.end() && bin->key == group.key) group.count += (bin++)->count;
    append(out, group.key, group.count);
  }
  out.insert(out.end(), bin, bins.end());
  return out;
}

}  // namespace

void SketchBins::insert(std::span<std::int16_t> keys, std::size_t limit) {
  std::sort(keys.begin(), keys.end());
  std::size_t at = 0;
  bins_ = merged(bins_, std::min<std::size_t>(keys.size(), 64), [&](Group& group) {
    if (at == keys.size()) return false;
    group = {keys[at], 0};
    for (; at != keys.size() && keys[at] == group.key; ++at) ++group.count;
    return true;
  });
  trim(limit);
}

void SketchBins::insert(std::int16_t key, std::uint64_t count, std::size_t limit) {
  bool given = count == 0;
  bins_ = merged(bins_, 1, [&](Group& group) {
    group = {key, count};
    return !std::exchange(given, true);
  });
  trim(limit);
}

// Each bin of the other side is a group of its own; where a key repeats, its bins meet ours in order.
void SketchBins::merge(std::span<const SketchBin> other, std::size_t limit) {
  std::size_t at = 0;
  bins_ = merged(bins_, other.size(), [&](Group& group) {
    if (at == other.size()) return false;
    group = {other[at].key, other[at].count};
    ++at;
    return true;
  });
  trim(limit);
}

void SketchBins::trim(std::size_t limit) {
  if (limit == 0 || bins_.size() <= limit) return;
  const std::size_t removed = bins_.size() - limit;
  std::uint64_t missing = 0;
  std::vector<SketchBin> out;
  for (std::size_t i = 0; i < removed; ++i) {
    missing += bins_[i].count;
    if (missing > kBinCountMax) {
      out.push_back({bins_[i].key, static_cast<std::uint16_t>(kBinCountMax)});
      missing -= kBinCountMax;
    }
  }
  SketchBin& lowest = bins_[removed];
  const std::uint64_t room = kBinCountMax - lowest.count;
  const std::uint64_t taken = std::min(missing, room);
  lowest.count = static_cast<std::uint16_t>(lowest.count + taken);
  append(out, lowest.key, missing - taken);
  out.insert(out.end(), bins_.begin() + static_cast<std::ptrdiff_t>(removed), bins_.end());
  bins_ = std::move(out);
}

std::int16_t Sketch::key_of(double value) {
  if (value < 0) return static_cast<std::int16_t>(-key_of(-value));
  if (value < kNormMin) return 0;
  const double index = std::nearbyint(std::log(value) / kGammaLn) + kBias;
  if (index > kKeyMax) return kKeyInfinity;
  return static_cast<std::int16_t>(std::max(index, 1.0));
}

double Sketch::lower_bound(std::int16_t key) {
  if (key < 0) return -lower_bound(static_cast<std::int16_t>(-key));
  if (key == 0) return 0;
  if (key == kKeyInfinity) return HUGE_VAL;
  return std::pow(kGamma, key - kBias);
}

void Sketch::add_to_summary(double value, double times) {
  if (count_ == 0) {
    min_ = max_ = value;
  } else {
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
  }
  count_ += static_cast<std::int64_t>(times);
  sum_ += value * times;
  average_ += (value - average_) * times / static_cast<double>(count_);
}

void Sketch::insert(double value, double rate) {
  const double times = rate > 0 && rate <= 1 ? 1 / rate : 1;
  const double times_max = static_cast<double>(SketchBins::kBinsMax * kBinCountMax);
  if (times < 2) return insert(value);
  settle();
  add_to_summary(value, std::min(times, times_max));
  bins_.insert(key_of(value), static_cast<std::uint64_t>(std::min(times, times_max)));
}

void Sketch::merge(const Sketch& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  settle();
  bins_.merge(other.bins());
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  count_ += other.count_;
  sum_ += other.sum_;
  average_ += (other.average_ - average_) * static_cast<double>(other.count_) / static_cast<double>(count_);
}

bool Sketch::interpolate(double lower, double upper, std::uint64_t count) {
  if (!(lower < upper) || !std::isfinite(upper - lower)) return false;
  settle();
  const int last = key_of(upper);
  int start = key_of(lower);
  double start_bound = lower_bound(static_cast<std::int16_t>(start));
  const double per_unit = static_cast<double>(count) / (upper - lower);
  double fractions = 0;
  const auto put = [&](std::uint64_t times) {
    add_to_summary(start_bound, static_cast<double>(times));
    bins_.insert(static_cast<std::int16_t>(start), times);
    count -= times;
  };
  for (int key = start + 1; key <= last && count != 0; ++key) {
    const double bound = lower_bound(static_cast<std::int16_t>(key));
    const double share = (bound - start_bound) * per_unit;
    fractions += share > 1 ? share - std::trunc(share) : 0;
    std::uint64_t times = static_cast<std::uint64_t>(share);
    if (fractions > 1) ++times, --fractions;
    if (times == 0) continue;
    put(std::min(times, count));
    start = key, start_bound = bound;
  }
  if (count != 0) put(count);
  return true;
}

double Sketch::quantile(double q) const {
  settle();
  if (count_ == 0) return 0;
  if (q <= 0) return min_;
  if (q >= 1) return max_;
  const double rank = std::nearbyint(q * static_cast<double>(count_ - 1));
  double below = 0;
  for (const SketchBin& bin : bins_.all()) {
    below += bin.count;
    if (below <= rank) continue;
    const double weight = (below - rank) / bin.count;
    double low = lower_bound(bin.key);
    const double high = bin.key < 0 ? low / kGamma : low * kGamma;
    if (&bin == &bins_.all().front()) low = min_;
    return std::clamp(low * weight + high * (1 - weight), min_, max_);
  }
  return max_;
}

void Sketch::settle() const {
  if (keys_.empty()) return;
  bins_.insert(std::span(keys_));
  keys_.clear();
}

std::size_t Sketch::memory() const {
  return bins_.all().capacity() * sizeof(SketchBin) + keys_.capacity() * sizeof(std::int16_t);
}

}  // namespace sls
