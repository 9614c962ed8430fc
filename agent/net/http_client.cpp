#include "net/http_client.hpp"

#include <utility>

#include "base/text.hpp"
#include "net/http_answer.hpp"
#include "net/proxy_tunnel.hpp"
#include "net/stream.hpp"
#include "net/tls_library.hpp"

namespace agent {

std::string_view ClientResponse::header(std::string_view name) const {
  for (auto pair = headers.rbegin(); pair != headers.rend(); ++pair)
    if (iequals(pair->first, name)) return pair->second;
  return {};
}

struct HttpConnection::State {
  State(Loop& where, Url to, TlsOptions how, Url through)
      : loop(where),
        peer(std::move(to)),
        tls(std::move(how)),
        proxy(std::move(through)),
        host_header(peer.host_header()) {}

  static Task<Status> open(std::shared_ptr<State> state, Steady deadline);
  static Task<Status> send(std::shared_ptr<State> state, const ClientRequest& request, Steady deadline);
  static Task<Result<ClientResponse>> receive(std::shared_ptr<State> state, std::size_t body_bytes_max,
                                              Steady deadline);
  static Task<Result<ClientResponse>> exchange(std::shared_ptr<State> state, const ClientRequest& request,
                                               std::size_t body_bytes_max, Steady deadline);
  Task<Status> reach_peer(Stream& to, Steady deadline);
  Task<Status> tunnel(Stream& to);
  Task<Status> read_answer(Stream& from);
  Status write_head(const ClientRequest& request);

