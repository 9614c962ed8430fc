#include "net/stream.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "net/address.hpp"
#include "net/resolve.hpp"

namespace agent {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kEncryptedAtOnce = 64 << 10;  // of a body, before it is sent
constexpr int kUnaskedRecordsMax = 16;              // from an idle peer, before it counts as out of its mind

ErrorCode code_of(const error_code& error) {
  if (error == asio::error::connection_refused) return ErrorCode::kRefused;
  if (error == asio::error::timed_out) return ErrorCode::kTimeout;
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe || error == asio::error::eof
      || error == asio::error::not_connected || error == asio::error::connection_aborted
      || error == asio::error::operation_aborted || error == asio::error::bad_descriptor)
    return ErrorCode::kClosed;
  return ErrorCode::kIo;
}

// "HTTP/1.1 413 …": whatever it refuses, it does not want the rest.
bool is_refusal(std::string_view answer) {
  constexpr std::size_t kStatusAt = 9;
  return answer.substr(0, 7) == "HTTP/1." && answer.size() > kStatusAt && answer[kStatusAt] >= '3';
}

}  // namespace

Stream::Stream(Loop& loop) : loop_(loop), socket_(loop.context()), timer_(loop.context()) {}
Stream::~Stream() = default;

void Stream::limit(Steady deadline) {
  deadline_ = deadline;
  timed_out_ = false;
  if (deadline < armed_) arm(deadline);
}

void Stream::arm(Steady when) {
  armed_ = when;
  timer_.expires_at(when);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    if (const auto stream = weak.lock(); stream && !error) stream->ring();
  });
}

void Stream::ring() {
  armed_ = kNever;
  if (deadline_ == kNever) return;
  if (deadline_ > std::chrono::steady_clock::now()) return arm(deadline_);
  timed_out_ = true;
  close();
}

void Stream::close() {
  say_end();
  error_code ignored;
  socket_.close(ignored);
}

