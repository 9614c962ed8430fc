// Bytes from a socket in one piece, with 64 readable bytes behind them for parsers that read in blocks.
//
// Grows by realloc (large blocks move without a copy), never by itself: the owner decides how much it trusts
// a claimed length. Used by the HTTP readers of this room; knows no protocol.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace agent {

class InputBuffer {
 public:
  static constexpr std::size_t kSlack = 64;

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }  // without the slack

  // Makes room for `bytes` in all. What was pointed at moves.
  void reserve(std::size_t bytes) {
    if (bytes <= capacity_) return;
    char* grown = static_cast<char*>(std::realloc(bytes_.get(), bytes + kSlack));
    if (!grown) throw std::bad_alloc();
    static_cast<void>(bytes_.release());
    bytes_.reset(grown);
    capacity_ = bytes;
  }
  std::span<char> room() { return {bytes_.get() + size_, capacity_ - size_}; }
  void filled(std::size_t bytes) { size_ += bytes; }

  // Takes out [from, to); what lies behind moves down.
  void cut(std::size_t from, std::size_t to) {
    if (from == to) return;
    std::memmove(bytes_.get() + from, bytes_.get() + to, size_ - to);
    size_ -= to - from;
  }
  void truncate(std::size_t size) { size_ = size; }
  // Forgets everything, and gives the memory back when there is more than `capacity_max` of it.
  void clear(std::size_t capacity_max) {
    size_ = 0;
    if (capacity_ <= capacity_max) return;
    bytes_.reset();
    capacity_ = 0;
  }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<char, Free> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace agent
