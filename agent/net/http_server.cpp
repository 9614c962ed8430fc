#include "net/http_server.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/address.hpp"
#include "net/http_exchange.hpp"
#include "net/unix_socket.hpp"

namespace agent {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
// TCP and unix sockets alike.
using Protocol = asio::generic::stream_protocol;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Step = HttpExchange::Step;
using namespace std::chrono_literals;

constexpr Nanos kLingerTimeout = 2s;  // the answer to a refused request has this long to be read
constexpr Nanos kFreshTime = 200ms;   // a connection is not closed for another one before its request had a chance
constexpr Nanos kRoomRetry = 50ms;    // nobody could be closed: the next try
constexpr Nanos kFrozenTime = 2s;     // a timer this late means that the sandbox slept: nobody is blamed for it
constexpr std::size_t kDescriptorsSpared = 32;  // for everything else in the process

std::size_t connections_max() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return limits::kHttpConnectionsMax;
  const std::size_t files = static_cast<std::size_t>(limit.rlim_cur);
  const std::size_t share = files > kDescriptorsSpared ? (files - kDescriptorsSpared) / 2 : 0;
  return std::clamp<std::size_t>(share, 8, limits::kHttpConnectionsMax);
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (auto pair = headers.rbegin(); pair != headers.rend(); ++pair)
    if (iequals({pair->key.data, pair->key.len}, name)) return {pair->value.data, pair->value.len};
  return {};
}

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  struct Connection {
    Connection(Socket&& accepted, HttpService& service, std::size_t place)
        : socket(std::move(accepted)), exchange(service), index(place) {}
    bool idle() const { return exchange.idle(); }

    Socket socket;
    HttpExchange exchange;
    std::size_t index;  // in State::connections
    Steady since{};     // of the state it is in
    Steady deadline = kNever;
    std::size_t sent = 0;  // of the answer
    bool expired = false;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  State(Loop& where, HttpService& served)
      : loop(where),
        service(served),
        acceptor(where.context()),
        sweeper(where.context()),
        accept_pause(where.context()),
        capacity(connections_max()) {}

  static Task<> accept(std::shared_ptr<State> state);
  static Task<> serve(std::shared_ptr<State> state, ConnectionPtr connection);
  static Task<> linger(std::shared_ptr<State> state, ConnectionPtr connection);

  enum class Written { kAll, kBlocked, kFailed };
  Written write(Connection& connection);

  void add(Socket&& socket);
  void remove(Connection& connection);
  void watch(Connection& connection, Steady now, Nanos time);
  void arm(Steady when);
  void sweep(Steady now);
  bool make_room(Steady now);
  void close_all(bool also_busy);

  Loop& loop;
  HttpService& service;
  Acceptor acceptor;
  Timer sweeper;
  Timer accept_pause;
  std::size_t capacity;
  std::vector<ConnectionPtr> connections;
  Steady armed = kNever;
  std::uint16_t port = 0;
  std::string address;
  UnixPath path;
  bool stopped = false;
  bool gone = false;            // and the service with it
  bool short_of_files = false;  // said once
};

namespace {

void close(Socket& socket) {
  error_code ignored;
  socket.close(ignored);
}

// The descriptor would otherwise outlive an exec.
void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

tcp::endpoint bound_to(const Acceptor& acceptor, error_code& error) {
  tcp::endpoint out;
  const Protocol::endpoint bound = acceptor.local_endpoint(error);
  if (error || bound.size() > out.capacity()) return out;
  std::memcpy(out.data(), bound.data(), bound.size());
  out.resize(bound.size());
  return out;
}

bool out_of_descriptors(const error_code& error) {
  return error == asio::error::no_descriptors || error.value() == ENFILE || error == asio::error::no_memory
         || error == asio::error::no_buffer_space;
}

}  // namespace

// Timers are not touched per request: a deadline is a number, and the one timer is moved only when it has to
// ring earlier than it would. `now` is the start of the state that `time` limits.
void HttpServer::State::watch(Connection& connection, Steady now, Nanos time) {
  connection.since = now;
  connection.deadline = now + time;
  if (connection.deadline < armed) arm(connection.deadline);
}

void HttpServer::State::arm(Steady when) {
  armed = when;
  sweeper.expires_at(when);
  sweeper.async_wait([weak = weak_from_this()](const error_code& error) {
    if (const auto state = weak.lock(); state && !error) state->sweep(std::chrono::steady_clock::now());
  });
}

