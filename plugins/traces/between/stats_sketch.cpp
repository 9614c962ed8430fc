#include "between/stats_sketch.hpp"

#include <sls/codec/logarithm.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include "out/proto.hpp"

namespace traces {
namespace {

constexpr double kGamma = 1.015625;
constexpr double kOffset = 1338.5;  // the bin of 1e-9 is the first

void put_double(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(bits >> (8 * i)));
}

}  // namespace

int StatsSketch::index_of(double value) {
  constexpr double kEdge = 1e-6;  // this near to the next bin, a logarithm that is only near could be wrong
  static const double multiplier = 1 / sls::logarithm(kGamma);
  double index = sls::near_logarithm(value) * multiplier + kOffset;
  if (!(std::abs(index - sls::nearest_whole(index)) > kEdge) || !std::isnormal(value))
    index = sls::logarithm(value) * multiplier + kOffset;
  return static_cast<int>(std::floor(index));
}

void StatsSketch::add(double value, bool room) {
  if (!(value > 0)) {
    ++zeros_;
    return;
  }
  int index = index_of(value);
  if (!bins_.empty()) index = std::max(index, bins_.back().index - (kBinsMax - 1));
  auto at = std::lower_bound(bins_.begin(), bins_.end(), index, [](const Bin& bin, int i) { return bin.index < i; });
  if ((at == bins_.end() || at->index != index) && (room || bins_.empty())) at = bins_.insert(at, {index, 0});
  if (at == bins_.end()) --at;
  ++at->count;
  if (bins_.back().index - bins_.front().index >= kBinsMax) fold();
}

void StatsSketch::fold() {
  const int lowest = bins_.back().index - (kBinsMax - 1);
  const auto stays =
      std::lower_bound(bins_.begin(), bins_.end(), lowest, [](const Bin& bin, int i) { return bin.index < i; });
  std::uint32_t folded = 0;
  for (auto each = bins_.begin(); each != stays; ++each) folded += each->count;
  const auto first = stays->index == lowest ? stays : stays - 1;
  first->count = (first == stays ? first->count : 0) + folded;
  first->index = lowest;
  bins_.erase(bins_.begin(), first);
}

std::uint64_t StatsSketch::count() const {
  std::uint64_t out = zeros_;
  for (const Bin& bin : bins_) out += bin.count;
  return out;
}

std::string StatsSketch::encoded() const {
  std::string counts;
  if (!bins_.empty()) counts.reserve(8 * static_cast<std::size_t>(bins_.back().index - bins_.front().index + 1));
  for (const Bin& bin : bins_) {
    counts.resize(8 * static_cast<std::size_t>(bin.index - bins_.front().index));
    put_double(counts, bin.count);
  }
  const auto write = [&](auto& to) {
    to.message(1, [](auto& mapping) {
      mapping.fixed64(1, std::bit_cast<std::uint64_t>(kGamma));
      mapping.fixed64(2, std::bit_cast<std::uint64_t>(kOffset));
    });
    to.message(2, [&](auto& store) {
      if (bins_.empty()) return;
      store.bytes(2, counts);
      const auto first = static_cast<std::uint32_t>(bins_.front().index);
      store.varint(3, first << 1 ^ (first >> 31 != 0 ? ~std::uint32_t{0} : 0));  // zigzag
    });
    to.message(3, [](auto&) {});
    if (zeros_ != 0) to.fixed64(4, std::bit_cast<std::uint64_t>(static_cast<double>(zeros_)));
  };
  proto::Counter counter;
  write(counter);
  std::string out(counter.bytes(), '\0');
  proto::Writer writer(out.data());
  write(writer);
  return out;
}

}  // namespace traces
