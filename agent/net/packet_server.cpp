#include "net/packet_server.hpp"

#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "net/address.hpp"
#include "net/packet_streams.hpp"
#include "net/unix_socket.hpp"

namespace agent {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::basic_stream_descriptor<asio::io_context::executor_type>;

constexpr std::size_t kReadableBehind = 64;  // promised by the contract
constexpr int kBacklog = 16;
constexpr unsigned kDrainBatchesMax = 256;
constexpr unsigned kBatchesPerTurn = 4;  // then everything else on the loop has its turn

Error system_error(std::string_view doing) {
  return {errno == EADDRINUSE ? ErrorCode::kRefused : ErrorCode::kIo,
          cat(doing, ": ", std::string_view(std::strerror(errno)))};
}

struct BoundSocket {
  int descriptor = -1;
  std::string address;
};

void configure(int descriptor, std::uint32_t receive_buffer_bytes) {
  const int bytes = static_cast<int>(receive_buffer_bytes);
  if (bytes > 0) ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

Result<BoundSocket> bind_udp(std::string_view text, std::uint32_t receive_buffer_bytes) {
  const Result<HostPort> wanted = split_host_port(text);
  if (!wanted) return wanted.error();
  const auto host = numeric_address(wanted->host);
  if (!host) return Error{ErrorCode::kInvalid, cat(text, " is no numeric address")};
  asio::ip::tcp::endpoint endpoint(*host, wanted->port);
  const int descriptor = ::socket(endpoint.protocol().family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return system_error("socket");
  configure(descriptor, receive_buffer_bytes);
  if (::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) {
    Error error = system_error("bind");
    ::close(descriptor);
    return error;
  }
  socklen_t size = static_cast<socklen_t>(endpoint.capacity());
  if (::getsockname(descriptor, endpoint.data(), &size) == 0) endpoint.resize(size);
  return BoundSocket{descriptor, cat("udp://", address_text(endpoint.address(), endpoint.port()))};
}

}  // namespace

struct PacketServer::State : std::enable_shared_from_this<PacketServer::State> {
  State(Loop& where, PacketSocket asked, Sink takes)
      : loop(where), wanted(std::move(asked)), sink(std::move(takes)), descriptor(where.context()) {}

  static Task<> receive(std::shared_ptr<State> state);
  // False: nothing waits any more, or the socket has failed.
  bool take_batch();
  Result<BoundSocket> bind_unix(std::string_view scheme, int type);
  void prepare_buffers();
  void note_kernel_drops();

  Loop& loop;
  PacketSocket wanted;
  Sink sink;
  Descriptor descriptor;
  UnixPath path;
  std::unique_ptr<PacketStreams> streams;  // of a stream socket, in place of `descriptor`
  std::string address;
  bool stopped = false;
  std::uint64_t kernel_drops = 0, too_large = 0;

  // One slot per datagram; a page of it is touched when a datagram needs it, not before.
  std::unique_ptr<char[]> bytes;
  std::size_t slot_bytes = 0;
  std::array<iovec, limits::kPacketsPerBatchMax> vectors{};
  std::array<mmsghdr, limits::kPacketsPerBatchMax> headers{};
  std::vector<sls_str> packets;
};

Result<BoundSocket> PacketServer::State::bind_unix(std::string_view scheme, int type) {
  const std::string_view name = std::string_view(wanted.address).substr(scheme.size());
  const Result<int> bound =
      path.bind(name, {.type = type, .receive_buffer_bytes = wanted.receive_buffer_bytes, .backlog = kBacklog});
  if (!bound) return bound.error();
  return BoundSocket{*bound, cat(scheme, name)};
}

void PacketServer::State::prepare_buffers() {
  slot_bytes = wanted.packet_bytes_max + kReadableBehind;
  bytes.reset(new char[slot_bytes * limits::kPacketsPerBatchMax]);  // not initialised: mapped, not touched
  packets.reserve(limits::kPacketsPerBatchMax);
  for (std::size_t i = 0; i < headers.size(); ++i) {
    vectors[i] = {bytes.get() + i * slot_bytes, wanted.packet_bytes_max};
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
}

// Asked of the socket when somebody wants to know, and not told beside each datagram (SO_RXQ_OVFL), which would cost
// every one of them and never tell of those that were lost behind the last.
void PacketServer::State::note_kernel_drops() {
  std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t size = sizeof figures;
  if (!descriptor.is_open()) return;
  if (::getsockopt(descriptor.native_handle(), SOL_SOCKET, SO_MEMINFO, figures.data(), &size) != 0) return;
  kernel_drops += static_cast<std::uint32_t>(figures[SK_MEMINFO_DROPS] - static_cast<std::uint32_t>(kernel_drops));
}

bool PacketServer::State::take_batch() {
  if (stopped || !descriptor.is_open()) return false;
  if (!bytes) prepare_buffers();
  const int count = ::recvmmsg(descriptor.native_handle(), headers.data(), static_cast<unsigned>(headers.size()),
                               MSG_DONTWAIT, nullptr);
  if (count <= 0) return false;
  packets.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if ((headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0)
      ++too_large;
    else
      packets.push_back({static_cast<const char*>(vectors[i].iov_base), headers[i].msg_len});
  }
  if (!packets.empty()) sink(packets.data(), packets.size());
  return static_cast<std::size_t>(count) == headers.size();
}

Task<> PacketServer::State::receive(std::shared_ptr<State> state) {
  while (!state->stopped) {
    boost::system::error_code error;
    co_await state->descriptor.async_wait(Descriptor::wait_read, asio::redirect_error(asio::use_awaitable, error));
    if (error || state->stopped) co_return;
    bool more = true;
    for (unsigned batch = 0; more && batch < kBatchesPerTurn; ++batch) more = state->take_batch();
    co_await yield(state->loop);
  }
}

PacketServer::PacketServer(Loop& loop, PacketSocket socket, Sink sink)
    : state_(std::make_shared<State>(loop, std::move(socket), std::move(sink))) {}

PacketServer::~PacketServer() { stop(); }

Status PacketServer::listen() {
  constexpr std::string_view kUdp = "udp://";
  State& s = *state_;
  const std::string_view address = s.wanted.address;
  const bool streams = s.wanted.framing == SLS_STREAM_LINES || s.wanted.framing == SLS_STREAM_LE32;
  Result<BoundSocket> bound =
      Error{ErrorCode::kInvalid, cat(json_quoted(address),
                                     " is no address for this framing; udp://HOST:PORT or "
                                     "unixgram:///PATH was wanted for datagrams, unix:///PATH for "
                                     "lines and sized packets")};
  if (!streams && address.starts_with(kUdp))
    bound = bind_udp(address.substr(kUdp.size()), s.wanted.receive_buffer_bytes);
  else if (!streams && address.starts_with(kUnixDatagramScheme))
    bound = s.bind_unix(kUnixDatagramScheme, SOCK_DGRAM);
  else if (streams && address.starts_with(kUnixScheme))
    bound = s.bind_unix(kUnixScheme, SOCK_STREAM);
  if (!bound) return bound.error();
  s.address = std::move(bound->address);
  if (streams) {
    s.streams = std::make_unique<PacketStreams>(s.loop, bound->descriptor, s.wanted, s.sink);
    return {};
  }
  s.descriptor.assign(bound->descriptor);
  s.loop.spawn("packets", State::receive(state_));
  return {};
}

std::string PacketServer::address() const { return state_->address; }
std::uint64_t PacketServer::dropped_by_kernel() const {
  state_->note_kernel_drops();
  return state_->kernel_drops;
}
std::uint64_t PacketServer::dropped_too_large() const {
  return state_->too_large + (state_->streams ? state_->streams->dropped_too_large() : 0);
}

void PacketServer::drain() {
  if (state_->streams) return state_->streams->drain();
  for (unsigned batch = 0; batch < kDrainBatchesMax && state_->take_batch(); ++batch) {
  }
}

void PacketServer::stop() {
  if (std::exchange(state_->stopped, true)) return;
  state_->note_kernel_drops();
  boost::system::error_code ignored;
  state_->path.remove();
  state_->descriptor.close(ignored);
  if (state_->streams) state_->too_large += state_->streams->dropped_too_large();
  state_->streams.reset();
  state_->sink = nullptr;
}

}  // namespace agent
