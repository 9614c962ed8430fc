#include <sls/codec/logarithm.hpp>
#include <sls/codec/sketch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
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

// The definition. For values from kNormMin on; near the edge between two keys, a logarithm that is only near could err.
std::int16_t exact_key(double value) {
  constexpr double kEdge = 0.5 - 1e-6;
  double index = near_logarithm(value) / kGammaLn;
  if (std::abs(index - nearest_whole(index)) > kEdge) index = logarithm(value) / kGammaLn;
  index = nearest_whole(index) + kBias;
  if (index > kKeyMax) return kKeyInfinity;
  return static_cast<std::int16_t>(std::max(index, 1.0));
}

// e^x for x from -60 to 60, within 1e-14 of it: made when this is compiled, where the C library has no word.
constexpr double table_exp(double x) {
  constexpr double kLn2 = 0.6931471805599453;
  const int power = static_cast<int>(x / kLn2 + 100) - 100;  // rounds down
  const double rest = x - power * kLn2;
  double sum = 1, term = 1;
  for (int i = 1; i < 22; ++i) sum += term *= rest / i;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + power) << 52);
}

// The keys of values from 2^-24 to 2^40. A row holds the values whose exponent and first six bits behind the point are
// the same. It is at most as wide as a key, so at most one edge between two keys falls into it, and the other 46 bits
// say on which side of that a value lies.
struct KeyTable {
  static constexpr int kRestBits = 46, kFirstPower = -24, kPowers = 64;
  static constexpr std::uint64_t kRest = (std::uint64_t{1} << kRestBits) - 1;
  static constexpr std::uint64_t kFirst = static_cast<std::uint64_t>(1023 + kFirstPower) << (52 - kRestBits);
  static constexpr std::uint64_t kRows = static_cast<std::uint64_t>(kPowers) << (52 - kRestBits);
  // So near to an edge (4096 units in the last place; edges are known within 100) it is reckoned exactly.
  static constexpr std::int64_t kNear = 4096;

  std::uint64_t rows[kRows];     // the edge, and in the low 16 bits the key below it
  bool edges_lie_inside = true;  // none so near to the border of a row that it had to be looked for in two
};

constexpr KeyTable key_table() {
  KeyTable out{};
  int key = 265;  // of the first value
  const auto edge_above = [](int below) {
    return std::bit_cast<std::uint64_t>(table_exp((below - kBias + 0.5) * kGammaLn));
  };
  std::uint64_t edge = edge_above(key);
  for (std::uint64_t row = 0; row < KeyTable::kRows; ++row) {
    const bool has_edge = edge >> KeyTable::kRestBits == KeyTable::kFirst + row;
    const std::uint64_t rest = has_edge ? edge & KeyTable::kRest : KeyTable::kRest + 1;
    out.rows[row] = rest << 16 | static_cast<std::uint64_t>(key);
    if (!has_edge) continue;
    out.edges_lie_inside = out.edges_lie_inside && rest > KeyTable::kNear && rest < KeyTable::kRest - KeyTable::kNear;
    edge = edge_above(++key);
  }
  return out;
}
constexpr KeyTable kKeyTable = key_table();
static_assert(kKeyTable.edges_lie_inside);

}  // namespace

