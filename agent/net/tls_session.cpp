#include "net/tls_session.hpp"

#include "base/text.hpp"

namespace agent {

TlsSession::TlsSession(const sls_tls_api& api, sls_tls_session* session) : api_(api), session_(session) {}

TlsSession::~TlsSession() { api_.free_session(session_); }

Result<std::unique_ptr<TlsSession>> TlsSession::open(const TlsContext& context, const std::string& host) {
  sls_tls_session* session = context.api->open_session(context.context, host.c_str());
  if (!session) return Error{ErrorCode::kInvalid, "this cannot be the name of a host"};
  return std::unique_ptr<TlsSession>(new TlsSession(*context.api, session));
}

Result<TlsSession::Step> TlsSession::step(int outcome) const {
  switch (outcome) {
    case SLS_TLS_OK: return Step::kDone;
    case SLS_TLS_WANTS_INPUT: return Step::kWantsInput;
    case SLS_TLS_ENDED: return Step::kEnded;
    case SLS_TLS_CUT: return Error{ErrorCode::kClosed, "the peer closed the connection"};
    case SLS_TLS_DENIED: return Error{ErrorCode::kDenied, api_.error(session_)};
    default: return Error{ErrorCode::kProtocol, api_.error(session_)};
  }
}

Result<TlsSession::Step> TlsSession::handshake() { return step(api_.handshake(session_)); }

Status TlsSession::write(std::string_view plain) {
  const Result<Step> taken = step(api_.write(session_, plain.data(), plain.size()));
  if (!taken) return taken.error();
  if (*taken == Step::kDone) return {};
  return Error{ErrorCode::kClosed, "the peer takes nothing more"};
}

Result<TlsSession::Step> TlsSession::read(std::span<char> room, std::size_t& count) {
  return step(api_.read(session_, room.data(), room.size(), &count));
}

void TlsSession::end() { api_.end(session_); }

std::string_view TlsSession::pending() const {
  const char* bytes = nullptr;
  const std::size_t count = api_.pending(session_, &bytes);
  return {bytes, count};
}

void TlsSession::sent() { api_.sent(session_); }

Status TlsSession::received(std::size_t count) {
  const Result<Step> taken = step(api_.feed(session_, input_.data(), count));
  return taken ? Status() : Status(taken.error());
}

}  // namespace agent
