// The floor under reading DogStatsD: splits a packet into lines and a line at its separators, hashes every byte, and
// counts in a table that the hash leads to. It checks nothing, converts nothing and knows no type.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace floor_program {

class Sink {
 public:
  Sink() : counts_(1 << 12) {}

  void take(std::string_view packet) {
    while (!packet.empty()) {
      const char* const end = static_cast<const char*>(std::memchr(packet.data(), '\n', packet.size()));
      const std::size_t size = end == nullptr ? packet.size() : static_cast<std::size_t>(end - packet.data());
      take_line(packet.substr(0, size));
      packet.remove_prefix(end == nullptr ? size : size + 1);
    }
  }
  std::uint64_t seen() const {
    std::uint64_t out = 0;
    for (const std::uint64_t count : counts_) out += count;
    return out;
  }

 private:
  void take_line(std::string_view line) {
    std::uint64_t hash = 0xCBF29CE484222325u;
    while (!line.empty()) {
      const char* const bar = static_cast<const char*>(std::memchr(line.data(), '|', line.size()));
      const std::size_t size = bar == nullptr ? line.size() : static_cast<std::size_t>(bar - line.data());
      hash = hashed(line.substr(0, size), hash);
      line.remove_prefix(bar == nullptr ? size : size + 1);
    }
    ++counts_[hash >> 52];
  }
  // Eight bytes at a time.
  static std::uint64_t hashed(std::string_view bytes, std::uint64_t hash) {
    std::uint64_t word = 0;
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
      std::memcpy(&word, bytes.data(), 8);
      hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
      hash ^= hash >> 29;
    }
    word = 0;
    if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
    hash = (hash ^ word ^ bytes.size()) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
  }
  std::vector<std::uint64_t> counts_;
};

}  // namespace floor_program
