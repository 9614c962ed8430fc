#include "sls/codec/msgpack.hpp"

#include <bit>
#include <limits>

namespace sls::msgpack {

namespace {

// What follows the first byte, after the MessagePack specification (formats 0xc0 to 0xdf).
struct Format {
  Kind kind;
  std::uint8_t width;  // bytes of the length, count or scalar that follow
  bool is_signed;
};
constexpr Format kFormats[32] = {
    {Kind::kNil, 0, false},       {Kind::kNone, 0, false},      {Kind::kBoolean, 0, false},
    {Kind::kBoolean, 0, false},   {Kind::kBinary, 1, false},    {Kind::kBinary, 2, false},
    {Kind::kBinary, 4, false},    {Kind::kExtension, 1, false}, {Kind::kExtension, 2, false},
    {Kind::kExtension, 4, false}, {Kind::kFloat, 4, false},     {Kind::kFloat, 8, false},
    {Kind::kInteger, 1, false},   {Kind::kInteger, 2, false},   {Kind::kInteger, 4, false},
    {Kind::kInteger, 8, false},   {Kind::kInteger, 1, true},    {Kind::kInteger, 2, true},
    {Kind::kInteger, 4, true},    {Kind::kInteger, 8, true},    {Kind::kExtension, 0, false},
    {Kind::kExtension, 0, false}, {Kind::kExtension, 0, false}, {Kind::kExtension, 0, false},
    {Kind::kExtension, 0, false}, {Kind::kString, 1, false},    {Kind::kString, 2, false},
    {Kind::kString, 4, false},    {Kind::kArray, 2, false},     {Kind::kArray, 4, false},
    {Kind::kMap, 2, false},       {Kind::kMap, 4, false}};
constexpr std::uint8_t kFixedExtension = 0xd4;  // 1, 2, 4, 8, 16 bytes

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<std::uint8_t>(c);
  return out;
}

}  // namespace

// False: the end, truncated, or 0xc1, which is never used. Lengths are not yet compared with what is there.
bool Reader::read(Head& out) const {
  if (failed_ || at_ >= bytes_.size()) return false;
  const auto first = static_cast<std::uint8_t>(bytes_[at_]);
  if (first < 0x80) return out = {Kind::kInteger, 1, first}, true;
  if (first < 0x90) return out = {Kind::kMap, 1, first & 0x0Fu}, true;
  if (first < 0xa0) return out = {Kind::kArray, 1, first & 0x0Fu}, true;
  if (first < 0xc0) return out = {Kind::kString, 1, first & 0x1Fu}, true;
  if (first >= 0xe0) {
    out = {Kind::kInteger, 1, static_cast<std::uint64_t>(std::int64_t{static_cast<std::int8_t>(first)}), true};
    return true;
  }
  const Format format = kFormats[first - 0xc0];
  if (format.kind == Kind::kNone || bytes_.size() - at_ < 1u + format.width) return false;
  out = {format.kind, 1u + format.width, big_endian(bytes_.substr(at_ + 1, format.width))};
  if (format.is_signed) {
    const unsigned shift = 64 - 8u * format.width;
    out.value = static_cast<std::uint64_t>(static_cast<std::int64_t>(out.value << shift) >> shift);
    out.negative = out.value >> 63 != 0;
  }
  if (format.kind == Kind::kBoolean) out.value = first & 1u;
  out.narrow = format.kind == Kind::kFloat && format.width == 4;
  if (format.kind == Kind::kExtension) {
    if (format.width == 0) out.value = std::uint64_t{1} << (first - kFixedExtension);
    out.value += 1;  // its type
  }
  return true;
}

Kind Reader::kind() const {
  Head head;
  return read(head) ? head.kind : Kind::kNone;
}

bool Reader::take_boolean(bool& out) {
  Head head;
  if (!read(head) || head.kind != Kind::kBoolean) return false;
  at_ += head.bytes;
  out = head.value != 0;
  return true;
}

bool Reader::take_unsigned_slowly(std::uint64_t& out) {
  Head head;
  if (!read(head) || head.kind != Kind::kInteger || head.negative) return false;
  at_ += head.bytes;
  out = head.value;
  return true;
}

bool Reader::take_signed_slowly(std::int64_t& out) {
  Head head;
  if (!read(head) || head.kind != Kind::kInteger) return false;
  if (!head.negative && head.value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
  at_ += head.bytes;
  out = static_cast<std::int64_t>(head.value);
  return true;
}

bool Reader::take_number_slowly(double& out) {
  Head head;
  if (!read(head)) return false;
  if (head.kind == Kind::kFloat)
    out = head.narrow ? double{std::bit_cast<float>(static_cast<std::uint32_t>(head.value))}
                      : std::bit_cast<double>(head.value);
  else if (head.kind == Kind::kInteger)
    out = head.negative ? static_cast<double>(static_cast<std::int64_t>(head.value)) : static_cast<double>(head.value);
  else
    return false;
  at_ += head.bytes;
  return true;
}

bool Reader::take_bytes(Kind kind, std::string_view& out) {
  Head head;
  if (!read(head) || head.kind != kind) return false;
  if (head.value > bytes_.size() - at_ - head.bytes) return fail();
  out = bytes_.substr(at_ + head.bytes, head.value);
  at_ += head.bytes + head.value;
  return true;
}

bool Reader::enter(Kind kind, std::size_t& count) {
  Head head;
  if (!read(head) || head.kind != kind) return false;
  const std::uint64_t bytes_at_least = kind == Kind::kMap ? 2 * head.value : head.value;
  if (bytes_at_least > bytes_.size() - at_ - head.bytes) return fail();
  at_ += head.bytes;
  count = head.value;
  return true;
}

// Instead of going down, counts the values that are still owed.
bool Reader::skip() {
  std::uint64_t owed = 1;
  while (owed != 0) {
    Head head;
    if (!read(head)) return fail();
    const std::size_t left = bytes_.size() - at_ - head.bytes;
    std::uint64_t inside = 0;
    if (head.kind == Kind::kArray || head.kind == Kind::kMap) {
      inside = head.kind == Kind::kMap ? 2 * head.value : head.value;
      if (inside > left) return fail();
    } else if (head.kind == Kind::kString || head.kind == Kind::kBinary || head.kind == Kind::kExtension) {
      if (head.value > left) return fail();
      at_ += head.value;
    }
    at_ += head.bytes;
    owed += inside;
    --owed;
  }
  return true;
}

}  // namespace sls::msgpack
