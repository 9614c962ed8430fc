// Which context a line belongs to, found by the bytes of its name and tags as they came.
//
// The same tags in another order, or the same name over another way, are other spellings of one context; each is
// learnt once and found by its hash from then on, without an allocation. It refuses to know what a context is: it
// stores a number. Used by wait; the texts of contexts lie here, too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text_store.hpp"

namespace metrics {

struct Spelling {
  std::uint8_t kind = 0;  // whatever keeps equal texts apart: type and origin; below 64
  std::string_view name, tags;
  std::uint64_t wide_hash = 0;
  std::uint32_t hash = 0;

  Spelling(std::uint8_t what, std::string_view its_name, std::string_view its_tags);
};

class Spellings {
 public:
  static constexpr std::uint32_t kUnknown = ~0u;
  static constexpr std::size_t kNameBytesMax = 1023, kTagBytesMax = TextStore::kTextBytesMax - kNameBytesMax - 1;

  std::uint32_t find(const Spelling& spelling) const {
    const std::vector<Slot>& slots = shards_[spelling.hash >> kShardShift].slots;
    if (slots.empty()) return kUnknown;
    const std::size_t mask = slots.size() - 1;
    for (std::size_t i = spelling.hash & mask;; i = (i + 1) & mask) {
      const Slot& slot = slots[i];
      if (slot.context == kUnknown) return kUnknown;
      if (slot.hash == spelling.hash && same(slot, spelling)) return slot.context;
    }
  }
  // Name and tags are within their bounds. Returns where the text lies.
  std::uint32_t remember(const Spelling& spelling, std::uint32_t context);
  // The same, for a text that lies here already.
  void remember_at(std::uint32_t at, const Spelling& spelling, std::uint32_t context);

  const char* text(std::uint32_t at) const { return texts_.at(at); }
  std::size_t count() const { return used_; }
  std::size_t memory() const { return slot_count_ * sizeof(Slot) + texts_.memory(); }

 private:
  struct Slot {
    std::uint32_t hash = 0, context = kUnknown, at = 0;
    std::uint16_t head = 0, tag_bytes = 0;  // head: kind and bytes of the name
  };
  static std::uint16_t head_of(const Spelling& spelling) {
    return static_cast<std::uint16_t>(spelling.kind << 10 | spelling.name.size());
  }
  bool same(const Slot& slot, const Spelling& spelling) const {
    if (slot.head != head_of(spelling) || slot.tag_bytes != spelling.tags.size()) return false;
    const char* const text = texts_.at(slot.at);
    return std::string_view(text, spelling.name.size()) == spelling.name
           && std::string_view(text + spelling.name.size(), spelling.tags.size()) == spelling.tags;
  }
  // Open addressing; a power of two, at most three quarters full. Several, so that growing one is soon done.
  struct Shard {
    std::vector<Slot> slots;
    std::size_t used = 0;
  };
  void grow(Shard& shard);

  static constexpr unsigned kShardShift = 28;
  std::array<Shard, 16> shards_;
  std::size_t slot_count_ = 0, used_ = 0;
  TextStore texts_;
};

}  // namespace metrics