  Loop& loop;
  Url peer;
  TlsOptions tls;
  Url proxy;
  std::string host_header;
  std::shared_ptr<Stream> stream;  // none before open()
  HttpAnswer answer;
  std::string head;
  bool head_asked = false;  // the request was a HEAD
  bool idle = false;        // open and between two requests
  bool used = false;
  bool cut = false;  // it answered before all of the request was sent
  bool sent = false;
  Steady idle_since{};
};

namespace {

bool breaks_lines(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

Error not_open() { return {ErrorCode::kClosed, "the connection is not open"}; }

}  // namespace

Task<Status> HttpConnection::State::open(std::shared_ptr<State> state, Steady deadline) {
  State& s = *state;
  s.idle = s.used = s.sent = false;
  s.stream = std::make_shared<Stream>(s.loop);
  const std::shared_ptr<Stream> stream = s.stream;
  stream->limit(deadline);
  const Status outcome = co_await s.reach_peer(*stream, deadline);
  stream->limit(kNever);
  if (!outcome) {
    stream->close();
    co_return outcome;
  }
  s.idle = true;
  s.idle_since = std::chrono::steady_clock::now();
  co_return outcome;
}

Task<Status> HttpConnection::State::reach_peer(Stream& to, Steady deadline) {
  if (!peer.tls) co_return co_await to.connect(peer.host, peer.port);
  const Result<const TlsContext*> trust = co_await tls_context(loop, tls, deadline);
  if (!trust) co_return trust.error();
  Status outcome;
  if (proxy.host.empty())
    outcome = co_await to.connect(peer.host, peer.port);
  else
    outcome = co_await tunnel(to);
  if (outcome) outcome = co_await to.start_tls(**trust, peer.host);
  co_return outcome;
}

Task<Status> HttpConnection::State::tunnel(Stream& to) {
  if (proxy.tls)
    co_return Error{ErrorCode::kUnsupported, cat("proxy ", proxy.origin(), ": wanted http:// in front of a proxy")};
  Status outcome = co_await to.connect(proxy.host, proxy.port);
  if (outcome) {
    const std::string request = connect_request(peer, proxy);
    const std::string_view nothing;
    outcome = co_await to.write(request, nothing);
  }
  if (outcome) {
    answer.begin(0, true);
    outcome = co_await read_answer(to);
  }
  if (outcome) co_return judge_connect(peer, proxy, answer);
  outcome.error().text.insert(0, cat("proxy ", proxy.host, ":", proxy.port, ": "));
  co_return outcome;
}

Status HttpConnection::State::write_head(const ClientRequest& request) {
  head.assign(request.method).append(" ").append(request.target.empty() ? "/" : request.target);
  if (breaks_lines(head) || request.target.find(' ') != std::string_view::npos)
    return Error{ErrorCode::kInvalid, "the request's target has blanks or line ends"};
  head.append(" HTTP/1.1\r\nHost: ").append(host_header).append("\r\n");
  for (const auto& [name, value] : request.headers) {
    if (breaks_lines(name) || breaks_lines(value))
      return Error{ErrorCode::kInvalid,
                   cat("the request's header ", breaks_lines(name) ? "" : name, " has a line end")};
    head.append(name).append(": ").append(value).append("\r\n");
  }
  const bool bare = request.body.empty() && (request.method == "GET" || request.method == "HEAD");
  if (!bare) head.append(cat("Content-Length: ", request.body.size(), "\r\n"));
  head.append("\r\n");
  return {};
}

Task<Status> HttpConnection::State::send(std::shared_ptr<State> state, const ClientRequest& request, Steady deadline) {
  State& s = *state;
  const std::shared_ptr<Stream> stream = s.stream;
  s.sent = false;
  if (!stream || !stream->open() || !s.idle) co_return not_open();
  s.idle = false;
  if (s.used && stream->stale()) {
    stream->close();
    co_return Error{ErrorCode::kClosed, "the peer closed the idle connection"};
  }
  const Status fine = s.write_head(request);
  if (!fine) {
    s.idle = true;
    co_return fine;
  }
  s.used = true;
  s.head_asked = request.method == "HEAD";
  stream->forget_written();
  stream->limit(deadline);
  const Status outcome = co_await stream->write(s.head, request.body);
  s.sent = stream->written();
  s.cut = stream->answered();
  stream->limit(kNever);
  if (s.cut) co_return Status();
  co_return outcome;
}

Task<Status> HttpConnection::State::read_answer(Stream& from) {
  while (!answer.complete()) {
    const Result<std::size_t> bytes = co_await from.read(answer.room());
    if (!bytes) co_return bytes.error();
    const Status fine = *bytes == 0 ? answer.ended() : answer.received(*bytes);
    if (!fine) co_return fine;
  }
  co_return Status();
}

Task<Result<ClientResponse>> HttpConnection::State::receive(std::shared_ptr<State> state, std::size_t body_bytes_max,
                                                            Steady deadline) {
  State& s = *state;
  const std::shared_ptr<Stream> stream = s.stream;
  if (!stream || !stream->open()) co_return not_open();
  stream->limit(deadline);
  s.answer.begin(body_bytes_max, s.head_asked);
  const Status outcome = co_await s.read_answer(*stream);
  stream->limit(kNever);
  if (!outcome) {
    stream->close();
    co_return outcome.error();
  }
  s.idle = s.answer.keep_alive() && !s.cut;
  if (s.idle) s.idle_since = std::chrono::steady_clock::now();
  if (!s.idle) stream->close();
  co_return s.answer.take();
}

Task<Result<ClientResponse>> HttpConnection::State::exchange(std::shared_ptr<State> state, const ClientRequest& request,
                                                             std::size_t body_bytes_max, Steady deadline) {
  const Status sent = co_await send(state, request, deadline);
  if (!sent) co_return sent.error();
  co_return co_await receive(state, body_bytes_max, deadline);
}

HttpConnection::HttpConnection(Loop& loop, Url peer, TlsOptions tls, Url proxy)
    : state_(std::make_shared<State>(loop, std::move(peer), std::move(tls), std::move(proxy))) {}
HttpConnection::~HttpConnection() {
  if (state_) close();
}
HttpConnection::HttpConnection(HttpConnection&&) noexcept = default;
HttpConnection& HttpConnection::operator=(HttpConnection&& other) noexcept {
  if (this == &other) return *this;
  if (state_) close();
  state_ = std::move(other.state_);
  return *this;
}

Task<Status> HttpConnection::open(Steady deadline) { return State::open(state_, deadline); }
Status HttpConnection::adopt(int descriptor) {
  State& s = *state_;
  s.idle = false;
  s.used = s.sent = true;
  s.head_asked = false;
  s.stream = std::make_shared<Stream>(s.loop);
  return s.stream->adopt(descriptor);
}
int HttpConnection::descriptor() const { return state_->stream ? state_->stream->descriptor() : -1; }
Task<Status> HttpConnection::send(const ClientRequest& request, Steady deadline) {
  return State::send(state_, request, deadline);
}
Task<Result<ClientResponse>> HttpConnection::receive(std::size_t body_bytes_max, Steady deadline) {
  return State::receive(state_, body_bytes_max, deadline);
}
Task<Result<ClientResponse>> HttpConnection::exchange(const ClientRequest& request, std::size_t body_bytes_max,
                                                      Steady deadline) {
  return State::exchange(state_, request, body_bytes_max, deadline);
}

bool HttpConnection::reusable() const { return state_->idle && state_->stream && state_->stream->open(); }
Steady HttpConnection::idle_since() const { return state_->idle_since; }
bool HttpConnection::sent_before_failure() const { return state_->sent; }

void HttpConnection::close() {
  state_->idle = false;
  if (state_->stream) state_->stream->close();
}

}  // namespace agent
