// HTTP/1.1, both sides, blocking: one thread per connection.
//
// The server hands each whole request to a handler and sends what it answers, in the manner that it asks for: the
// faults of an intake live here as manners. It speaks no TLS and no HTTP/2. The client keeps one connection alive and
// opens it again when the peer has closed it in between. Used by the platform's APIs, the intake and the demo function.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "lab/monitor.hpp"
#include "lab/socket.hpp"

namespace lab {

using Headers = std::vector<std::pair<std::string, std::string>>;
// Without regard to case; empty where there is none.
std::string_view header_of(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method, path, query, body;
  Headers headers;
  Clock::time_point arrived;
  std::string_view header(std::string_view name) const { return header_of(headers, name); }
};

// How an answer is given.
enum class Manner {
  kNormal,
  kHang,        // never; the connection stays open
  kCut,         // reset instead of an answer
  kCutBody,     // reset in the middle of the request's body
  kSlowRead,    // reads one byte of the body per second
  kDrip,        // one byte of the answer per second
  kCloseAfter,  // answers, then closes although keep-alive was agreed
  kHalf,        // half of the answer, then closes
  kHeadOnly,    // the answer without its body, then closes
  kGarbage,     // bytes that are no HTTP
  kEndless,     // a body without end
};

struct HttpAnswer {
  int status = 200;
  std::string body;
  Headers headers;
  Manner manner = Manner::kNormal;
};

class HttpServer {
 public:
  // `gone` of the peer: the connection was closed while the handler works on the answer.
  using Gone = std::function<bool()>;
  using Handler = std::function<HttpAnswer(const HttpRequest&, const Gone& gone)>;
  // Asked when the head is there: only kNormal, kCutBody and kSlowRead have a meaning.
  using AtHead = std::function<Manner(const HttpRequest&)>;

  explicit HttpServer(Handler handler, AtHead at_head = {}, const std::string& host = "127.0.0.1",
                      std::uint16_t port = 0);
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return port_; }
  unsigned connections() const { return connections_; }
  void go_down();               // from now on connections are refused, and those that exist are reset
  void come_up();               // on the same port
  void let_go() { ++let_go_; }  // requests that hang now are cut
  void stop();

 private:
  struct Connection {
    Socket socket;
    std::thread thread;
    std::atomic<bool> done{false};
  };
  void listen(std::uint16_t port);
  void accept_all();
  void serve(Connection& connection);
  bool answer(Connection& connection, const HttpAnswer& answer, bool keep_alive);
  bool pause(Clock::duration time);  // false: the server stops
  bool slow_pause();                 // the same, a second of the sandbox's time
  void close_connections();

  Handler handler_;
  AtHead at_head_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Listener> listener_;
  std::thread acceptor_;
  std::mutex mutex_;
  std::list<Connection> list_;
  std::atomic<bool> stopping_{false};
  std::atomic<unsigned> connections_{0}, let_go_{0};
};

struct HttpReply {
  int status = 0;  // 0: there was none
  Headers headers;
  std::string body;
  std::string_view header(std::string_view name) const { return header_of(headers, name); }
};

class HttpClient {
 public:
  HttpClient(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}
  // timeout_ms -1: waits for ever.
  HttpReply send(std::string_view method, std::string_view target, std::string_view body = {},
                 const Headers& headers = {}, int timeout_ms = 5000);

 private:
  std::string host_;
  std::uint16_t port_;
  Socket socket_;
};

}  // namespace lab
