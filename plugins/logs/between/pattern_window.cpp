#include "between/pattern_window.hpp"

#include <sls/codec/logarithm.hpp>

#include <algorithm>
#include <array>

namespace logs {

namespace {

using Times = ShapeItem::Times;

constexpr std::size_t kStartsMax = 512;   // of a shape; a window further back would hardly be better
constexpr std::size_t kBranchesMax = 64;  // items that may take the same byte; where there are more, the window ends
constexpr double kSayingNothing = 1.5;    // bits; such a window would let most lines pass

// Of 4096 bytes of the lines of programs, text and JSON; what is not named here is rare.
constexpr std::array<std::uint16_t, 256> frequencies() {
  std::array<std::uint16_t, 256> out{};
  for (std::uint16_t& each : out) each = 1;
  for (unsigned c = '0'; c <= '9'; ++c) out[c] = 70;
  for (unsigned c = 'A'; c <= 'Z'; ++c) out[c] = 14;
  constexpr std::uint16_t kLower[26] = {170, 40,  90, 95, 270, 45,  45,  70, 160, 10, 25, 95, 65,
                                        150, 165, 65, 6,  170, 160, 200, 70, 30,  30, 12, 35, 8};
  for (unsigned i = 0; i < 26; ++i) out['a' + i] = kLower[i];
  out[' '] = 300;
  out['"'] = 160;
  for (const char c : {'-', '.', ':', ',', '/', '='}) out[static_cast<unsigned char>(c)] = 60;
  for (const char c : {'_', '{', '}', '[', ']', '\n', '\t', '(', ')'}) out[static_cast<unsigned char>(c)] = 16;
  for (unsigned c = 0x80; c < 0xF5; ++c) out[c] = 3;
  return out;
}
constexpr std::array<std::uint16_t, 256> kFrequencies = frequencies();

// Bits.
double rarity(const ByteSet& set) {
  std::uint32_t often = 0;
  set.for_each([&](unsigned b) { often += kFrequencies[b]; });
  constexpr double kLn2 = 0.6931471805599453;
  return std::max(0.0, sls::near_logarithm(4096.0 / std::max<std::uint32_t>(often, 1)) / kLn2);
}

// Walks along a shape: which items may take the byte that comes next.
class Walk {
 public:
  explicit Walk(const std::vector<ShapeItem>& items) : items_(items), rarities_(items.size(), -1) {}

  // From the item at `start`, taken as the first.
  void begin(std::size_t start) {
    now_.assign(1, start);
    ends_ = false;
  }
  ByteSet bytes() const {
    ByteSet out;
    for (const std::size_t i : now_) out |= items_[i].bytes;
    return out;
  }
  double bits(const ByteSet& set) {
    if (now_.size() != 1) return rarity(set);
    double& known = rarities_[now_[0]];
    if (known < 0) known = rarity(set);
    return known;
  }
  // False: a match may end here.
  bool step() {
    next_.clear();
    for (const std::size_t i : now_) {
      if (items_[i].times == Times::kAnyTimes) add(i);
      for (std::size_t j = i + 1;; ++j) {
        if (j == items_.size()) {
          ends_ = true;
          break;
        }
        add(j);
        if (items_[j].times == Times::kOnce || next_.size() > kBranchesMax) break;
      }
    }
    std::swap(now_, next_);
    return !ends_ && now_.size() <= kBranchesMax;
  }

 private:
  void add(std::size_t i) {
    if (std::find(next_.begin(), next_.end(), i) == next_.end()) next_.push_back(i);
  }

  const std::vector<ShapeItem>& items_;
  std::vector<double> rarities_;
  std::vector<std::size_t> now_, next_;
  bool ends_ = false;
};

}  // namespace

bool find_window(const PatternShape& shape, std::size_t length_max, PatternWindow& window) {
  window.sets.clear();
  window.weight = 0;
  Walk walk(shape.items);
  std::vector<ByteSet> sets;
  std::size_t starts = 0;
  for (std::size_t i = 0; i < shape.items.size() && starts < kStartsMax; ++i) {
    if (shape.items[i].times != Times::kOnce) continue;
    ++starts;
    sets.clear();
    double weight = 0;
    walk.begin(i);
    do {
      const ByteSet set = walk.bytes();
      double bits = walk.bits(set);
      // Digits follow digits and letters letters.
      if (!sets.empty() && set.count() > 2 && set.holds(sets.back())) bits = std::min(bits, 0.6);
      weight += bits;
      sets.push_back(set);
    } while (sets.size() < length_max && walk.step());
    if (weight > window.weight) {
      window.weight = weight;
      std::swap(window.sets, sets);
    }
  }
  if (window.weight < kSayingNothing) window.sets.clear();
  return !window.sets.empty();
}

}  // namespace logs
