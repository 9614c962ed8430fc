// Protobuf, written in one of two ways. Stream writes at once: a message's length goes before it when it is known, and
// what was written moves only where the length takes more or less room than was left. Counter and Writer write twice,
// once to learn how long it is and once into its place, where the place has to have the right size. A message is one
// function over any of them.
//
// Fields are numbered below 16, whose tags are one byte. It refuses to look at texts. Called by agent_payload and
// stats_sketch.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace traces::proto {

inline std::size_t varint_bytes(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) * 9 + 64) / 64;
}

class Counter {
 public:
  std::size_t bytes() const { return bytes_; }

  void varint(unsigned /*field*/, std::uint64_t value) { bytes_ += 1 + varint_bytes(value); }
  void fixed64(unsigned /*field*/, std::uint64_t /*bits*/) { bytes_ += 9; }
  void bytes(unsigned /*field*/, std::string_view value) { bytes_ += 1 + varint_bytes(value.size()) + value.size(); }
  template <class Fill>
  void message(unsigned /*field*/, Fill fill) {
    Counter inside;
    fill(inside);
    bytes_ += 1 + varint_bytes(inside.bytes_) + inside.bytes_;
  }

 private:
  std::size_t bytes_ = 0;
};

// Writes where a Counter has said that there is room.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}
  const char* at() const { return at_; }

  void varint(unsigned field, std::uint64_t value) {
    tag(field, 0);
    number(value);
  }
  void fixed64(unsigned field, std::uint64_t bits) {
    tag(field, 1);
    for (int i = 0; i < 8; ++i) *at_++ = static_cast<char>(bits >> (8 * i));
  }
  void bytes(unsigned field, std::string_view value) {
    head(field, value.size());
    if (!value.empty()) std::memcpy(at_, value.data(), value.size());
    at_ += value.size();
  }
  template <class Fill>
  void message(unsigned field, Fill fill) {
    Counter inside;
    fill(inside);
    head(field, inside.bytes());
    fill(*this);
  }
  // What stands before bytes or a message of that length.
  void head(unsigned field, std::uint64_t length) {
    tag(field, 2);
    number(length);
  }

 private:
  void tag(unsigned field, unsigned type) { *at_++ = static_cast<char>(field << 3 | type); }
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<char>(value | 0x80);
    *at_++ = static_cast<char>(value);
  }

  char* at_;
};

// Memory that somebody has written into.
class Bytes {
 public:
  Bytes() = default;
  Bytes(std::unique_ptr<char[]> memory, std::size_t begin, std::size_t end)
      : memory_(std::move(memory)), begin_(begin), size_(end - begin) {}
  std::size_t size() const { return size_; }
  std::string_view view() const { return {memory_.get() + begin_, size_}; }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t begin_ = 0, size_ = 0;
};

// Writes into memory of its own, which grows; the first is of `first_bytes`. Lengths are below 2^28.
class Stream {
 public:
  explicit Stream(std::size_t first_bytes = kFirstBytes) : first_bytes_(first_bytes) {}

  std::size_t size() const { return at_; }
  // What was written from `begin` on, in no much more memory than it needs; then nothing is there.
  Bytes take(std::size_t begin) {
    const std::size_t end = std::exchange(at_, 0);
    if (capacity_ - (end - begin) <= (end - begin) / 4) {
      capacity_ = 0;
      return {std::move(bytes_), begin, end};
    }
    auto fitting = std::make_unique_for_overwrite<char[]>(end - begin);
    std::memcpy(fitting.get(), bytes_.get() + begin, end - begin);
    return {std::move(fitting), 0, end - begin};
  }