void Stream::end() {
  say_end();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

// Best effort, and not into the middle of something that was half sent.
void Stream::say_end() {
  if (!tls_ || !socket_.is_open() || !tls_->pending().empty()) return;
  tls_->end();
  const std::string_view farewell = tls_->pending();
  if (!farewell.empty())
    static_cast<void>(::send(socket_.native_handle(), farewell.data(), farewell.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
  tls_->sent();
}

Error Stream::failed(const error_code& error, std::string_view doing) {
  close();
  if (timed_out_) return {ErrorCode::kTimeout, cat(doing, ": not done in time")};
  return {code_of(error), cat(doing, ": ", error == asio::error::eof ? "the peer closed" : lower(error.message()))};
}

Task<Status> Stream::connect(std::string host, std::uint16_t port) {
  const Steady whole = deadline_;
  const auto addresses = co_await resolve(loop_, host, whole);
  if (!addresses) co_return addresses.error();
  Status outcome;
  const std::size_t count = addresses->size();
  for (std::size_t i = 0; i < count; ++i) {
    // Each address gets its share, so that one that answers nothing does not eat the time of the others.
    if (whole != kNever && i + 1 < count) {
      const Steady now = std::chrono::steady_clock::now();
      limit(now + (whole - now) / static_cast<int>(count - i));
    } else {
      limit(whole);
    }
    outcome = co_await connect_one(tcp::endpoint((*addresses)[i], port), host);
    if (outcome || std::chrono::steady_clock::now() >= whole) break;
  }
  limit(whole);
  co_return outcome;
}

Task<Status> Stream::connect_one(tcp::endpoint endpoint, std::string_view host) {
  close();
  tls_.reset();
  heard_.clear();
  error_code error;
  socket_.open(endpoint.protocol(), error);
  if (!error) ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!error) socket_.non_blocking(true, error);
  if (!error) co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (!error && timed_out_) error = asio::error::timed_out;
  if (!error) socket_.set_option(tcp::no_delay(true), error);
  if (!error) co_return Status();
  co_return failed(error, cat("connect to ", host, ":", endpoint.port()));
}

Status Stream::adopt(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  error_code error;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    error.assign(errno, asio::error::get_system_category());
  if (!error) socket_.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, error);
  if (!error) socket_.non_blocking(true, error);
  if (error) return failed(error, "take over a connection");
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return {};
}

int Stream::descriptor() { return socket_.is_open() ? socket_.native_handle() : -1; }

Task<Status> Stream::start_tls(const TlsContext& context, std::string host) {
  const std::string about = cat("TLS with ", host, ": ");
  Result<std::unique_ptr<TlsSession>> opened = TlsSession::open(context, std::move(host));
  Status outcome;
  if (opened) {
    std::unique_ptr<TlsSession> session = std::move(*opened);
    outcome = co_await shake_hands(*session);
    if (outcome) tls_ = std::move(session);
  } else {
    outcome = opened.error();
  }
  if (outcome) co_return outcome;
  close();
  outcome.error().text.insert(0, about);
  co_return outcome;
}

Task<Status> Stream::shake_hands(TlsSession& session) {
  for (;;) {
    const Result<TlsSession::Step> step = session.handshake();
    const Status sent = co_await send_pending(session);  // also what a failure says to the peer
    if (!step) co_return step.error();
    if (!sent) co_return sent;
    if (*step == TlsSession::Step::kDone) co_return Status();
    const Status received = co_await receive_encrypted(session);
    if (!received) co_return received;
  }
}

Task<Status> Stream::send_pending(TlsSession& session) {
  const std::string_view pending = session.pending(), nothing;
  if (pending.empty()) co_return Status();
  const Status outcome = co_await send(pending, nothing);
  if (outcome) session.sent();
  co_return outcome;
}

Task<Status> Stream::receive_encrypted(TlsSession& session) {
  const Result<std::size_t> bytes = co_await receive(session.input());
  if (!bytes) co_return bytes.error();
  co_return session.received(*bytes);
}

Task<Status> Stream::write(std::string_view first, std::string_view second) {
  if (!tls_) co_return co_await send(first, second);
  TlsSession& session = *tls_;
  Status outcome = session.write(first);
  while (outcome) {
    const std::string_view piece = second.substr(0, kEncryptedAtOnce);
    second.remove_prefix(piece.size());
    outcome = session.write(piece);
    if (outcome) outcome = co_await send_pending(session);
    if (second.empty()) break;
  }
  if (!outcome && !answered_) close();
  co_return outcome;
}

// A peer that neither takes more nor closes may have said why.
Task<error_code> Stream::wait_to_send(bool listens) {
  struct Woken {
    explicit Woken(Loop& loop) : changed(loop) {}
    Signal changed;
    bool done = false;
    error_code error;
  };
  const auto woken = std::make_shared<Woken>(loop_);
  const auto wake = [woken](const error_code& error) {
    if (!std::exchange(woken->done, true)) woken->error = error;
    woken->changed.notify();
  };
  socket_.async_wait(Socket::wait_write, wake);
  if (listens) socket_.async_wait(Socket::wait_read, wake);
  while (!woken->done) co_await woken->changed.wait(kNever);
  error_code ignored;
  if (listens && socket_.is_open()) socket_.cancel(ignored);
  co_return woken->error;
}

std::string_view Stream::heard() {
  constexpr std::size_t kLook = 16;
  if (!socket_.is_open()) return {};
  if (!tls_) {
    heard_.resize(kLook);
    const auto bytes = ::recv(socket_.native_handle(), heard_.data(), kLook, MSG_PEEK | MSG_DONTWAIT);
    heard_.resize(bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    return heard_;
  }
  while (heard_.size() < kLook) {
    char text[kLook];
    std::size_t count = 0;
    const Result<TlsSession::Step> step = tls_->read(text, count);
    if (step && *step == TlsSession::Step::kDone) {
      heard_.append(text, count);
      continue;
    }
    if (!step || *step != TlsSession::Step::kWantsInput) break;
    const std::span<char> input = tls_->input();
    const auto bytes = ::recv(socket_.native_handle(), input.data(), input.size(), MSG_DONTWAIT);
    if (bytes <= 0 || !tls_->received(static_cast<std::size_t>(bytes))) break;
  }
  return heard_;
}

Task<Status> Stream::send(std::string_view first, std::string_view second) {
  std::size_t sent = 0;
  const std::size_t whole = first.size() + second.size();
  error_code error;
  bool listens = true;
  while (sent < whole) {
    const std::size_t of_first = std::min(sent, first.size());
    const std::size_t of_second = sent - of_first;
    const std::array<asio::const_buffer, 2> left = {
        asio::const_buffer(first.data() + of_first, first.size() - of_first),
        asio::const_buffer(second.data() + of_second, second.size() - of_second)};
    sent += socket_.write_some(left, error);
    written_ = written_ || sent > 0;
    if (error == asio::error::would_block) {
      error = co_await wait_to_send(listens);
      if (!error && listens && !heard().empty()) {
        answered_ = is_refusal(heard_);
        listens = false;
      }
    }
    // What lies here already can be read after a reset, too.
    if (error && !timed_out_ && !heard().empty()) answered_ = true;
    if (answered_) co_return Error{ErrorCode::kClosed, "send: the peer answered before all of it was sent"};
    if (error || timed_out_) co_return failed(error, "send");
  }
  co_return Status();
}

Task<Result<std::size_t>> Stream::receive(std::span<char> room) {
  error_code error;
  const asio::mutable_buffer target(room.data(), room.size());
  const std::size_t bytes = co_await socket_.async_read_some(target, asio::redirect_error(asio::use_awaitable, error));
  if (error == asio::error::eof) co_return std::size_t(0);
  if (error || timed_out_) co_return failed(error, "receive");
  co_return bytes;
}

Task<Result<std::size_t>> Stream::read(std::span<char> room) {
  if (!tls_) co_return co_await receive(room);
  TlsSession& session = *tls_;
  if (!heard_.empty()) {
    const std::size_t count = heard_.copy(room.data(), room.size());
    heard_.erase(0, count);
    co_return count;
  }
  for (;;) {
    std::size_t count = 0;
    const Result<TlsSession::Step> step = session.read(room, count);
    if (!step) {
      close();
      co_return step.error();
    }
    if (*step == TlsSession::Step::kDone) co_return count;
    if (*step == TlsSession::Step::kEnded) co_return std::size_t(0);
    Status moved = co_await send_pending(session);  // the answer to a change of keys
    if (moved) moved = co_await receive_encrypted(session);
    if (!moved) co_return moved.error();
  }
}

bool Stream::stale() {
  if (tls_) return says_something(*tls_);
  char byte;
  const auto peeked = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

// Tickets and changes of keys are not meant for us.
bool Stream::says_something(TlsSession& session) {
  for (int records = 0; records < kUnaskedRecordsMax; ++records) {
    char byte;
    std::size_t count = 0;
    const std::span<char> room(&byte, 1);
    const Result<TlsSession::Step> step = session.read(room, count);
    if (!step || *step != TlsSession::Step::kWantsInput) return true;
    const std::span<char> input = session.input();
    const auto bytes = ::recv(socket_.native_handle(), input.data(), input.size(), MSG_DONTWAIT);
    if (bytes < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
    if (!session.received(static_cast<std::size_t>(bytes))) return true;
  }
  return true;
}

}  // namespace agent
