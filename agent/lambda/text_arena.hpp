// Bytes that a batch needs besides its own: unescaped, compacted and mended texts. Handed out one after another, never
// moved, all given up at once.
//
// Called by lambda/telemetry_event only. Memory is kept from batch to batch up to kKeptBytesMax, so that the usual
// batch allocates nothing and a huge one is not paid for ever after.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace agent {

class TextArena {
 public:
  static constexpr std::size_t kBlockBytes = 16 << 10;
  static constexpr std::size_t kKeptBytesMax = 256 << 10;
  static constexpr std::size_t kBehindBytes = 64;  // readable behind every text, for parsers that read in blocks

  // Room for `bytes`, valid until clear().
  char* room(std::size_t bytes) {
    while (current_ < blocks_.size() && blocks_[current_].size - used_ < bytes) advance();
    if (current_ == blocks_.size()) add(std::max(bytes, kBlockBytes));
    return blocks_[current_].bytes.get() + used_;
  }
  // The first `bytes` of the room handed out last become a text; the rest is free again.
  std::string_view keep(std::size_t bytes) {
    const std::string_view text(blocks_[current_].bytes.get() + used_, bytes);
    used_ += bytes;
    return text;
  }

  void clear() {
    current_ = 0;
    used_ = 0;
    std::size_t kept = 0;
    const auto first_excess = std::find_if(blocks_.begin(), blocks_.end(), [&kept](const Block& block) {
      kept += block.size;
      return kept > kKeptBytesMax;
    });
    blocks_.erase(first_excess, blocks_.end());
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  void advance() {
    ++current_;
    used_ = 0;
  }
  void add(std::size_t size) {
    Block block;
    block.bytes.reset(new char[size + kBehindBytes]());
    block.size = size;
    blocks_.push_back(std::move(block));
    used_ = 0;
  }

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
};

}  // namespace agent
