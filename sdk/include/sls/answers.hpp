// What a plugin tells the host about itself or hands out: interests, a response, a payload, its state.
//
// Interests own their texts, because they are asked for once; a response and a payload borrow the plugin's bytes,
// which stay valid until the host's next call of that plugin.
//
// Filled by the plugin, read by the host through sls/door.hpp.
#pragma once

#include <sls/views.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace sls {

enum class Framing : std::uint32_t { datagram = SLS_DATAGRAM, lines = SLS_STREAM_LINES, le32 = SLS_STREAM_LE32 };
enum class TickWhen : std::uint32_t { always = SLS_TICK_ALWAYS, while_invoked = SLS_TICK_WHILE_INVOKED };
enum class Compress : std::uint32_t { none = SLS_COMPRESS_NONE, zstd = SLS_COMPRESS_ZSTD, gzip = SLS_COMPRESS_GZIP };
enum class Auth : std::uint32_t {
  none = SLS_AUTH_NONE,
  api_key = SLS_AUTH_API_KEY,
  api_and_app_key = SLS_AUTH_API_AND_APP_KEY
};

// "127.0.0.1:8126", "POST|PUT", "/v0.4/traces" (a path may end in '*'); body_bytes_max 0: the host's limit.
struct Route {
  std::string address, method, path;
  std::uint64_t body_bytes_max = 0;
};
// "udp://127.0.0.1:8125", "unixgram:///run/dsd.sock", "unix:///run/dsd.stream"
struct Socket {
  std::string address;
  Framing framing = Framing::datagram;
  std::uint32_t receive_buffer_bytes = 0, packet_bytes_max = 0;
};
// "https://http-intake.logs.{site}"; empty key: the host's.
struct Endpoint {
  std::string url, api_key;
};

// What a plugin wants, asked for once after its constructor. Each add_ function returns the index by which later calls
// name the thing.
class Interests {
 public:
  template <class... Kinds>
  void records(Kinds... kinds) {
    kinds_ |= ((1u << static_cast<std::uint32_t>(static_cast<RecordKind>(kinds))) | ...);
  }
  // Wanted only when others have them come anyway.
  template <class... Kinds>
  void records_if_any(Kinds... kinds) {
    kinds_optional_ |= ((1u << static_cast<std::uint32_t>(static_cast<RecordKind>(kinds))) | ...);
  }
  std::uint32_t add_route(Route route) { return add(routes_, std::move(route)); }
  std::uint32_t add_socket(Socket socket) { return add(sockets_, std::move(socket)); }
  // The first endpoint is the primary and decides on the ledger; the others get copies.
  std::uint32_t add_intake(std::string name, std::vector<Endpoint> endpoints) {
    return add(intakes_, Intake{std::move(name), std::move(endpoints), {}});
  }
  void tick_every(std::chrono::nanoseconds interval, TickWhen when = TickWhen::always) {
    tick_ = interval;
    tick_when_ = when;
  }

  // For sls/door.hpp: points `out` at what is held here.
  void fill(sls_interests& out) {
    c_routes_.clear(), c_sockets_.clear(), c_intakes_.clear();
    for (const Route& each : routes_)
      c_routes_.push_back(
          {sizeof(sls_route), 0, str(each.address), str(each.method), str(each.path), each.body_bytes_max});
    for (const Socket& each : sockets_)
      c_sockets_.push_back({sizeof(sls_socket), static_cast<std::uint32_t>(each.framing), str(each.address),
                            each.receive_buffer_bytes, each.packet_bytes_max});
    for (Intake& each : intakes_) {
      each.c_endpoints.clear();
      for (const Endpoint& endpoint : each.endpoints)
        each.c_endpoints.push_back({str(endpoint.url), str(endpoint.api_key)});
      c_intakes_.push_back({sizeof(sls_intake), 0, str(each.name), each.c_endpoints.data(), each.c_endpoints.size()});
    }
    out.telemetry_kinds = kinds_;
    out.telemetry_kinds_optional = kinds_optional_;
    out.tick_when = static_cast<std::uint32_t>(tick_when_);
    out.tick_ns = tick_.count();
    out.routes = c_routes_.data(), out.route_count = c_routes_.size();
    out.sockets = c_sockets_.data(), out.socket_count = c_sockets_.size();
    out.intakes = c_intakes_.data(), out.intake_count = c_intakes_.size();
  }

 private:
  struct Intake {
    std::string name;
    std::vector<Endpoint> endpoints;
    std::vector<sls_endpoint> c_endpoints;
  };
  template <class Thing>
  static std::uint32_t add(std::vector<Thing>& to, Thing thing) {
    to.push_back(std::move(thing));
    return static_cast<std::uint32_t>(to.size() - 1);
  }
  std::uint32_t kinds_ = 0, kinds_optional_ = 0;
  TickWhen tick_when_ = TickWhen::always;
  std::chrono::nanoseconds tick_{0};
  std::vector<Route> routes_;
  std::vector<Socket> sockets_;
  std::vector<Intake> intakes_;
  std::vector<sls_route> c_routes_;
  std::vector<sls_socket> c_sockets_;
  std::vector<sls_intake> c_intakes_;
};

// The answer to a request. Headers and body are the plugin's until its next call.
struct Response {
  std::uint32_t status = 200;
  Pairs headers{};
  Text body{};
};

// received: what came in since the constructor; pending: what still waits inside. In the units of sls_part.items.
struct State {
  std::uint64_t received = 0, pending_items = 0, pending_bytes = 0;
};

// One payload, filled in place. All bytes, parts and headers are the plugin's until its next call.
class Payload {
 public:
  explicit Payload(sls_payload* raw) : raw_(raw) {
    method("POST");
    auth(Auth::api_key);
  }
  Payload& intake(std::uint32_t index) { return raw_->intake = index, *this; }
  Payload& method(std::string_view text) { return raw_->method = str(text), *this; }
  Payload& path(std::string_view text) { return raw_->path = str(text), *this; }
  Payload& url(std::string_view text) { return raw_->url = str(text), *this; }
  Payload& content_type(std::string_view text) { return raw_->content_type = str(text), *this; }
  Payload& headers(std::span<const sls_pair> pairs) { return raw_->headers = Pairs(pairs), *this; }
  Payload& compress(Compress how, std::int32_t level = 0) {
    raw_->compress = static_cast<std::uint32_t>(how);
    raw_->level = level;
    return *this;
  }
  Payload& auth(Auth how) { return raw_->auth = static_cast<std::uint32_t>(how), *this; }
  // The body is prefix, parts joined by separator, suffix; the host may send it in halves, cut between parts.
  Payload& prefix(std::string_view bytes) { return raw_->prefix = str(bytes), *this; }
  Payload& separator(std::string_view bytes) { return raw_->separator = str(bytes), *this; }
  Payload& suffix(std::string_view bytes) { return raw_->suffix = str(bytes), *this; }
  Payload& parts(std::span<const sls_part> all) {
    raw_->parts = all.data();
    raw_->part_count = all.size();
    return *this;
  }
  Payload& compressed_bytes_max(std::uint64_t bytes) { return raw_->compressed_bytes_max = bytes, *this; }
  Payload& cookie(std::uint64_t value) { return raw_->cookie = value, *this; }
  const sls_payload& raw() const { return *raw_; }

 private:
  sls_payload* raw_;
};

}  // namespace sls
