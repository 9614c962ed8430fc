// An HTTP/1.1 server on one address, for answers that never wait: a request comes in whole, one call answers
// it.
//
// Keep-alive, pipelining (answers in order), chunked bodies, Expect: 100-continue, HEAD. Refuses by itself: a
// header over kHttpHeaderBytesMax 431, nonsense 400 (closes), a request slower than kHttpReadTimeout 408
// (closes), a body over the route's limit 413 (closes after the answer) unless the route takes the request
// without its body. Connections are bounded by kHttpConnectionsMax and by the descriptors that the process
// has: then the longest idle one is closed.
//
// Called by agent/routes, which is the HttpService; knows no route itself.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/task.hpp"
#include "sls/plugin.h"

namespace agent {

// Borrowed: dies when serve() returns. 64 readable bytes lie behind `body`.
struct HttpRequest {
  std::string_view method, path, query;  // path and query as sent, without '?'
  std::span<const sls_pair> headers;     // as sent; a value of a repeated name stands once for each
  std::string_view body;
  bool body_too_large = false;  // only with OnExcess::kTakeWithoutBody; body is empty then

  // The last value of the header, names compared without regard to case; empty where there is none.
  std::string_view header(std::string_view name) const;
};

struct HttpReply {
  unsigned status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";  // empty: none
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct BodyPolicy {
  enum class OnExcess { kRefuse, kTakeWithoutBody };
  std::size_t bytes_max = 0;
  OnExcess on_excess = OnExcess::kRefuse;
};

class HttpService {
 public:
  virtual ~HttpService() = default;
  // Asked when the header is complete. A request that will be answered 404 or 405 gets {0, kTakeWithoutBody}.
  virtual BodyPolicy body_policy(std::string_view method, std::string_view path) = 0;
  // Fills the reply. An exception that leaves it is logged and answered 500.
  virtual void serve(const HttpRequest& request, HttpReply& reply) = 0;
};

class HttpServer {
 public:
  // `service` outlives the server.
  HttpServer(Loop& loop, HttpService& service);
  ~HttpServer();

  // "127.0.0.1:8124", where port 0 lets the kernel choose, or "unix:///run/http.sock". The error says what is in the
  // way ("address in use").
  Status listen(std::string_view address);
  // Accepts on a socket that listens already (of an earlier life of this process).
  Status adopt(int descriptor);
  int descriptor() const;  // of the listening socket; -1: none
  std::uint16_t port() const;
  std::string address() const;  // "127.0.0.1:8124", the real port; "unix:///run/http.sock"
  // Accepts no more, closes idle connections at once and busy ones after their answer; removes a unix socket's path.
  void stop();

 private:
  struct State;
  Status listen_at_path(std::string_view path);
  std::shared_ptr<State> state_;
};

}  // namespace agent
