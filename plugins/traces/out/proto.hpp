// Protobuf, written twice: once to learn how long it is, once into its place. A message is one function over a sink,
// so that the two cannot differ; nothing is moved afterwards, and nothing is kept between.
//
// Fields are numbered below 16, whose tags are one byte. It refuses to look at texts. Called by agent_payload.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

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

}  // namespace traces::proto