void HttpServer::State::sweep(Steady now) {
  const Nanos late = now - armed;
  Steady next = kNever;
  for (const ConnectionPtr& connection : connections) {
    if (late >= kFrozenTime && connection->deadline != kNever) connection->deadline += late;
    if (connection->deadline <= now) {
      connection->deadline = kNever;
      connection->expired = true;
      error_code ignored;
      connection->socket.cancel(ignored);
    }
    next = std::min(next, connection->deadline);
  }
  armed = kNever;
  if (next != kNever) arm(next);
}

void HttpServer::State::add(Socket&& socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);  // of a unix socket: refused, and not needed
  close_on_exec(socket.native_handle());
  connections.push_back(std::make_shared<Connection>(std::move(socket), service, connections.size()));
  const ConnectionPtr connection = connections.back();
  watch(*connection, std::chrono::steady_clock::now(), limits::kHttpIdleTimeout);
  loop.spawn("http connection", serve(shared_from_this(), connection));
}

void HttpServer::State::remove(Connection& connection) {
  close(connection.socket);
  if (connection.index >= connections.size() || connections[connection.index].get() != &connection) return;
  const std::size_t index = connection.index;
  std::swap(connections[index], connections.back());
  connections[index]->index = index;
  connections.pop_back();
}

// Closes the connection that has been quiet for longest; the idle ones go first. False: there is none yet.
bool HttpServer::State::make_room(Steady now) {
  Connection* quietest = nullptr;
  for (const ConnectionPtr& connection : connections) {
    if (now - connection->since < kFreshTime || connection->expired) continue;
    const bool better = !quietest || (connection->idle() && !quietest->idle())
                        || (connection->idle() == quietest->idle() && connection->since < quietest->since);
    if (better) quietest = connection.get();
  }
  if (!quietest) return false;
  quietest->expired = true;
  remove(*quietest);
  return true;
}

void HttpServer::State::close_all(bool also_busy) {
  for (std::size_t i = connections.size(); i-- > 0;) {
    Connection& connection = *connections[i];
    connection.exchange.close_after_answer();
    if (also_busy || connection.idle()) close(connection.socket);
  }
}

