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

constexpr std::size_t kBlockBytes = 16 << 10;  // a TLS record

ErrorCode code_of(const error_code& error) {
  if (error == asio::error::connection_refused) return ErrorCode::kRefused;
  if (error == asio::error::timed_out) return ErrorCode::kTimeout;
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe || error == asio::error::eof
      || error == asio::error::not_connected || error == asio::error::connection_aborted
      || error == asio::error::operation_aborted || error == asio::error::bad_descriptor)
    return ErrorCode::kClosed;
  return ErrorCode::kIo;
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
  error_code ignored;
  socket_.close(ignored);
}

void Stream::end() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
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

Task<Status> Stream::start_tls(std::string host, TlsOptions options) {
  Result<TlsSession> session = TlsSession::create(host, options);
  if (!session) {
    close();
    co_return session.error();
  }
  tls_.emplace(*std::move(session));
  std::vector<char> block(kBlockBytes);
  while (true) {
    const int outcome = tls_->api().handshake(tls_->get());
    // Also after a failure: the peer is told why.
    const Status told = co_await flush_tls();
    if (outcome == 1) co_return told;
    if (outcome != AGENT_TLS_MORE) co_return tls_failed(outcome);
    if (!told) co_return told;
    const Result<std::size_t> bytes = co_await receive(block);
    if (!bytes) co_return bytes.error();
    if (*bytes == 0) {
      close();
      co_return Error{ErrorCode::kClosed, "the peer closed the connection in the TLS handshake"};
    }
    tls_->api().feed(tls_->get(), block.data(), *bytes);
  }
}

Error Stream::tls_failed(long outcome) {
  close();
  const std::string_view why = tls_->api().error(tls_->get());
  if (outcome == AGENT_TLS_DENIED) return {ErrorCode::kDenied, cat("the peer's certificate is refused: ", why)};
  return {ErrorCode::kProtocol, cat("TLS: ", why)};
}

Task<Status> Stream::flush_tls() {
  std::vector<char> block(kBlockBytes);
  while (const std::size_t bytes = tls_->api().take(tls_->get(), block.data(), block.size())) {
    const Status sent = co_await send(std::string_view(block.data(), bytes), std::string_view());
    if (!sent) co_return sent;
  }
  co_return Status();
}

Task<Status> Stream::encrypt(std::string_view text) {
  while (!text.empty()) {
    const long taken = tls_->api().write(tls_->get(), text.data(), std::min(text.size(), kBlockBytes));
    if (taken <= 0) co_return tls_failed(taken);
    text.remove_prefix(static_cast<std::size_t>(taken));
    const Status sent = co_await flush_tls();
    if (!sent) co_return sent;
  }
  co_return Status();
}

Task<Status> Stream::write(std::string_view first, std::string_view second) {
  if (!tls_) {
    const Status sent = co_await send(first, second);
    co_return sent;
  }
  const Status sent = co_await encrypt(first);
  if (!sent) co_return sent;
  const Status rest = co_await encrypt(second);
  co_return rest;
}

Task<Status> Stream::send(std::string_view first, std::string_view second) {
  std::size_t sent = 0;
  const std::size_t whole = first.size() + second.size();
  error_code error;
  while (sent < whole) {
    const std::size_t of_first = std::min(sent, first.size());
    const std::size_t of_second = sent - of_first;
    const std::array<asio::const_buffer, 2> left = {
        asio::const_buffer(first.data() + of_first, first.size() - of_first),
        asio::const_buffer(second.data() + of_second, second.size() - of_second)};
    sent += socket_.write_some(left, error);
    written_ = written_ || sent > 0;
    if (error == asio::error::would_block)
      co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
    if (error || timed_out_) co_return failed(error, "send");
  }
  co_return Status();
}

Task<Result<std::size_t>> Stream::read(std::span<char> room) {
  if (!tls_) {
    Result<std::size_t> bytes = co_await receive(room);
    co_return bytes;
  }
  std::vector<char> block;
  while (true) {
    const long plain = tls_->api().read(tls_->get(), room.data(), room.size());
    if (plain > 0) co_return static_cast<std::size_t>(plain);
    if (plain == AGENT_TLS_ENDED) co_return std::size_t(0);
    if (plain != AGENT_TLS_MORE) co_return tls_failed(plain);
    block.resize(kBlockBytes);
    const Result<std::size_t> bytes = co_await receive(block);
    if (!bytes) co_return bytes.error();
    if (*bytes == 0) co_return Error{ErrorCode::kClosed, "the peer closed the connection without saying so in TLS"};
    tls_->api().feed(tls_->get(), block.data(), *bytes);
  }
}

Task<Result<std::size_t>> Stream::receive(std::span<char> room) {
  error_code error;
  const asio::mutable_buffer target(room.data(), room.size());
  const std::size_t bytes = co_await socket_.async_read_some(target, asio::redirect_error(asio::use_awaitable, error));
  if (error == asio::error::eof) co_return std::size_t(0);
  if (error || timed_out_) co_return failed(error, "receive");
  co_return bytes;
}

bool Stream::stale() {
  if (tls_) return tls_stale();
  char byte;
  const auto peeked = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

// TLS 1.3 peers send tickets at any time: they are taken in, and only what comes out as plain bytes or an end counts.
bool Stream::tls_stale() {
  char block[4096];
  while (true) {
    const auto bytes = ::recv(socket_.native_handle(), block, sizeof block, MSG_DONTWAIT);
    if (bytes == 0) return true;
    if (bytes < 0) break;
    tls_->api().feed(tls_->get(), block, static_cast<std::size_t>(bytes));
  }
  if (errno != EAGAIN && errno != EWOULDBLOCK) return true;
  return tls_->api().read(tls_->get(), block, sizeof block) != AGENT_TLS_MORE;
}

}  // namespace agent
