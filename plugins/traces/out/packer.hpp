// MessagePack, appended to a text. It refuses to check that as many values follow as were counted. Called by the stats
// payloads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace traces {

class Packer {
 public:
  explicit Packer(std::string& out) : out_(out) {}

  void map(std::size_t count) { sized(count, 0x80, 16, 0xde); }
  void array(std::size_t count) { sized(count, 0x90, 16, 0xdc); }
  void text(std::string_view value) {
    if (value.size() < 32)
      byte(0xa0 | value.size());
    else
      big_endian(0xdb, value.size(), 4);
    out_.append(value);
  }
  void binary(std::string_view value) {
    big_endian(0xc6, value.size(), 4);
    out_.append(value);
  }
  void number(std::uint64_t value) {
    if (value < 0x80)
      byte(value);
    else
      big_endian(0xcf, value, 8);
  }
  void truth(bool value) { byte(value ? 0xc3 : 0xc2); }
  void field(std::string_view name, std::string_view value) { text(name), text(value); }
  void texts(std::span<const std::string_view> values) {
    array(values.size());
    for (const std::string_view value : values) text(value);
  }
  void field(std::string_view name, std::uint64_t value) { text(name), number(value); }

 private:
  void byte(std::size_t value) { out_.push_back(static_cast<char>(value)); }
  void big_endian(std::size_t lead, std::uint64_t value, int bytes) {
    byte(lead);
    while (bytes-- > 0) byte(value >> (8 * bytes) & 0xff);
  }
  // `lead` for 16 bits; the next one is for 32.
  void sized(std::size_t count, std::size_t small, std::size_t small_max, std::size_t lead) {
    if (count < small_max)
      byte(small | count);
    else if (count <= 0xffff)
      big_endian(lead, count, 2);
    else
      big_endian(lead + 1, count, 4);
  }

  std::string& out_;
};

}  // namespace traces
