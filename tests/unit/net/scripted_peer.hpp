// A peer of one connection after the other that does what a script says, on a thread of its own with plain
// sockets.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace agent {

class ScriptedPeer {
 public:
  // Called once per connection, in their order; the socket is closed afterwards.
  using Script = std::function<void(int socket)>;

  explicit ScriptedPeer(std::vector<Script> scripts) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, todo = std::move(scripts)] {
      for (const Script& script : todo) {
        const int socket = ::accept(listener_, nullptr, nullptr);
        if (socket < 0) return;
        script(socket);
        ::close(socket);
      }
    });
  }
  ~ScriptedPeer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }

  // What came until `end` stands in it, the peer closed, or five seconds passed.
  static std::string read(int socket, std::string_view end) {
    std::string text;
    char byte;
    pollfd waiting{socket, POLLIN, 0};
    while (text.find(end) == std::string::npos && ::poll(&waiting, 1, 5000) == 1 && ::recv(socket, &byte, 1, 0) == 1)
      text += byte;
    return text;
  }
  static void write(int socket, std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Reads one request without body, then says `answer`.
  static Script answering(std::string answer) {
    return [answer = std::move(answer)](int socket) {
      read(socket, "\r\n\r\n");
      write(socket, answer);
    };
  }

 private:
  int listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace agent
