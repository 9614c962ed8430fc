// The connections of a unix stream socket, from which packets come: accepts, reads, hands whole batches on.
//
// At most kPacketConnectionsMax at a time, fewer where descriptors run short: the one that was quiet longest is closed
// for a new one. A peer is never answered. Owned by PacketServer, which has bound the socket.
#pragma once

#include <cstdint>
#include <memory>

#include "net/packet_server.hpp"
#include "net/task.hpp"

namespace agent {

class PacketStreams {
 public:
  // `listener`: bound and listening; it is owned from here on.
  PacketStreams(Loop& loop, int listener, const PacketSocket& wanted, PacketServer::Sink sink);
  ~PacketStreams();

  std::uint64_t dropped_too_large() const;
  // Takes in what waits in the connections, without waiting; a few blocks of each.
  void drain();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace agent
