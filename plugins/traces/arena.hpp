// Texts that trades make while one chunk is worked on: kept until the chunk is done, freed at once.
//
// Blocks are reused; a text that is larger than a block has one of its own, which goes at clear. Views stay where they
// are until then. It refuses to free a single text.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace traces {

class Arena {
 public:
  // A copy of `text` that lives until clear.
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* place = take(text.size());
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }
  // Room for `bytes` bytes, not yet written.
  char* take(std::size_t bytes) {
    if (bytes > kBlockBytes / 4) return large_.emplace_back(std::make_unique_for_overwrite<char[]>(bytes)).get();
    if (blocks_.empty() || bytes > kBlockBytes - used_) next_block();
    char* place = blocks_[block_].get() + used_;
    used_ += bytes;
    return place;
  }
  void clear() {
    large_.clear();
    block_ = 0;
    used_ = 0;
    if (blocks_.size() > kBlocksKept) blocks_.resize(kBlocksKept);
  }

 private:
  static constexpr std::size_t kBlockBytes = 16 << 10, kBlocksKept = 16;

  void next_block() {
    if (!blocks_.empty()) ++block_;
    if (block_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    used_ = 0;
  }

  std::vector<std::unique_ptr<char[]>> blocks_, large_;
  std::size_t block_ = 0, used_ = 0;
};

}  // namespace traces
