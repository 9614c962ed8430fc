// One HTTP/1.1 connection to one peer, plain or TLS; https also through a CONNECT proxy.
//
// Who calls: lambda/ (the platform's APIs) and forward/ (intakes). It opens, exchanges, says whether it can
// be used again; it retries nothing, follows no redirect, keeps no pool. Every step is under the caller's
// deadline. Answers are read up to a limit; what comes beyond is not wanted and makes the connection
// unusable. 1xx answers are skipped.
//
// TLS lives in a shared object of its own (net/tls/), mapped at the first https connection: neither the
// library nor the trust store costs anything before.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/task.hpp"

namespace agent {

struct Url {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string path;       // "" or "/…", with the query
  std::string user_info;  // "user:password", for proxies; never printed

  // http and https only. The error names what was wrong and never repeats a user part.
  static Result<Url> parse(std::string_view text);
  std::string origin() const;       // "https://host:port"
  std::string host_header() const;  // "host" or "host:port" when the port is not the scheme's own
};

// How TLS verifies: the system's trust store plus `extra_ca_file`; `verify` false: not at all. A CA file that
// cannot be read is one ERROR, and the system's store is used alone.
struct TlsOptions {
  bool verify = true;
  std::string extra_ca_file;
};

// Where serverless-agent-tls.so lies, before the first https connection; otherwise net/tls_library looks for it.
void set_tls_library(std::string path);

struct ClientRequest {
  std::string_view method, target;                                     // target: path and query
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // Host and Content-Length are added
  std::string_view body;                                               // borrowed until the exchange is over
};

struct ClientResponse {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string_view header(std::string_view name) const;
};

class HttpConnection {
 public:
  HttpConnection(Loop& loop, Url peer, TlsOptions tls = {}, Url proxy = {});  // proxy.host empty: none
  ~HttpConnection();
  HttpConnection(HttpConnection&&) noexcept;
  HttpConnection& operator=(HttpConnection&&) noexcept;

  // Resolve, connect, CONNECT, handshake. Errors: kRefused, kTimeout, kDenied (certificate, with the reason),
  // kIo.
  Task<Status> open(Steady deadline);
  // Takes over a socket on which a request has been sent already (by an earlier life of this process): receive() is
  // next. The descriptor is closed with the connection.
  Status adopt(int descriptor);
  int descriptor() const;  // -1: not open
  // Sends the request; returns when it has left, or when the peer has answered before that. kClosed where the peer has
  // gone.
  Task<Status> send(const ClientRequest& request, Steady deadline);
  // Reads the answer to what was sent. `deadline` kNever: waits for ever (/next only).
  Task<Result<ClientResponse>> receive(std::size_t body_bytes_max, Steady deadline);
  // send and receive.
  Task<Result<ClientResponse>> exchange(const ClientRequest& request, std::size_t body_bytes_max, Steady deadline);

  bool reusable() const;  // open, idle, and the last answer allowed it
  Steady idle_since() const;
  bool sent_before_failure() const;  // whether any byte of the last request may have reached the peer
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the calls that are under way
};

}  // namespace agent
