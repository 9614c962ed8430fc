// The host's side of serverless-agent-tls.so, which is mapped at the first https connection and stays.
//
// It is looked for in the folder of the executable and in lib/ below it, or where set_tls_library says. A session turns
// plain bytes into bytes for the peer and back; Stream moves them. Used inside this room.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/http_client.hpp"
#include "net/tls/tls_api.h"

namespace agent {

class TlsSession {
 public:
  // Errors: kUnsupported where the library is missing, with the loader's words; kInvalid.
  static Result<TlsSession> create(const std::string& host, const TlsOptions& options);

  const agent_tls_api& api() const { return *api_; }
  agent_tls_session* get() const { return session_.get(); }

 private:
  using Handle = std::unique_ptr<agent_tls_session, void (*)(agent_tls_session*)>;
  TlsSession(const agent_tls_api* api, agent_tls_session* session)
      : api_(api), session_(session, api->session_destroy) {}

  const agent_tls_api* api_;
  Handle session_;
};

}  // namespace agent
