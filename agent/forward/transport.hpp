// The one seam between what the forwarder decides and the network: a connection as forward/sender uses it.
//
// In the agent it is net's HttpConnection; in tests a script. Called once per request, so a virtual call costs nothing
// here.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "net/http_client.hpp"
#include "net/task.hpp"

namespace agent {

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Task<Status> open(Steady deadline) = 0;
  virtual Task<Result<ClientResponse>> exchange(const ClientRequest& request, std::size_t body_bytes_max,
                                                Steady deadline) = 0;
  // Breaks off what is under way, which then fails.
  virtual void close() = 0;
  virtual bool reusable() const = 0;
  virtual Steady idle_since() const = 0;
  virtual bool sent_before_failure() const = 0;
};

// `proxy.host` empty: none.
using Connect =
    std::function<std::unique_ptr<Transport>(Loop& loop, const Url& peer, const TlsOptions& tls, const Url& proxy)>;

std::unique_ptr<Transport> connect_http(Loop& loop, const Url& peer, const TlsOptions& tls, const Url& proxy);

}  // namespace agent
