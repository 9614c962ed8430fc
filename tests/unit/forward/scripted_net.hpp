// A network that does what a test says: one call of `script` per request decides what becomes of it. No sockets.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "forward/transport.hpp"

namespace agent {

struct Seen {
  std::string origin, proxy, method, target, body;
  std::vector<std::pair<std::string, std::string>> headers;
  int connection = 0;

  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

struct Fate {
  unsigned status = 202;  // 0: none, `error` instead
  ErrorCode error = ErrorCode::kClosed;
  bool opens = true;   // false: the connection is refused
  bool sent = true;    // a byte may have reached the peer before the error
  bool waits = false;  // until released, or the deadline
  bool throws = false;
  std::string retry_after;
};

class ScriptedNet {
 public:
  using Script = std::function<Fate(const Seen&)>;

  explicit ScriptedNet(Loop& loop) : released_(loop) {}

  Connect connect() {
    return [this](Loop&, const Url& peer, const TlsOptions& options, const Url& proxy) -> std::unique_ptr<Transport> {
      tls = options;
      return std::make_unique<Wire>(*this, peer, proxy, ++connections);
    };
  }
  void release() {
    free_ = true;
    released_.notify();
  }

  Script script = [](const Seen&) { return Fate{}; };
  std::function<bool()> opens = [] { return true; };
  std::vector<Seen> requests;
  std::vector<std::string> taken;  // bodies of the requests that were answered 2xx, or whose answer was lost
  int connections = 0;
  int closed = 0;  // broken off by the forwarder
  TlsOptions tls;

 private:
  class Wire : public Transport {
   public:
    Wire(ScriptedNet& net, const Url& peer, const Url& proxy, int number) : net_(net), number_(number) {
      origin_ = peer.origin();
      if (!proxy.host.empty()) proxy_ = proxy.origin();
    }

    Task<Status> open(Steady) override {
      co_await yield_once();
      if (net_.opens()) co_return Status();
      Error refused{ErrorCode::kRefused, "connection refused"};
      co_return Status(std::move(refused));
    }

    Task<Result<ClientResponse>> exchange(const ClientRequest& request, std::size_t, Steady deadline) override {
      Seen seen;
      seen.origin = origin_;
      seen.proxy = proxy_;
      seen.method = request.method;
      seen.target = request.target;
      seen.body = request.body;
      seen.connection = number_;
      for (const auto& [name, value] : request.headers) seen.headers.emplace_back(name, value);
      net_.requests.push_back(seen);
      const Fate fate = net_.script(seen);
      co_await yield_once();
      if (fate.throws) throw std::runtime_error("thrown");
      bool in_time = true;
      while (fate.waits && !net_.free_ && !closed_ && in_time) in_time = co_await net_.released_.wait(deadline);
      sent_ = fate.sent;
      good_ = in_time && fate.status != 0;
      idle_since_ = Now::read().steady;
      if (closed_) co_return Result<ClientResponse>(Error{ErrorCode::kClosed, "the connection was closed"});
      if (!in_time) co_return Result<ClientResponse>(Error{ErrorCode::kTimeout, "no answer in time"});
      if (fate.status == 0) co_return Result<ClientResponse>(Error{fate.error, "the connection broke"});
      if (fate.status / 100 == 2) net_.taken.push_back(seen.body);
      ClientResponse response;
      response.status = fate.status;
      if (!fate.retry_after.empty()) response.headers.emplace_back("retry-after", fate.retry_after);
      co_return Result<ClientResponse>(std::move(response));
    }

    void close() override {
      closed_ = true;
      ++net_.closed;
      net_.released_.notify();
    }
    bool reusable() const override { return good_; }
    Steady idle_since() const override { return idle_since_; }
    bool sent_before_failure() const override { return sent_; }

   private:
    Task<> yield_once() {
      const Steady past = Steady::min();
      co_await net_.released_.wait(past);
    }

    ScriptedNet& net_;
    std::string origin_, proxy_;
    int number_;
    bool sent_ = false, good_ = false, closed_ = false;
    Steady idle_since_{};
  };

  Signal released_;
  bool free_ = false;
};

}  // namespace agent
