#include "forward/transport.hpp"

#include <utility>

namespace agent {
namespace {

class HttpTransport : public Transport {
 public:
  HttpTransport(Loop& loop, const Url& peer, const TlsOptions& tls, const Url& proxy) : http_(loop, peer, tls, proxy) {}
  Task<Status> open(Steady deadline) override { return http_.open(deadline); }
  Task<Result<ClientResponse>> exchange(const ClientRequest& request, std::size_t body_bytes_max,
                                        Steady deadline) override {
    return http_.exchange(request, body_bytes_max, deadline);
  }
  void close() override { http_.close(); }
  bool reusable() const override { return http_.reusable(); }
  Steady idle_since() const override { return http_.idle_since(); }
  bool sent_before_failure() const override { return http_.sent_before_failure(); }

 private:
  HttpConnection http_;
};

}  // namespace

std::unique_ptr<Transport> connect_http(Loop& loop, const Url& peer, const TlsOptions& tls, const Url& proxy) {
  return std::make_unique<HttpTransport>(loop, peer, tls, proxy);
}

}  // namespace agent
