#include <algorithm>
#include <cctype>

#include "lab/http.hpp"
#include "lab/http_reader.hpp"
#include "lab/sandbox_time.hpp"

namespace lab {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

bool request_of(const HttpReader::Head& head, HttpRequest& request) {
  const std::size_t first = head.first_line.find(' ');
  const std::size_t second = head.first_line.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos) return false;
  request.method = head.first_line.substr(0, first);
  request.path = head.first_line.substr(first + 1, second - first - 1);
  if (const std::size_t mark = request.path.find('?'); mark != std::string::npos) {
    request.query = request.path.substr(mark + 1);
    request.path.resize(mark);
  }
  request.headers = head.headers;
  request.arrived = Clock::now();
  return true;
}

std::string wire(const HttpAnswer& answer) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " X\r\n";
  for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
  if (answer.manner == Manner::kEndless) return out + "Transfer-Encoding: chunked\r\n\r\n";
  return out + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

}  // namespace

std::string_view header_of(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

HttpServer::HttpServer(Handler handler, AtHead at_head, const std::string& host, std::uint16_t port)
    : handler_(std::move(handler)), at_head_(std::move(at_head)), host_(host) {
  listen(port);
}

void HttpServer::listen(std::uint16_t port) {
  listener_ = std::make_unique<Listener>(host_, port);
  port_ = listener_->port();
  acceptor_ = std::thread([this] { accept_all(); });
}

void HttpServer::accept_all() {
  while (Socket socket = listener_->accept()) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    ++connections_;
    for (auto it = list_.begin(); it != list_.end();)
      if (it->done) {
        it->thread.join();
        it = list_.erase(it);
      } else {
        ++it;
      }
    Connection& connection = list_.emplace_back();
    connection.socket = std::move(socket);
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void HttpServer::serve(Connection& connection) {
  HttpReader reader(connection.socket, -1);
  for (bool keep = true; keep && !stopping_;) {
    const auto head = reader.head();
    HttpRequest request;
    if (!head || !request_of(*head, request)) break;
    const Manner manner = at_head_ ? at_head_(request) : Manner::kNormal;
    if (manner == Manner::kCutBody || manner == Manner::kSlowRead) {
      char one = 0;
      if (manner == Manner::kCutBody) connection.socket.receive(&one, 1, 1000);
      while (manner == Manner::kSlowRead && slow_pause() && connection.socket.receive(&one, 1, 100)) {
      }
      const std::lock_guard lock(mutex_);
      connection.socket.reset();
      break;
    }
    if (same_name(request.header("expect"), "100-continue"))
      connection.socket.send_all("HTTP/1.1 100 Continue\r\n\r\n");
    if (!reader.body(request.headers, request.body)) break;
    const HttpAnswer given = handler_(request, [&] { return stopping_ || connection.socket.hung_up(); });
    keep = answer(connection, given, !same_name(request.header("connection"), "close"));
  }
  const std::lock_guard lock(mutex_);
  connection.socket.close();
  connection.done = true;
}

bool HttpServer::answer(Connection& connection, const HttpAnswer& given, bool keep_alive) {
  Socket& socket = connection.socket;
  const std::string bytes = wire(given);
  switch (given.manner) {
    case Manner::kHang:
      for (const unsigned before = let_go_; pause(Milliseconds(20)) && before == let_go_ && !socket.hung_up();) {
      }
      return false;
    case Manner::kCut: {
      const std::lock_guard lock(mutex_);
      socket.reset();
      return false;
    }
    case Manner::kDrip:
      for (const char byte : bytes)
        if (!socket.send_all({&byte, 1}) || !slow_pause()) return false;
      return keep_alive;
    case Manner::kHalf: socket.send_all(std::string_view(bytes).substr(0, bytes.size() / 2)); return false;
    case Manner::kHeadOnly:
      socket.send_all(std::string_view(bytes).substr(0, bytes.find("\r\n\r\n") + 4));
      return false;
    case Manner::kGarbage: socket.send_all(std::string("\x16\x03garbage \xff\xfe\r\n\r\n", 17)); return false;
    case Manner::kEndless:
      socket.send_all(bytes);
      while (pause(Milliseconds(1)) && socket.send_all("400\r\n" + std::string(1024, 'x') + "\r\n")) {
      }
      return false;
    case Manner::kCloseAfter: socket.send_all(bytes); return false;
    default: return socket.send_all(bytes) && keep_alive;
  }
}

bool HttpServer::pause(Clock::duration time) {
  for (const auto until = Clock::now() + time; Clock::now() < until && !stopping_;)
    std::this_thread::sleep_for(std::min<Clock::duration>(Milliseconds(10), time));
  return !stopping_;
}

bool HttpServer::slow_pause() {
  return pause_in_sandbox(std::chrono::seconds(1), [this] { return stopping_.load(); });
}

void HttpServer::close_connections() {
  {
    const std::lock_guard lock(mutex_);
    for (Connection& connection : list_) connection.socket.shut();
  }
  for (Connection& connection : list_) connection.thread.join();
  list_.clear();
}

void HttpServer::go_down() {
  if (!listener_) return;
  listener_->stop();
  acceptor_.join();
  listener_.reset();
  stopping_ = true;
  close_connections();
  stopping_ = false;
}

void HttpServer::come_up() {
  if (!listener_) listen(port_);
}

void HttpServer::stop() {
  stopping_ = true;
  if (listener_) {
    listener_->stop();
    acceptor_.join();
    listener_.reset();
  }
  close_connections();
}

}  // namespace lab
