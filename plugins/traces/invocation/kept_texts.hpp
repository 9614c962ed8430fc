// Texts that one invocation keeps until its spans are sent: copies in few small blocks, so that an open invocation
// costs little. Views stay where they are, also when the whole is moved.
//
// Bounded: a text is cut at kTextBytesMax, all of them together at kKeptBytesMax, never within a character; what is no
// UTF-8 is mended. It refuses to free a single text. Owned by TriggerFacts.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace traces::invocation {

inline constexpr std::size_t kTextBytesMax = 5000;      // as much as a resource may have
inline constexpr std::size_t kKeptBytesMax = 32 << 10;  // of one invocation

class KeptTexts {
 public:
  KeptTexts() = default;
  KeptTexts(KeptTexts&& other) noexcept { *this = std::move(other); }
  KeptTexts& operator=(KeptTexts&& other) noexcept {
    blocks_ = std::move(other.blocks_);
    other.blocks_.clear();
    at_ = std::exchange(other.at_, nullptr);
    left_ = std::exchange(other.left_, 0);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }

  // A copy, of the parts one behind the other. What is kept already is not copied again.
  std::string_view keep(std::string_view text) { return owns(text) ? text : keep({text}); }
  std::string_view keep(std::initializer_list<std::string_view> parts);
  // What is held for them.
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kBlockBytes = 1024;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  bool owns(std::string_view text) const;
  std::size_t room() const { return bytes_ < kKeptBytesMax ? kTextBytesMax : left_; }
  char* take(std::size_t bytes);

  std::vector<Block> blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0, bytes_ = 0;
};

}  // namespace traces::invocation
