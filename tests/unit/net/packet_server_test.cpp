#include "net/packet_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "on_loop.hpp"

namespace agent {
namespace {

struct Received {
  std::vector<std::string> packets;
  std::size_t calls = 0;
  PacketServer::Sink sink() {
    return [this](const sls_str* batch, std::size_t count) {
      ++calls;
      for (std::size_t i = 0; i < count; ++i) packets.emplace_back(batch[i].data, batch[i].len);
    };
  }
};

void send_udp(const std::string& address, const std::vector<std::string>& packets) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  for (const std::string& packet : packets)
    ::sendto(socket, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  ::close(socket);
}

TEST(PacketServer, HandsOnWholeBatchesInTheirOrder) {
  Loop loop;
  Received received;
  PacketSocket wanted;
  wanted.address = "udp://127.0.0.1:0";
  wanted.packet_bytes_max = 100;
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) sent.push_back("packet " + std::to_string(i));
  std::vector<std::string> wire = sent;
  wire.insert(wire.begin() + 10, std::string(101, 'x'));
  send_udp(server.address(), wire);
  server.drain();
  EXPECT_EQ(received.packets, sent);
  EXPECT_EQ(received.calls, 2u);  // 64 and the rest
  EXPECT_EQ(server.dropped_too_large(), 1u);
  EXPECT_EQ(server.dropped_by_kernel(), 0u);
}

TEST(PacketServer, CountsWhatTheKernelDropped) {
  Loop loop;
  Received received;
  PacketSocket wanted;
  wanted.address = "udp://127.0.0.1:0";
  wanted.receive_buffer_bytes = 4096;
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  const std::vector<std::string> many(500, std::string(500, 'x'));
  send_udp(server.address(), many);
  const std::uint64_t first = server.dropped_by_kernel();
  EXPECT_GT(first, 0u);
  server.drain();
  ASSERT_GT(received.packets.size(), 0u);
  EXPECT_EQ(received.packets.size() + first, 500u);  // also those behind the last that arrived
  send_udp(server.address(), many);
  server.drain();
  server.stop();
  EXPECT_EQ(received.packets.size() + server.dropped_by_kernel(), 1'000u);
}

Task<> wait_for(Loop& loop, const Received& received, std::size_t count) {
  while (received.packets.size() < count) co_await yield(loop);
}

TEST(PacketServer, ReceivesOnTheLoopFromAUnixSocket) {
  std::string folder = (std::filesystem::temp_directory_path() / "sls-net-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/s";
  Loop loop;
  Received received;
  PacketSocket wanted;
  wanted.address = "unixgram://" + path;
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, path.c_str(), path.size());
  EXPECT_EQ(::sendto(socket, "hi", 2, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to), 2);
  ::close(socket);
  EXPECT_TRUE(run_on(loop, wait_for(loop, received, 1)));
  EXPECT_EQ(received.packets, std::vector<std::string>{"hi"});
  PacketServer second(loop, wanted, received.sink());
  EXPECT_FALSE(second.listen());  // somebody listens there
  std::filesystem::remove_all(folder);
}

// A unix stream socket that packets come from as lines.
class PacketStreamsTest : public testing::Test {
 protected:
  PacketStreamsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sls-net-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    wanted.address = "unix://" + path();
    wanted.framing = SLS_STREAM_LINES;
    wanted.packet_bytes_max = 100;
  }
  ~PacketStreamsTest() override { std::filesystem::remove_all(folder); }

  std::string path() const { return folder + "/s"; }
  int connect() const {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, path().c_str(), path().size());
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    return socket;
  }
  static void send(int socket, std::string_view text) {
    EXPECT_EQ(::send(socket, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  void wait_until_received(std::size_t count) { EXPECT_TRUE(run_on(loop, wait_for(loop, received, count))); }

  std::string folder;
  Loop loop;
  Received received;
  PacketSocket wanted;
};

TEST_F(PacketStreamsTest, ReceivesFromSeveralConnections) {
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  EXPECT_EQ(server.address(), wanted.address);
  const int first = connect(), second = connect();
  send(first, "a\nhalf ");
  send(second, "b\n" + std::string(101, 'x') + "\n");
  wait_until_received(2);
  send(first, "and half\nlast");
  ::close(first);
  wait_until_received(4);
  ::close(second);
  std::sort(received.packets.begin(), received.packets.begin() + 2);
  EXPECT_EQ(received.packets, (std::vector<std::string>{"a", "b", "half and half", "last"}));
  EXPECT_EQ(server.dropped_too_large(), 1u);
  server.stop();
  EXPECT_EQ(server.dropped_too_large(), 1u);
}

TEST_F(PacketStreamsTest, HandsOnAtMostABatchAtOnce) {
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  const int socket = connect();
  std::string lines;
  for (int i = 0; i < 130; ++i) lines += "x\n";
  send(socket, lines);
  wait_until_received(130);
  EXPECT_EQ(received.calls, 3u);
  ::close(socket);
}

TEST_F(PacketStreamsTest, ClosesTheQuietestOfTooManyConnections) {
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  std::vector<int> sockets;
  for (std::size_t i = 0; i < limits::kPacketConnectionsMax; ++i) {
    sockets.push_back(connect());
    send(sockets.back(), "x\n");
    wait_until_received(i + 1);
  }
  send(sockets[0], "y\n");
  wait_until_received(limits::kPacketConnectionsMax + 1);
  sockets.push_back(connect());
  send(sockets.back(), "z\n");
  wait_until_received(limits::kPacketConnectionsMax + 2);
  char byte;
  EXPECT_EQ(::recv(sockets[1], &byte, 1, MSG_DONTWAIT), 0);
  EXPECT_EQ(::recv(sockets[0], &byte, 1, MSG_DONTWAIT), -1);
  for (const int socket : sockets) ::close(socket);
}

TEST_F(PacketStreamsTest, TakesInWhatWaitsBeforeTheLastFlush) {
  PacketServer server(loop, wanted, received.sink());
  ASSERT_TRUE(server.listen());
  const int socket = connect();
  send(socket, "a\n");
  wait_until_received(1);
  send(socket, "b\n");
  server.drain();
  EXPECT_EQ(received.packets, (std::vector<std::string>{"a", "b"}));
  ::close(socket);
}

TEST_F(PacketStreamsTest, TakesThePlaceOfWhatAnEarlierLifeLeftAndOfNobodyElse) {
  {
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, path().c_str(), path().size());
    EXPECT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ::close(left);
  }
  PacketServer server(loop, wanted, received.sink()), second(loop, wanted, received.sink());
  EXPECT_TRUE(server.listen());
  EXPECT_FALSE(second.listen());
}

TEST_F(PacketStreamsTest, SaysWhichAddressFitsWhichFraming) {
  for (const auto& [address, framing] :
       std::vector<std::pair<std::string, std::uint32_t>>{{"unix:///x", SLS_DATAGRAM},
                                                          {"udp://127.0.0.1:0", SLS_STREAM_LINES},
                                                          {"unixgram:///x", SLS_STREAM_LE32},
                                                          {"tcp://x", SLS_DATAGRAM},
                                                          {"unix:///x", 17}}) {
    PacketSocket odd = wanted;
    odd.address = address;
    odd.framing = framing;
    PacketServer server(loop, odd, received.sink());
    const Status outcome = server.listen();
    ASSERT_FALSE(outcome) << address;
    EXPECT_EQ(outcome.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace agent