  void varint(unsigned field, std::uint64_t value) {
    char* to = room(11);
    *to++ = tag(field, 0);
    at_ = end(number(to, value));
  }
  void fixed64(unsigned field, std::uint64_t bits) { at_ = end(fixed(room(9), field, bits)); }
  void bytes(unsigned field, std::string_view value) { at_ = end(text(room(value.size() + 11), field, value)); }
  // An entry of a map: fields 1 and 2 of a message.
  void entry(unsigned field, std::string_view key, std::string_view value) {
    char* to = room(key.size() + value.size() + 33);
    const std::size_t length = 2 + varint_bytes(key.size()) + key.size() + varint_bytes(value.size()) + value.size();
    *to++ = tag(field, 2);
    to = number(to, length);
    at_ = end(text(text(to, 1, key), 2, value));
  }
  void entry(unsigned field, std::string_view key, double value) {
    char* to = room(key.size() + 33);
    *to++ = tag(field, 2);
    to = number(to, 1 + varint_bytes(key.size()) + key.size() + 9);
    at_ = end(fixed(text(to, 1, key), 2, std::bit_cast<std::uint64_t>(value)));
  }
  // `length_bytes`: what its length is likely to take.
  template <class Fill>
  void message(unsigned field, Fill fill, std::size_t length_bytes = 1) {
    *room(1 + kLengthBytesMax) = tag(field, 2);
    const std::size_t begin = at_ + 1 + length_bytes;
    at_ = begin;
    fill(*this);
    put_length(begin, length_bytes);
  }
  // Room that is written later, by `head`.
  void skip(std::size_t bytes) {
    room(bytes);
    at_ += bytes;
  }
  // What stands before bytes or a message of that length, so that it ends where room was left for it; where it begins.
  std::size_t head(std::size_t end, unsigned field, std::uint64_t length) {
    const std::size_t begin = end - 1 - varint_bytes(length);
    bytes_[begin] = tag(field, 2);
    number(bytes_.get() + begin + 1, length);
    return begin;
  }

 private:
  static constexpr std::size_t kLengthBytesMax = 4, kFirstBytes = 4 << 10;

  static char tag(unsigned field, unsigned type) { return static_cast<char>(field << 3 | type); }
  static char* number(char* to, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
    *to++ = static_cast<char>(value);
    return to;
  }
  static char* text(char* to, unsigned field, std::string_view value) {
    *to++ = tag(field, 2);
    to = number(to, value.size());
    return copy(to, value.data(), value.size());
  }
  // Most texts are short: without a call.
  static char* copy(char* to, const char* from, std::size_t n) {
    if (n > 32) {
      std::memcpy(to, from, n);
    } else if (n >= 16) {
      std::memcpy(to, from, 16);
      std::memcpy(to + n - 16, from + n - 16, 16);
    } else if (n >= 8) {
      std::memcpy(to, from, 8);
      std::memcpy(to + n - 8, from + n - 8, 8);
    } else if (n >= 4) {
      std::memcpy(to, from, 4);
      std::memcpy(to + n - 4, from + n - 4, 4);
    } else if (n != 0) {
      to[0] = from[0];
      to[n / 2] = from[n / 2];
      to[n - 1] = from[n - 1];
    }
    return to + n;
  }
  static char* fixed(char* to, unsigned field, std::uint64_t bits) {
    *to++ = tag(field, 1);
    for (int i = 0; i < 8; ++i) *to++ = static_cast<char>(bits >> (8 * i));
    return to;
  }
  std::size_t end(const char* to) const { return static_cast<std::size_t>(to - bytes_.get()); }
  char* room(std::size_t bytes) {
    if (bytes > capacity_ - at_) grow(bytes);
    return bytes_.get() + at_;
  }
  void grow(std::size_t bytes) {
    capacity_ = std::max(at_ + bytes, std::max(2 * capacity_, first_bytes_));
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
    if (at_ != 0) std::memcpy(larger.get(), bytes_.get(), at_);
    bytes_ = std::move(larger);
  }
  void put_length(std::size_t begin, std::size_t length_bytes) {
    const std::size_t length = at_ - begin, needed = varint_bytes(length);
    if (needed != length_bytes) {
      if (needed > length_bytes) room(needed - length_bytes);
      std::memmove(bytes_.get() + begin + needed - length_bytes, bytes_.get() + begin, length);
      at_ = at_ + needed - length_bytes;
    }
    number(bytes_.get() + begin - length_bytes, length);
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t first_bytes_, at_ = 0, capacity_ = 0;
};

}  // namespace traces::proto
