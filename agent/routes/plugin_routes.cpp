#include "routes/plugin_routes.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace agent {
namespace {

// What the host answers where a plugin gave no status of its own.
unsigned http_status_of(sls_status status) {
  switch (status) {
    case SLS_OK: return 200;
    case SLS_E_INVALID: return 400;
    case SLS_E_UNSUPPORTED: return 501;
    case SLS_E_FULL: return 429;
    case SLS_EMPTY: return 503;  // quarantined: nobody took it
    default: return 500;
  }
}

}  // namespace

std::string canonical_address(std::string_view address) {
  constexpr std::string_view kLocalhost = "localhost";
  if (address.starts_with("unix")) return std::string(address);
  const auto host = address.find(kLocalhost);
  if (host == std::string_view::npos) return std::string(address);
  return cat(address.substr(0, host), "127.0.0.1", address.substr(host + kLocalhost.size()));
}

Doors::Doors(Loop& loop, PluginSet& plugins, Counters& counters)
    : loop_(loop), plugins_(plugins), counters_(counters) {}

Doors::~Doors() = default;

Doors::Door* Doors::find(std::string_view address) const {
  for (const auto& door : doors_)
    if (door->address == address) return door.get();
  return nullptr;
}

Dispatch& Doors::at(const std::string& address) {
  if (Door* known = find(address)) return known->dispatch;
  doors_.push_back(std::make_unique<Door>());
  doors_.back()->address = address;
  return doors_.back()->dispatch;
}

// Why the plugin cannot have what it asks for: a sentence that names the other owner; empty when it can.
std::string Doors::conflict_of(const Plugin& plugin) const {
  const sls_interests& wants = plugin.interests();
  for (std::size_t i = 0; i < wants.route_count; ++i) {
    const sls_route route = element(wants.routes, i);
    const Door* door = find(canonical_address(from_sls(route.address)));
    const Route* other = door ? door->dispatch.taken(from_sls(route.method), from_sls(route.path)) : nullptr;
    if (other)
      return cat("it asks for the route ", from_sls(route.method), " ", from_sls(route.path), " on ",
                 from_sls(route.address), ", which ", other->owner, " already has; disable one of the two");
  }
  for (std::size_t i = 0; i < wants.socket_count; ++i) {
    const std::string address = canonical_address(from_sls(element(wants.sockets, i).address));
    for (const auto& other : sockets_)
      if (other->wanted.address == address)
        return cat("it asks for the socket ", address, ", which ", plugins_.at(other->plugin).id(),
                   " already has; disable one of the two");
  }
  return {};
}

void Doors::add_plugins() {
  for (const auto& plugin : plugins_.chain()) {
    if (!plugin->running()) continue;
    std::string conflict = conflict_of(*plugin);
    if (!conflict.empty()) {
      plugin->refuse(std::move(conflict));
      continue;
    }
    add_routes(*plugin);
    add_sockets(*plugin);
  }
}

void Doors::add_routes(const Plugin& plugin) {
  const sls_interests& wants = plugin.interests();
  for (std::size_t i = 0; i < wants.route_count; ++i) {
    const sls_route wanted = element(wants.routes, i);
    Route route;
    route.owner = plugin.id();
    route.methods = from_sls(wanted.method);
    route.path = from_sls(wanted.path);
    route.body.bytes_max = wanted.body_bytes_max == 0
                               ? limits::kHttpBodyBytesMax
                               : std::min<std::uint64_t>(wanted.body_bytes_max, limits::kHttpBodyBytesMax);
    route.answer = [this, index = plugin.index(), i](const HttpRequest& request, HttpReply& reply) {
      answer(index, static_cast<std::uint32_t>(i), request, reply);
    };
    at(canonical_address(from_sls(wanted.address))).add(std::move(route));
  }
}

void Doors::add_sockets(const Plugin& plugin) {
  const sls_interests& wants = plugin.interests();
  for (std::size_t i = 0; i < wants.socket_count; ++i) {
    const sls_socket wanted = element(wants.sockets, i);
    auto socket = std::make_unique<Socket>();
    socket->plugin = plugin.index();
    socket->index = static_cast<std::uint32_t>(i);
    socket->wanted.address = canonical_address(from_sls(wanted.address));
    socket->wanted.framing = wanted.framing;
    socket->wanted.receive_buffer_bytes = wanted.receive_buffer_bytes;
    if (wanted.packet_bytes_max != 0)
      socket->wanted.packet_bytes_max =
          static_cast<std::uint32_t>(std::min<std::size_t>(wanted.packet_bytes_max, limits::kPacketBytesMax));
    sockets_.push_back(std::move(socket));
  }
}

