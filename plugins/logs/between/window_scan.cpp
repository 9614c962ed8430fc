#include "between/window_scan.hpp"

#include <cstring>

namespace logs {

// Two words as one vector: the compiler has it in a register, which it does not always do with an array of two.
using Pair [[gnu::vector_size(16)]] = std::uint64_t;

template <unsigned Words, unsigned Bits, unsigned Length>
std::uint64_t WindowScan::find_in(const std::uint64_t* table, std::string_view text) {
  const auto row = [table](std::size_t byte, unsigned pair) {
    Pair out;
    std::memcpy(&out, table + byte * Words + pair * 2, sizeof out);
    return out;
  };
  Pair first = row(256, 0), first_seen = ~Pair{};
  Pair second = row(256, Words / 2 - 1), second_seen = ~Pair{};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    first = (first << Bits) | row(byte, 0);
    first_seen &= first;
    if constexpr (Words == 4) {
      second = (second << Bits) | row(byte, 1);
      second_seen &= second;
    }
  }
  std::uint64_t seen[4];
  std::memcpy(seen, &first_seen, sizeof first_seen);
  std::memcpy(seen + 2, &second_seen, sizeof second_seen);
  std::uint64_t found = 0;
  for (unsigned w = 0; w < Words; ++w) {
    found |= (~seen[w] >> (Bits * (Length - 1)) & ((std::uint64_t{1} << Bits) - 1)) << (w * Bits);
  }
  return found;
}

// The longer the windows, the fewer texts pass for nothing.
constexpr WindowScan::Shape WindowScan::kShapes[] = {
    {10, 2, 5, 12, &WindowScan::find_in<2, 5, 12>},          {16, 2, 8, 8, &WindowScan::find_in<2, 8, 8>},
    {20, 4, 5, 12, &WindowScan::find_in<4, 5, 12>},          {32, 4, 8, 8, &WindowScan::find_in<4, 8, 8>},
    {kWindowsMax, 4, 16, 4, &WindowScan::find_in<4, 16, 4>},
};

WindowScan::WindowScan(std::size_t windows) : shape_(kShapes[0]) {
  for (const Shape& each : kShapes) {
    shape_ = each;
    if (windows <= each.windows) break;
  }
}

std::size_t WindowScan::add(std::span<const ByteSet> sets) {
  if (table_.empty()) table_.assign(257 * shape_.words, ~std::uint64_t{0});
  const std::size_t bit = added_++ % (shape_.words * shape_.bits);
  const std::size_t word = bit / shape_.bits;
  const auto may_stand = [&](std::size_t byte, std::size_t place) {
    table_[byte * shape_.words + word] &= ~(std::uint64_t{1} << (place * shape_.bits + bit % shape_.bits));
  };
  // A short window stands at the end of its place; everything fits before it.
  const std::size_t before = shape_.length - sets.size();
  for (std::size_t place = 0; place < before; ++place) {
    for (std::size_t byte = 0; byte <= 256; ++byte) may_stand(byte, place);
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    sets[i].for_each([&](unsigned byte) { may_stand(byte, before + i); });
  }
  return bit;
}

}  // namespace logs
