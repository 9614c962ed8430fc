#include "net/packet_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

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
  server.drain();
  send_udp(server.address(), {"after"});  // carries the count
  server.drain();
  ASSERT_GT(received.packets.size(), 1u);
  EXPECT_EQ(received.packets.size() + server.dropped_by_kernel(), 501u);
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

}  // namespace
}  // namespace agent
