#include "spellings.hpp"

#include <algorithm>
#include <cstring>

namespace metrics {

namespace {

constexpr std::size_t kSlotsFirst = 16;
constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15u, kOther = 0xE7037ED1A0B428DBu;

// Both halves of the product, folded.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t word_at(const char* from) {
  std::uint64_t word;
  std::memcpy(&word, from, 8);
  return word;
}

std::uint64_t short_word(const char* from, std::size_t bytes) {
  std::uint64_t word = 0;
  if (bytes != 0) std::memcpy(&word, from, bytes);
  return word;
}

std::uint64_t hash_of(std::string_view bytes, std::uint64_t hash) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  hash ^= left * kSeed;
  for (; left >= 16; at += 16, left -= 16) hash = mixed(word_at(at) ^ hash, word_at(at + 8) ^ kOther);
  const std::uint64_t first = left >= 8 ? word_at(at) : short_word(at, left);
  const std::uint64_t second = left >= 8 ? short_word(at + 8, left - 8) : 0;
  return mixed(first ^ hash, second ^ kOther);
}

}  // namespace

Spelling::Spelling(std::uint8_t what, std::string_view its_name, std::string_view its_tags)
    : kind(what), name(its_name), tags(its_tags) {
  wide_hash = hash_of(tags, hash_of(name, kind + kSeed));
  hash = static_cast<std::uint32_t>(wide_hash ^ wide_hash >> 32);
}

std::uint32_t Spellings::remember(const Spelling& spelling, std::uint32_t context) {
  const std::uint32_t at = texts_.add(spelling.name, spelling.tags);
  remember_at(at, spelling, context);
  return at;
}

void Spellings::remember_at(std::uint32_t at, const Spelling& spelling, std::uint32_t context) {
  Shard& shard = shards_[spelling.hash >> kShardShift];
  if (shard.slots.size() * 3 < 4 * (shard.used + 1)) grow(shard);
  const std::size_t mask = shard.slots.size() - 1;
  std::size_t i = spelling.hash & mask;
  while (shard.slots[i].context != kUnknown) i = (i + 1) & mask;
  shard.slots[i] = {spelling.hash, context, at, head_of(spelling), static_cast<std::uint16_t>(spelling.tags.size())};
  ++shard.used;
  ++used_;
}

void Spellings::grow(Shard& shard) {
  std::vector<Slot> old(std::max(kSlotsFirst, shard.slots.size() * 2));
  old.swap(shard.slots);
  slot_count_ += shard.slots.size() - old.size();
  const std::size_t mask = shard.slots.size() - 1;
  for (const Slot& slot : old) {
    if (slot.context == kUnknown) continue;
    std::size_t i = slot.hash & mask;
    while (shard.slots[i].context != kUnknown) i = (i + 1) & mask;
    shard.slots[i] = slot;
  }
}

}  // namespace metrics
