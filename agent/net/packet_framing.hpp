// Packets out of a stream of bytes: lines, or a little-endian 32-bit length before each packet. No socket.
//
// The owner reads into room(), tells received(), and hands packets() on before it asks for room again. A packet over
// the limit is counted and passed over; the next one lives. Memory stays at one packet and what is read at once. Called
// by PacketStreams and its tests.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "net/input_buffer.hpp"
#include "sls/plugin.h"

namespace agent {

class PacketFraming {
 public:
  // `framing`: SLS_STREAM_LINES or SLS_STREAM_LE32.
  PacketFraming(std::uint32_t framing, std::size_t packet_bytes_max);

  // Never empty.
  std::span<char> room();
  void received(std::size_t bytes);
  // The peer has ended: a last line without its end is a packet too.
  void ended();
  // Whole packets without their framing, none empty; 64 readable bytes lie behind each. Valid until room().
  std::span<const sls_str> packets() const { return packets_; }
  // Of all packets since the beginning.
  std::uint64_t too_large() const { return too_large_; }

 private:
  void find_lines();
  void find_sized();
  std::size_t left() const { return input_.size() - taken_; }
  void add(std::size_t at, std::size_t bytes);

  std::uint32_t framing_;
  std::size_t packet_bytes_max_;
  InputBuffer input_;
  std::size_t taken_ = 0;      // of the input
  std::size_t searched_ = 0;   // behind `taken_`, without finding a line's end
  std::uint32_t skipped_ = 0;  // bytes of a packet over the limit that are still to come
  bool in_long_line_ = false;
  std::uint64_t too_large_ = 0;
  std::vector<sls_str> packets_;
};

}  // namespace agent