void SketchBins::insert(int first, std::span<const std::uint32_t> counts, std::size_t limit) {
  std::size_t at = 0;
  bins_ = merged(bins_, std::min<std::size_t>(counts.size(), 256), [&](Group& group) {
    while (at != counts.size() && counts[at] == 0) ++at;
    if (at == counts.size()) return false;
    group = {static_cast<std::int16_t>(first + static_cast<int>(at)), counts[at]};
    ++at;
    return true;
  });
  trim(limit);
}

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
  // In place where the count fits into the bin that there is, or into one of its own.
  const auto bin = std::lower_bound(bins_.begin(), bins_.end(), key,
                                    [](const SketchBin& each, std::int16_t wanted) { return each.key < wanted; });
  const bool there = bin != bins_.end() && bin->key == key;
  if (there && bin->count + count <= kBinCountMax) {
    bin->count = static_cast<std::uint16_t>(bin->count + count);
    return;
  }
  if (!there && count <= kBinCountMax && count != 0 && (limit == 0 || bins_.size() < limit)) {
    bins_.insert(bin, {key, static_cast<std::uint16_t>(count)});
    return;
  }
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
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t row = (bits >> KeyTable::kRestBits) - KeyTable::kFirst;
  if (row < KeyTable::kRows) {
    const std::uint64_t entry = kKeyTable.rows[row];
    const auto above = static_cast<std::int64_t>(bits & KeyTable::kRest) - static_cast<std::int64_t>(entry >> 16);
    if (above > KeyTable::kNear || above < -KeyTable::kNear)
      return static_cast<std::int16_t>((entry & 0xFFFF) + (above > 0 ? 1 : 0));
  }
  if (value < 0) return static_cast<std::int16_t>(-key_of(-value));
  return value < kNormMin ? std::int16_t{0} : exact_key(value);
}

double Sketch::lower_bound(std::int16_t key) {
  if (key < 0) return -lower_bound(static_cast<std::int16_t>(-key));
  if (key == 0) return 0;
  if (key == kKeyInfinity) return HUGE_VAL;
  return power(kGamma, key - kBias);
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
}

void Sketch::insert(double value) {
  min_ = count_ == 0 || value < min_ ? value : min_;
  max_ = count_ == 0 || value > max_ ? value : max_;
  ++count_;
  sum_ += value;
  const std::int16_t key = key_of(value);
  if (!count_in_window(key, 1)) hold(key);
}

void Sketch::insert(double value, double rate) {
  const double times = rate > 0 && rate <= 1 ? 1 / rate : 1;
  const double times_max = static_cast<double>(SketchBins::kBinsMax * kBinCountMax);
  if (times < 2) return insert(value);
  const auto whole = static_cast<std::uint64_t>(std::min(times, times_max));
  const std::int16_t key = key_of(value);
  add_to_summary(value, std::min(times, times_max));
  if (count_in_window(key, whole)) return;
  bins_.insert(key, whole);
  if (++weighted_ % kKeysHeld == 0) settle(), open_window();
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
  const double rank = nearest_whole(q * static_cast<double>(count_ - 1));
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

bool Sketch::count_in_window(std::int16_t key, std::uint64_t times) {
  const auto at = static_cast<std::size_t>(key - window_first_);
  if (at >= window_.size()) return false;
  if (window_total_ + times > kWindowTotalMax) settle();
  window_[at] += static_cast<std::uint32_t>(times);
  window_total_ += times;
  return true;
}

void Sketch::hold(std::int16_t key) {
  keys_.push_back(key);
  if (keys_.size() < kKeysHeld) return;
  settle();
  open_window();
}

// Whoever has many values near to one another counts the next ones in place.
void Sketch::open_window() {
  const std::vector<SketchBin>& all = bins_.all();
  const int first = std::max(all.front().key - kWindowMargin, -static_cast<int>(kKeyInfinity));
  const int last = std::min(all.back().key + kWindowMargin, static_cast<int>(kKeyInfinity));
  const auto keys = static_cast<std::size_t>(last - first + 1);
  if (keys > kWindowKeysMax) return;
  window_.assign(keys, 0);
  window_first_ = first;
}

void Sketch::settle() const {
  if (!keys_.empty()) {
    bins_.insert(std::span(keys_));
    keys_.clear();
  }
  if (window_total_ == 0) return;
  bins_.insert(window_first_, window_);
  std::fill(window_.begin(), window_.end(), 0);
  window_total_ = 0;
}

std::size_t Sketch::memory() const {
  return bins_.all().capacity() * sizeof(SketchBin) + keys_.capacity() * sizeof(std::int16_t)
         + window_.capacity() * sizeof(std::uint32_t);
}

}  // namespace sls
