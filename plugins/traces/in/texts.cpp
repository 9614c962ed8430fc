#include "in/texts.hpp"

#include <algorithm>
#include <string>

#include "sls/codec/json.hpp"

namespace traces {
namespace {

constexpr std::size_t kFew = 64;

// One of 64, from the parts of a key that differ most.
std::uint64_t bit_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(key[i]); };
  const std::uint64_t mixed = key.size() * 37u + byte(key.size() - 1) * 11u + byte(key.size() / 2) * 5u + byte(0);
  return std::uint64_t{1} << (mixed & 63);
}

template <class Pairs>
void drop_equal_of_few(Pairs& pairs) {
  std::uint64_t seen = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::uint64_t bit = bit_of(pairs[i].first);
    if ((seen & bit) != 0) {
      const auto end = pairs.begin() + static_cast<std::ptrdiff_t>(kept);
      const auto same =
          std::find_if(pairs.begin(), end, [&](const auto& each) { return each.first == pairs[i].first; });
      if (same != end) {
        same->second = pairs[i].second;
        continue;
      }
    }
    seen |= bit;
    if (kept != i) pairs[kept] = pairs[i];
    ++kept;
  }
  pairs.resize(kept);
}

template <class Pairs>
void drop_equal(Pairs& pairs) {
  if (pairs.size() < 2) return;
  if (pairs.size() <= kFew) return drop_equal_of_few(pairs);
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    if (pairs[i].first != pairs[kept].first) ++kept;
    pairs[kept] = pairs[i];
  }
  pairs.resize(kept + 1);
}

}  // namespace

std::string_view mended_slowly(std::string_view text, Arena& arena) {
  std::string spare;
  const std::string_view out = sls::json::repair_utf8(text, spare);
  return out.data() == text.data() ? text : arena.keep(out);
}

void keep_last_of_equal_keys(Texts& texts) { drop_equal(texts); }
void keep_last_of_equal_keys(Numbers& numbers) { drop_equal(numbers); }

}  // namespace traces
