// Blocking TCP sockets: the lab's only way to the network.
//
// A Socket owns its descriptor. Sending reports a peer that went away as false, receiving as 0; a time-out is -1.
// Used by http.cpp (both sides) and by faults that need a connection to end in an unfriendly way.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lab {

// The lab cannot do what it was asked for: a file is missing, an address is taken, a program does not start.
struct LabError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  bool send_all(std::string_view bytes);
  long receive(char* to, std::size_t size, int timeout_ms);
  bool hung_up() const;  // the peer has closed its side, or the connection is broken
  void shut();           // ends both directions; a thread that is blocked in receive returns
  void reset();          // the peer sees a reset instead of an orderly end
  void close();

 private:
  int fd_ = -1;
};

// An empty socket where nobody listens or the time is over.
Socket connect_to(const std::string& host, std::uint16_t port, int timeout_ms);

class Listener {
 public:
  // Port 0: the kernel chooses. Throws LabError where the address is taken.
  Listener(const std::string& host, std::uint16_t port);
  std::uint16_t port() const { return port_; }
  Socket accept();  // an empty one after stop()
  void stop() { socket_.shut(); }

 private:
  Socket socket_;
  std::uint16_t port_ = 0;
};

void send_datagram(const std::string& host, std::uint16_t port, std::string_view bytes);

}  // namespace lab
