#include <charconv>

#include "lab/http.hpp"
#include "lab/http_reader.hpp"

namespace lab {

HttpReply HttpClient::send(std::string_view method, std::string_view target, std::string_view body,
                           const Headers& headers, int timeout_ms) {
  std::string wire(method);
  wire.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host_).append(":").append(std::to_string(port_));
  for (const auto& [name, value] : headers) wire.append("\r\n").append(name).append(": ").append(value);
  if (!body.empty() || method != "GET") wire.append("\r\nContent-Length: ").append(std::to_string(body.size()));
  wire.append("\r\n\r\n").append(body);

  for (int attempt = 0; attempt < 2; ++attempt) {
    const bool fresh = !socket_ || socket_.hung_up();
    if (fresh) socket_ = connect_to(host_, port_, timeout_ms < 0 ? 10000 : timeout_ms);
    if (!socket_) return {};
    HttpReader reader(socket_, timeout_ms);
    HttpReply reply;
    if (socket_.send_all(wire)) {
      if (const auto head = reader.head()) {
        const std::string_view line = head->first_line;
        if (line.size() >= 12) std::from_chars(line.data() + 9, line.data() + 12, reply.status);
        reply.headers = head->headers;
        const bool bare = method == "HEAD" || reply.status == 204 || reply.status == 304;
        if (!bare && !reader.body(reply.headers, reply.body, true)) reply.status = 0;
        if (reply.status == 0 || reply.header("connection") == "close") socket_.close();
        return reply;
      }
    }
    socket_.close();
    if (fresh) return {};  // a connection from before may have died in between: once more on a new one
  }
  return {};
}

}  // namespace lab
