// MessagePack, read in one pass: a pull reader over borrowed bytes that believes nothing that it is told.
//
// Every length and count is compared with the bytes that are there before it is believed; skipping needs neither
// recursion nor a stack, whatever the depth. A value of another kind than asked for is left where it is, so that the
// caller may skip it and go on; only truncated or impossible bytes are a failure, which stays. It refuses to be a
// document model: nothing is stored, nothing is allocated, nothing is thrown; texts are views into the caller's bytes
// and are not looked at (UTF-8 is the caller's business).
//
// What nearly every value is (short texts, small and 64-bit numbers, short arrays and maps) is read in place, the rest
// by a call.
//
// Called by plugins.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sls::msgpack {

enum class Kind : std::uint8_t {
  kNone,  // the end, or nothing that MessagePack knows
  kNil,
  kBoolean,
  kInteger,
  kFloat,
  kString,
  kBinary,
  kArray,
  kMap,
  kExtension
};

class Reader {
 public:
  Reader() = default;
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  // Of the value that comes next.
  Kind kind() const;
  // True: truncated, or a byte or count that cannot be. Nothing is read any more.
  bool failed() const { return failed_; }
  bool at_end() const { return at_ == bytes_.size(); }
  std::size_t offset() const { return at_; }

  // Each takes the next value if it is of that kind (and fits); otherwise it stays and the answer is false.
  bool take_nil() {
    if (ahead() != 0xc0) return false;
    ++at_;
    return true;
  }
  bool take_boolean(bool& out);
  bool take_unsigned(std::uint64_t& out) {  // negative ones do not fit
    const unsigned first = ahead();
    if (first < 0x80) return out = first, ++at_, true;
    if (first == 0xcf && left() >= 9) return out = eight_bytes(), at_ += 9, true;
    return take_unsigned_slowly(out);
  }
  bool take_signed(std::int64_t& out) {  // those above the greatest signed one do not fit
    const unsigned first = ahead();
    if (first < 0x80) return out = static_cast<std::int64_t>(first), ++at_, true;
    if (first == 0xcf && left() >= 9) {
      const std::uint64_t number = eight_bytes();
      if (number >> 63 != 0) return false;
      return out = static_cast<std::int64_t>(number), at_ += 9, true;
    }
    return take_signed_slowly(out);
  }
  bool take_number(double& out) {  // floats of both widths and integers
    const unsigned first = ahead();
    if (first < 0x80) return out = first, ++at_, true;
    if (first == 0xcb && left() >= 9) return out = std::bit_cast<double>(eight_bytes()), at_ += 9, true;
    return take_number_slowly(out);
  }
  [[gnu::always_inline]] bool take_string(std::string_view& out) {
    const unsigned first = ahead();
    std::size_t head = 1, length = first & 0x1f;
    if ((first & 0xffe0) != 0xa0) {
      if (first != 0xd9 || left() < 2) return take_bytes(Kind::kString, out);
      head = 2;
      length = byte(1);
    }
    if (length > left() - head) return fail();
    out = {bytes_.data() + at_ + head, length};
    at_ += head + length;
    return true;
  }
  bool take_binary(std::string_view& out) { return take_bytes(Kind::kBinary, out); }
  // Elements, or pairs of key and value, follow; there are at least as many bytes left as they need at the least.
  bool enter_array(std::size_t& count) { return enter(Kind::kArray, count); }
  bool enter_map(std::size_t& count) { return enter(Kind::kMap, count); }
  // Steps over one value with all that is in it. False: failed.
  bool skip();

 private:
  struct Head {
    Kind kind = Kind::kNone;
    std::size_t bytes = 0;    // of the head
    std::uint64_t value = 0;  // length, count, or the bits of a scalar
    bool negative = false;
    bool narrow = false;  // a float of 4 bytes
  };
  static constexpr unsigned kNothing = 0x100;

  std::size_t left() const { return bytes_.size() - at_; }
  unsigned byte(std::size_t place) const { return static_cast<unsigned char>(bytes_[at_ + place]); }
  // The first byte of the value that comes next, or kNothing.
  unsigned ahead() const { return failed_ || at_ >= bytes_.size() ? kNothing : byte(0); }
  // Behind the first one, the first of them the highest.
  std::uint64_t eight_bytes() const {
    std::uint64_t out = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&out, bytes_.data() + at_ + 1, sizeof out);
      return __builtin_bswap64(out);
    }
    for (std::size_t i = 1; i <= 8; ++i) out = out << 8 | byte(i);
    return out;
  }
  bool take_unsigned_slowly(std::uint64_t& out);
  bool take_signed_slowly(std::int64_t& out);
  bool take_number_slowly(double& out);
  bool read(Head& out) const;
  bool take_bytes(Kind kind, std::string_view& out);
  bool enter(Kind kind, std::size_t& count);
  bool fail() { return failed_ = true, false; }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace sls::msgpack
