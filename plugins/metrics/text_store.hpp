// Texts that are kept until all of them are given up: appended, never moved, addressed by 32 bits.
//
// Blocks instead of one string, so that growing never copies what is there and never needs twice its size at once. A
// text is at most kTextBytesMax long and lies in one block. Used by spellings.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace metrics {

class TextStore {
 public:
  static constexpr std::size_t kBlockBytes = 1 << 16, kFirstBlockBytes = 1 << 12;
  static constexpr std::size_t kTextBytesMax = kBlockBytes;

  // Both, one behind the other.
  std::uint32_t add(std::string_view first, std::string_view second) {
    const std::size_t bytes = first.size() + second.size();
    if (blocks_.empty() || used_ + bytes > capacity_) open_block(bytes);
    char* const to = blocks_.back().get() + used_;
    std::memcpy(to, first.data(), first.size());
    if (!second.empty()) std::memcpy(to + first.size(), second.data(), second.size());
    const auto at = static_cast<std::uint32_t>((blocks_.size() - 1) * kBlockBytes + used_);
    used_ += bytes;
    return at;
  }
  const char* at(std::uint32_t place) const { return blocks_[place / kBlockBytes].get() + place % kBlockBytes; }
  std::size_t memory() const { return memory_; }

 private:
  void open_block(std::size_t bytes) {
    capacity_ = std::max(blocks_.empty() ? kFirstBlockBytes : kBlockBytes, bytes);
    blocks_.emplace_back(new char[capacity_]);
    memory_ += capacity_;
    used_ = 0;
  }
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = 0, capacity_ = 0, memory_ = 0;
};

}  // namespace metrics
