// One TLS conversation without its socket, as Stream drives it: a thin owner of a session of net/tls/tls_api.h.
//
// It turns the outcomes of that door into Result and Status. Called by Stream alone.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/tls/tls_api.h"

namespace agent {

// Whom to trust: made once for each TlsOptions, kept for ever (net/tls_library).
struct TlsContext {
  const sls_tls_api* api = nullptr;
  sls_tls_context* context = nullptr;
};

class TlsSession {
 public:
  enum class Step { kDone, kWantsInput, kEnded };

  static Result<std::unique_ptr<TlsSession>> open(const TlsContext& context, const std::string& host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // kDenied: the peer's certificate is not good. kClosed, kProtocol as they are.
  Result<Step> handshake();
  Status write(std::string_view plain);
  // kDone: `count` bytes of `room` are filled.
  Result<Step> read(std::span<char> room, std::size_t& count);
  void end();

  // What has to be sent as a whole, then sent(). Valid until then.
  std::string_view pending() const;
  void sent();
  // Where the peer's bytes are read to, and how many came; 0: its end.
  std::span<char> input() { return input_; }
  Status received(std::size_t count);

 private:
  TlsSession(const sls_tls_api& api, sls_tls_session* session);
  Result<Step> step(int outcome) const;

  const sls_tls_api& api_;
  sls_tls_session* session_;
  std::array<char, 16 << 10> input_;
};

}  // namespace agent
