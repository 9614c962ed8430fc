// Reads heads and bodies of HTTP/1.1 messages from a socket; keeps what came too early for the next message.
#pragma once

#include <optional>
#include <string>

#include "lab/http.hpp"

namespace lab {

class HttpReader {
 public:
  HttpReader(Socket& socket, int timeout_ms) : socket_(socket), timeout_ms_(timeout_ms) {}

  // First line and headers; nullopt: the peer went away, the time is over, or it is no HTTP.
  struct Head {
    std::string first_line;
    Headers headers;
  };
  std::optional<Head> head();
  // The body as Content-Length or chunks say. `until_close`: neither is there and the connection's end is the body's.
  bool body(const Headers& headers, std::string& out, bool until_close = false);
  bool take(std::size_t size, std::string& out);  // appends

 private:
  bool more();
  bool line(std::string& out);

  Socket& socket_;
  int timeout_ms_;
  std::string buffer_;
};

}  // namespace lab
