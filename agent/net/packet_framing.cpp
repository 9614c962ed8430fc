#include "net/packet_framing.hpp"

#include <algorithm>
#include <cstring>

namespace agent {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kReadBytes = 8 << 10;

std::uint32_t read_le32(const char* bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < kLengthBytes; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

}  // namespace

PacketFraming::PacketFraming(std::uint32_t framing, std::size_t packet_bytes_max)
    : framing_(framing), packet_bytes_max_(packet_bytes_max) {}

std::span<char> PacketFraming::room() {
  packets_.clear();
  input_.cut(0, taken_);
  taken_ = 0;
  input_.reserve(packet_bytes_max_ + kReadBytes);
  return input_.room();
}

void PacketFraming::received(std::size_t bytes) {
  input_.filled(bytes);
  if (framing_ == SLS_STREAM_LINES)
    find_lines();
  else
    find_sized();
}

void PacketFraming::add(std::size_t at, std::size_t bytes) {
  if (bytes > packet_bytes_max_)
    ++too_large_;
  else if (bytes > 0)
    packets_.push_back({input_.data() + at, bytes});
}

void PacketFraming::find_lines() {
  const char* const begin = input_.data();
  while (const void* found = std::memchr(begin + taken_ + searched_, '\n', left() - searched_)) {
    const std::size_t end = static_cast<std::size_t>(static_cast<const char*>(found) - begin);
    if (!in_long_line_) add(taken_, end - taken_);
    in_long_line_ = false;
    taken_ = end + 1;
    searched_ = 0;
  }
  searched_ = left();
  if (!in_long_line_ && left() <= packet_bytes_max_) return;
  if (!in_long_line_) ++too_large_;
  in_long_line_ = true;
  taken_ = input_.size();
  searched_ = 0;
}

void PacketFraming::find_sized() {
  for (;;) {
    const std::size_t passed = std::min<std::size_t>(skipped_, left());
    taken_ += passed;
    skipped_ -= static_cast<std::uint32_t>(passed);
    if (skipped_ > 0 || left() < kLengthBytes) return;
    const std::uint32_t bytes = read_le32(input_.data() + taken_);
    const bool fits = bytes <= packet_bytes_max_;
    if (fits && left() - kLengthBytes < bytes) return;
    add(taken_ + kLengthBytes, bytes);
    taken_ += kLengthBytes;
    skipped_ = bytes;
  }
}

void PacketFraming::ended() {
  packets_.clear();
  if (framing_ != SLS_STREAM_LINES || in_long_line_) return;
  add(taken_, left());
  taken_ = input_.size();
  searched_ = 0;
}

}  // namespace agent
