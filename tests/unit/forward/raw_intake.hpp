// An intake on raw sockets, in a thread of its own: takes HTTP/1.1 requests over kept-alive connections and misbehaves
// where a test says so, by the number of the request. What it has taken is told after stop().
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace agent {

enum class Act {
  kTake,
  kCloseAtOnce,
  kResetMidBody,
  kResetAfterBody,
  k500,
  k413,
  kGarbage,
  kHalfAnswer,
  kMute,
  kRedirect
};

class RawIntake {
 public:
  using Decide = std::function<Act(int request)>;

  explicit RawIntake(Decide decide) : decide_(std::move(decide)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0)
      std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~RawIntake() { stop(); }

  void stop() {
    if (stopping_.exchange(true)) return;
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  int requests() const { return requests_; }
  std::vector<std::string> taken() {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  void accept_all() {
    while (!stopping_) {
      if (!readable(listener_)) continue;
      const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      ++connections_;
      threads_.emplace_back([this, peer] {
        while (serve(peer)) {
        }
        ::close(peer);
      });
    }
  }

  static bool readable(int descriptor) {
    pollfd wanted{descriptor, POLLIN, 0};
    return ::poll(&wanted, 1, 5) > 0;
  }

  // Appends what comes; false: the peer has gone, or the test is over.
  bool read_more(int peer, std::string& text) {
    while (!stopping_) {
      if (!readable(peer)) continue;
      char buffer[16384];
      const ssize_t size = ::recv(peer, buffer, sizeof buffer, 0);
      if (size <= 0) return false;
      text.append(buffer, static_cast<std::size_t>(size));
      return true;
    }
    return false;
  }

  static bool reset(int peer) {
    const linger now{1, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return false;
  }

  static bool say(int peer, const std::string& text) {
    return ::send(peer, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  // One request; false: the connection ends.
  bool serve(int peer) {
    std::string text;
    std::size_t head = 0;
    while ((head = text.find("\r\n\r\n")) == std::string::npos)
      if (!read_more(peer, text)) return false;
    const Act act = decide_(++requests_);
    if (act == Act::kCloseAtOnce) return false;
    if (act == Act::kResetMidBody) return reset(peer);
    const std::size_t length = text.find("Content-Length: ");
    const std::size_t body = std::strtoul(text.c_str() + length + 16, nullptr, 10);
    while (text.size() < head + 4 + body)
      if (!read_more(peer, text)) return false;
    if (act == Act::kTake || act == Act::kHalfAnswer || act == Act::kMute || act == Act::kResetAfterBody) {
      const std::lock_guard lock(mutex_);
      taken_.push_back(text.substr(head + 4));
    }
    switch (act) {
      case Act::kTake: return say(peer, "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}");
      case Act::k500: return say(peer, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops");
      case Act::k413: return say(peer, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
      case Act::kRedirect: return say(peer, "HTTP/1.1 307 There\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
      case Act::kGarbage: return say(peer, "ERR nonsense \x01\x02\r\n\r\n") && false;
      case Act::kHalfAnswer: return say(peer, "HTTP/1.1 202 Accepted\r\nContent-Le") && false;
      case Act::kMute: {
        std::string ignored;
        return read_more(peer, ignored) && false;
      }
      default: return reset(peer);
    }
  }

  Decide decide_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0}, requests_{0};
  std::mutex mutex_;
  std::vector<std::string> taken_;
  std::vector<std::thread> threads_;  // of the acceptor only
  std::thread acceptor_;
};

}  // namespace agent
