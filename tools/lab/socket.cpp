#include "lab/socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace lab {
namespace {

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const std::string text = host == "localhost" || host.empty() ? "127.0.0.1" : host;
  if (inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1) throw LabError(host + " is no IPv4 address");
  return address;
}

void send_without_waiting_for_more(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

bool Socket::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

long Socket::receive(char* to, std::size_t size, int timeout_ms) {
  pollfd wanted{fd_, POLLIN, 0};
  for (;;) {
    const int ready = ::poll(&wanted, 1, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return -1;
    const ssize_t got = ::recv(fd_, to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    return got < 0 ? 0 : got;
  }
}

bool Socket::hung_up() const {
  pollfd wanted{fd_, POLLRDHUP, 0};
  return ::poll(&wanted, 1, 0) > 0 && (wanted.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void Socket::shut() {
  if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
}

void Socket::reset() {
  if (fd_ < 0) return;
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Socket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Socket connect_to(const std::string& host, std::uint16_t port, int timeout_ms) {
  const sockaddr_in address = address_of(host, port);
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return {};
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno != EINPROGRESS) return {};
    pollfd wanted{socket.fd(), POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    if (::poll(&wanted, 1, timeout_ms) <= 0) return {};
    if (getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return {};
  }
  fcntl(socket.fd(), F_SETFL, fcntl(socket.fd(), F_GETFL) & ~O_NONBLOCK);
  send_without_waiting_for_more(socket.fd());
  return socket;
}

Listener::Listener(const std::string& host, std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = address_of(host, port);
  const int on = 1;
  setsockopt(socket_.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (!socket_ || ::bind(socket_.fd(), plain, size) != 0 || ::listen(socket_.fd(), 512) != 0)
    throw LabError("cannot listen on " + host + ":" + std::to_string(port) + ": " + std::strerror(errno));
  getsockname(socket_.fd(), plain, &size);
  port_ = ntohs(address.sin_port);
}

Socket Listener::accept() {
  for (;;) {
    const int fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) send_without_waiting_for_more(fd);
    if (fd >= 0 || (errno != EINTR && errno != ECONNABORTED)) return Socket(fd);
  }
}

void send_datagram(const std::string& host, std::uint16_t port, std::string_view bytes) {
  const sockaddr_in address = address_of(host, port);
  const Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ::sendto(socket.fd(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

}  // namespace lab