Task<> HttpServer::State::accept(std::shared_ptr<State> state) {
  State& s = *state;
  while (!s.stopped) {
    error_code error;
    Socket socket(s.loop.context());
    const bool full = s.connections.size() >= s.capacity && !s.make_room(std::chrono::steady_clock::now());
    if (!full) co_await s.acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (s.stopped) co_return;
    if (!full && !error) {
      s.add(std::move(socket));
      continue;
    }
    const bool short_of_files = out_of_descriptors(error);
    if (short_of_files && !s.short_of_files) {
      s.short_of_files = true;
      log_warn("http server ", s.address, ": no descriptor for a new connection; idle ones are closed for it");
    }
    if (short_of_files && s.make_room(std::chrono::steady_clock::now())) continue;
    if (!full && !short_of_files) continue;  // the client has gone before it was accepted
    s.accept_pause.expires_after(kRoomRetry);
    co_await s.accept_pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

Task<> HttpServer::State::serve(std::shared_ptr<State> state, ConnectionPtr connection) {
  State& s = *state;
  Connection& c = *connection;
  error_code error;
  Step step = Step::kRead;
  while (step != Step::kClose && !s.gone) {
    if (step == Step::kWrite) {
      const Written written = s.write(c);
      if (written == Written::kFailed) break;
      if (written == Written::kBlocked) {
        s.watch(c, std::chrono::steady_clock::now(), limits::kHttpReadTimeout);
        co_await c.socket.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
        if (error) break;
        continue;
      }
      step = c.exchange.sent();
      if (c.idle()) s.watch(c, std::chrono::steady_clock::now(), limits::kHttpIdleTimeout);
      continue;
    }
    if (s.stopped && c.idle()) break;
    const bool was_idle = c.idle();
    const std::span<char> room = c.exchange.room();
    const asio::mutable_buffer target(room.data(), room.size());
    const std::size_t bytes =
        co_await c.socket.async_read_some(target, asio::redirect_error(asio::use_awaitable, error));
    if ((error && !c.expired) || s.gone) break;
    step = c.expired ? c.exchange.expired() : c.exchange.received(bytes);
    c.expired = false;
    if (was_idle && step == Step::kRead && !c.idle())
      s.watch(c, std::chrono::steady_clock::now(), limits::kHttpReadTimeout);
  }
  if (c.exchange.linger() && c.socket.is_open() && !s.gone) co_await linger(state, connection);
  s.remove(c);
}

// As much as the socket takes.
HttpServer::State::Written HttpServer::State::write(Connection& connection) {
  const HttpExchange::Output output = connection.exchange.output();
  const std::size_t whole = output.head.size() + output.body.size();
  while (connection.sent < whole) {
    const std::size_t of_head = std::min(connection.sent, output.head.size());
    const std::size_t of_body = connection.sent - of_head;
    const std::array<asio::const_buffer, 2> left = {
        asio::const_buffer(output.head.data() + of_head, output.head.size() - of_head),
        asio::const_buffer(output.body.data() + of_body, output.body.size() - of_body)};
    error_code error;
    connection.sent += connection.socket.write_some(left, error);
    if (error == asio::error::would_block) return Written::kBlocked;
    if (error) return Written::kFailed;
  }
  connection.sent = 0;
  return Written::kAll;
}

// A socket that is closed with unread bytes in it resets the connection, and the answer may be lost with
// them.
Task<> HttpServer::State::linger(std::shared_ptr<State> state, ConnectionPtr connection) {
  Connection& c = *connection;
  error_code error;
  c.socket.shutdown(Socket::shutdown_send, error);
  c.expired = false;
  state->watch(c, std::chrono::steady_clock::now(), kLingerTimeout);
  while (!error && !c.expired) {
    const std::span<char> room = c.exchange.room();
    const asio::mutable_buffer target(room.data(), room.size());
    co_await c.socket.async_read_some(target, asio::redirect_error(asio::use_awaitable, error));
  }
}

HttpServer::HttpServer(Loop& loop, HttpService& service) : state_(std::make_shared<State>(loop, service)) {}

HttpServer::~HttpServer() {
  stop();
  state_->gone = true;
  state_->close_all(true);
}

Status HttpServer::listen(std::string_view address) {
  if (address.starts_with(kUnixScheme)) return listen_at_path(address.substr(kUnixScheme.size()));
  const Result<HostPort> parts = split_host_port(address);
  if (!parts) return parts.error();
  const auto ip = numeric_address(parts->host);
  if (!ip) return Error{ErrorCode::kInvalid, cat("address ", address, ": wanted an IP address before the port")};
  State& s = *state_;
  const tcp::endpoint wanted(*ip, parts->port);
  error_code error;
  s.acceptor.open(Protocol(wanted.protocol()), error);
  if (!error) s.acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) s.acceptor.bind(wanted, error);
  if (!error) s.acceptor.listen(Acceptor::max_listen_connections, error);
  if (error) {
    const std::string why = error == asio::error::address_in_use ? "address in use" : lower(error.message());
    error_code ignored;
    s.acceptor.close(ignored);
    return Error{ErrorCode::kIo, cat("cannot listen on ", address, ": ", why)};
  }
  close_on_exec(s.acceptor.native_handle());
  s.port = bound_to(s.acceptor, error).port();
  s.address = address_text(*ip, s.port);
  s.loop.spawn("http server", State::accept(state_));
  return {};
}

Status HttpServer::listen_at_path(std::string_view path) {
  State& s = *state_;
  const Result<int> bound = s.path.bind(path, {.type = SOCK_STREAM, .backlog = SOMAXCONN});
  if (!bound) return Error{bound.error().code, cat("cannot listen on ", kUnixScheme, path, ": ", bound.error().text)};
  error_code error;
  s.acceptor.assign(Protocol(AF_UNIX, 0), *bound, error);
  if (error) {
    s.path.remove();
    ::close(*bound);
    return Error{ErrorCode::kIo, cat("cannot listen on ", kUnixScheme, path, ": ", lower(error.message()))};
  }
  s.address = cat(kUnixScheme, path);
  s.loop.spawn("http server", State::accept(state_));
  return {};
}

Status HttpServer::adopt(int descriptor) {
  State& s = *state_;
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  error_code error;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    error.assign(errno, asio::error::get_system_category());
  if (!error) s.acceptor.assign(Protocol(address.ss_family, 0), descriptor, error);
  if (error) return Error{ErrorCode::kIo, cat("cannot go on listening: ", lower(error.message()))};
  close_on_exec(descriptor);
  const tcp::endpoint local = bound_to(s.acceptor, error);
  s.port = local.port();
  s.address = address_text(local.address(), s.port);
  s.loop.spawn("http server", State::accept(state_));
  return {};
}

int HttpServer::descriptor() const { return state_->acceptor.is_open() ? state_->acceptor.native_handle() : -1; }
std::uint16_t HttpServer::port() const { return state_->port; }
std::string HttpServer::address() const { return state_->address; }

void HttpServer::stop() {
  State& s = *state_;
  if (s.stopped) return;
  s.stopped = true;
  error_code ignored;
  s.path.remove();
  s.acceptor.close(ignored);
  s.accept_pause.cancel();
  s.close_all(false);
}

}  // namespace agent
