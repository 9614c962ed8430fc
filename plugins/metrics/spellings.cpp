#include "spellings.hpp"

#include <algorithm>
#include <cstring>

namespace metrics {

namespace {

constexpr std::size_t kSlotsFirst = 256;
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
  if (slots_.size() * 3 < 4 * (used_ + 1)) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = spelling.hash & mask;
  while (slots_[i].context != kUnknown) i = (i + 1) & mask;
  slots_[i] = {spelling.hash, context, at, head_of(spelling), static_cast<std::uint16_t>(spelling.tags.size())};
  ++used_;
}

void Spellings::grow() {
  std::vector<Slot> old(std::max(kSlotsFirst, slots_.size() * 2));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.context == kUnknown) continue;
    std::size_t i = slot.hash & mask;
    while (slots_[i].context != kUnknown) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

}  // namespace metrics