void Doors::open() {
  for (const auto& door : doors_) {
    door->server = std::make_unique<HttpServer>(loop_, door->dispatch);
    Status opened = door->server->listen(door->address);
    if (opened) continue;
    door->problem = opened.error().text;
    door->server.reset();
    log_error("nothing listens on ", door->address, ": ", door->problem,
              "; end what holds it, or set another address; everything else goes on");
  }
  for (const auto& socket : sockets_) {
    const auto sink = [this, plugin = socket->plugin, index = socket->index](const sls_str* packets,
                                                                             std::size_t count) {
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < count; ++i) bytes += packets[i].len;
      const sls_packets batch{sizeof batch, index, count, packets, to_ns(Now::read().wall)};
      plugins_.on_packets(plugin, batch, bytes);
    };
    socket->server = std::make_unique<PacketServer>(loop_, socket->wanted, sink);
    Status opened = socket->server->listen();
    if (opened) continue;
    socket->problem = opened.error().text;
    socket->server.reset();
    log_error("nothing listens on ", socket->wanted.address, ": ", socket->problem,
              "; end what holds it, or set another address; everything else goes on");
  }
}

void Doors::answer(std::size_t plugin, std::uint32_t route, const HttpRequest& request, HttpReply& reply) {
  sls_request asked{};
  asked.size = sizeof asked;
  asked.route = route;
  asked.method = to_sls(request.method);
  asked.path = to_sls(request.path);
  asked.query = to_sls(request.query);
  asked.headers = {request.headers.data(), request.headers.size()};
  asked.body = to_sls(request.body);
  asked.now_ns = to_ns(Now::read().wall);
  sls_response answer{};
  answer.size = sizeof answer;
  const sls_status status = plugins_.on_request(plugin, asked, answer);
  const bool has_status = answer.status >= 200 && answer.status <= 599;
  reply.status = has_status ? answer.status : http_status_of(status);
  reply.content_type = {};
  for (std::size_t i = 0; answer.headers.items && i < answer.headers.count; ++i)
    reply.headers.emplace_back(from_sls(answer.headers.items[i].key), from_sls(answer.headers.items[i].value));
  reply.body = from_sls(answer.body);
}

void Doors::drain_packets() {
  for (const auto& socket : sockets_)
    if (socket->server) socket->server->drain();
}

void Doors::count_lost_packets() {
  for (const auto& socket : sockets_) {
    if (!socket->server) continue;
    const std::uint64_t drops = socket->server->dropped_by_kernel(), too_large = socket->server->dropped_too_large();
    if (drops == socket->counted_drops && too_large == socket->counted_too_large) continue;
    const std::string& owner = plugins_.at(socket->plugin).id();
    if (socket->counted_drops == 0 && drops != 0)
      log_error("socket ", socket->server->address(), " of plugin ", owner, ": the kernel has dropped ", drops,
                " packets that found no room in its receive buffer; a larger one takes longer bursts");
    // Not "dropped.": these packets were never received, so they are no part of received = delivered + dropped +
    // pending.
    counters_.add(counters_.handle(owner, "packets_lost_in_kernel"),
                  drops - std::exchange(socket->counted_drops, drops));
    counters_.add(counters_.handle(owner, "packets_lost_too_large"),
                  too_large - std::exchange(socket->counted_too_large, too_large));
  }
}

void Doors::close() {
  for (const auto& door : doors_)
    if (door->server) door->server->stop();
  for (const auto& socket : sockets_)
    if (socket->server) socket->server->stop();
}

std::vector<Doors::Open> Doors::report() const {
  std::vector<Open> open;
  for (const auto& door : doors_) {
    const std::string address = door->server ? door->server->address() : door->address;
    open.push_back({address.find("://") == std::string::npos ? cat("http://", address) : address, door->problem});
  }
  for (const auto& socket : sockets_)
    open.push_back({socket->server ? socket->server->address() : socket->wanted.address, socket->problem});
  return open;
}

}  // namespace agent
