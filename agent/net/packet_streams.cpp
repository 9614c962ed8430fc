#include "net/packet_streams.hpp"

#include <fcntl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "net/packet_framing.hpp"

namespace agent {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<stream_protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<stream_protocol, Executor>;
using namespace std::chrono_literals;

constexpr unsigned kBlocksPerTurn = 8;  // then everything else on the loop has its turn
constexpr Nanos kAcceptRetry = 50ms;    // when nothing could be closed for a new connection

}  // namespace

struct PacketStreams::State {
  struct Connection {
    Connection(Socket&& accepted, const PacketSocket& wanted)
        : socket(std::move(accepted)), framing(wanted.framing, wanted.packet_bytes_max) {}
    Socket socket;
    PacketFraming framing;
    Steady heard = std::chrono::steady_clock::now();
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  State(Loop& where, PacketSocket asked, PacketServer::Sink takes)
      : loop(where), wanted(std::move(asked)), sink(std::move(takes)), acceptor(where.context()) {}

  static Task<> accept(std::shared_ptr<State> state);
  static Task<> receive(std::shared_ptr<State> state, ConnectionPtr connection);
  enum class Heard { kAll, kMore, kEnd };
  Heard take(Connection& connection);
  void hand_on(const PacketFraming& framing);
  void remove(const ConnectionPtr& connection);
  bool close_quietest();

  Loop& loop;
  PacketSocket wanted;
  PacketServer::Sink sink;
  Acceptor acceptor;
  std::vector<ConnectionPtr> connections;
  std::uint64_t too_large = 0;  // of connections that have ended
  bool stopped = false;
};

void PacketStreams::State::hand_on(const PacketFraming& framing) {
  const std::span<const sls_str> packets = framing.packets();
  for (std::size_t at = 0; at < packets.size() && !stopped; at += limits::kPacketsPerBatchMax)
    sink(packets.data() + at, std::min(packets.size() - at, limits::kPacketsPerBatchMax));
}

// What waits in the socket, up to a turn's worth.
PacketStreams::State::Heard PacketStreams::State::take(Connection& connection) {
  for (unsigned block = 0; block < kBlocksPerTurn; ++block) {
    if (stopped || !connection.socket.is_open()) return Heard::kEnd;
    error_code error;
    const std::span<char> room = connection.framing.room();
    const std::size_t bytes = connection.socket.read_some(asio::mutable_buffer(room.data(), room.size()), error);
    if (error == asio::error::would_block) return Heard::kAll;
    if (error) {
      connection.framing.ended();
      hand_on(connection.framing);
      return Heard::kEnd;
    }
    connection.heard = std::chrono::steady_clock::now();
    connection.framing.received(bytes);
    hand_on(connection.framing);
  }
  return Heard::kMore;
}

void PacketStreams::State::remove(const ConnectionPtr& connection) {
  error_code ignored;
  connection->socket.close(ignored);
  const auto found = std::find(connections.begin(), connections.end(), connection);
  if (found == connections.end()) return;
  too_large += connection->framing.too_large();
  connections.erase(found);
}

bool PacketStreams::State::close_quietest() {
  const auto quietest = std::min_element(connections.begin(), connections.end(),
                                         [](const auto& a, const auto& b) { return a->heard < b->heard; });
  if (quietest == connections.end()) return false;
  const ConnectionPtr closed = *quietest;
  take(*closed);
  remove(closed);
  return true;
}

Task<> PacketStreams::State::receive(std::shared_ptr<State> state, ConnectionPtr connection) {
  Heard heard = Heard::kAll;
  while (heard != Heard::kEnd) {
    error_code error;
    co_await connection->socket.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    if (error || state->stopped) break;
    heard = state->take(*connection);
    co_await yield(state->loop);
  }
  state->remove(connection);
}

Task<> PacketStreams::State::accept(std::shared_ptr<State> state) {
  State& s = *state;
  while (!s.stopped) {
    error_code error;
    Socket socket(s.loop.context());
    co_await s.acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (s.stopped) co_return;
    if (!error) {
      if (s.connections.size() >= limits::kPacketConnectionsMax) s.close_quietest();
      socket.non_blocking(true, error);
      ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
      s.connections.push_back(std::make_shared<Connection>(std::move(socket), s.wanted));
      const ConnectionPtr connection = s.connections.back();
      s.loop.spawn("packet connection", receive(state, connection));
      continue;
    }
    if (s.close_quietest()) continue;
    const Steady retry = std::chrono::steady_clock::now() + kAcceptRetry;
    co_await sleep_until(s.loop, retry);
  }
}

PacketStreams::PacketStreams(Loop& loop, int listener, const PacketSocket& wanted, PacketServer::Sink sink)
    : state_(std::make_shared<State>(loop, wanted, std::move(sink))) {
  state_->acceptor.assign(stream_protocol(), listener);
  loop.spawn("packet streams", State::accept(state_));
}

PacketStreams::~PacketStreams() {
  state_->stopped = true;
  error_code ignored;
  state_->acceptor.close(ignored);
  for (const State::ConnectionPtr& connection : state_->connections) connection->socket.close(ignored);
}

std::uint64_t PacketStreams::dropped_too_large() const {
  std::uint64_t sum = state_->too_large;
  for (const State::ConnectionPtr& connection : state_->connections) sum += connection->framing.too_large();
  return sum;
}

void PacketStreams::drain() {
  const std::shared_ptr<State> state = state_;  // a sink may end us
  const std::vector<State::ConnectionPtr> all = state->connections;
  for (const State::ConnectionPtr& connection : all) state->take(*connection);
}

}  // namespace agent
