// Datagram and stream sockets that hand whole batches of packets on: UDP, unix datagram, unix stream.
//
// Batches of up to kPacketsPerBatchMax datagrams per recvmmsg; 64 readable bytes lie behind each packet. Stream
// framing: lines, or a little-endian 32-bit length before each packet. The kernel's own drops (SO_MEMINFO, Linux 4.12)
// and packets over packet_bytes_max are counted. Called by agent/agent for what plugins asked for; the sink is
// plugin_set.on_packets.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/task.hpp"
#include "sls/plugin.h"

namespace agent {

struct PacketSocket {
  std::string address;  // "udp://127.0.0.1:8125", "unixgram:///run/dsd.sock", "unix:///run/dsd.stream"
  std::uint32_t framing = SLS_DATAGRAM;
  std::uint32_t receive_buffer_bytes = 0;  // SO_RCVBUF; 0: the system's
  std::uint32_t packet_bytes_max = 8192;
};

class PacketServer {
 public:
  using Sink = std::function<void(const sls_str* packets, std::size_t count)>;

  PacketServer(Loop& loop, PacketSocket socket, Sink sink);
  ~PacketServer();

  Status listen();
  std::string address() const;  // with the real port
  // Datagrams that found no room in the receive buffer, up to this moment; asks the kernel.
  std::uint64_t dropped_by_kernel() const;
  std::uint64_t dropped_too_large() const;
  // Takes in what already waits in the socket (before the last flush); at most a few batches.
  void drain();
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace agent
