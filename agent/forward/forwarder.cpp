#include "forward/forwarder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "forward/forwarder_state.hpp"

namespace agent {
namespace {

std::string_view view(const sls_str& text) { return {text.data, text.len}; }

// A struct of an older contract is shorter: what it does not have is zero.
template <class Struct>
Struct whole(const Struct* given) {
  Struct copy{};
  std::memcpy(&copy, given, given->size == 0 ? sizeof copy : std::min<std::size_t>(given->size, sizeof copy));
  return copy;
}

Coding coding_of(std::uint32_t compress) {
  if (compress == SLS_COMPRESS_ZSTD) return Coding::kZstd;
  return compress == SLS_COMPRESS_GZIP ? Coding::kGzip : Coding::kNone;
}

}  // namespace

Forwarder::State::State(Loop& own_loop, ForwardOptions given, Ledger& own_ledger, Offload& worker, Deliver teller,
                        Connect connector)
    : loop(own_loop),
      options(std::move(given)),
      ledger(own_ledger),
      offload(worker),
      deliver(std::move(teller)),
      connect(std::move(connector)),
      changed(own_loop),
      hold_left(limits::kFlushHold * 9 / 10),
      random(reinterpret_cast<std::uintptr_t>(this) | 1) {
  if (options.request_timeout <= Nanos(0)) options.request_timeout = std::chrono::seconds(5);
  tls.verify = options.verify_tls;
  tls.extra_ca_file = options.tls_cert_file;
  if (options.proxy_https.empty()) return;
  Result<Url> parsed = parse_proxy(options.proxy_https);
  if (parsed) {
    proxy = *std::move(parsed);
  } else {
    log_error("forward: the HTTPS proxy cannot be used (", parsed.error().text, "); intakes are asked directly");
  }
}

// ---- the face

Forwarder::Forwarder(Loop& loop, ForwardOptions options, Ledger& ledger, Offload& offload, Deliver deliver,
                     Connect connect)
    : state_(
        std::make_shared<State>(loop, std::move(options), ledger, offload, std::move(deliver), std::move(connect))) {}

Forwarder::~Forwarder() {
  state_->stopped = true;  // coroutines that are under way end at their next turn, and touch nothing but the state
  for (const auto& peer : state_->peers) peer->forget();
  state_->changed.notify();
}

void Forwarder::add_plugin(std::size_t plugin, std::string_view id, const sls_intake* intakes, std::size_t count) {
  if (state_->plugins.size() <= plugin) state_->plugins.resize(plugin + 1);
  State::Plugin& added = state_->plugins[plugin];
  added.id = id;
  added.intakes.clear();
  const std::size_t stride = count > 0 && intakes->size != 0 ? intakes->size : sizeof(sls_intake);
  const char* at = reinterpret_cast<const char*>(intakes);
  for (std::size_t i = 0; i < count; ++i, at += stride) {
    const sls_intake intake = whole(reinterpret_cast<const sls_intake*>(at));
    State::Intake& made = added.intakes.emplace_back();
    for (std::size_t j = 0; j < intake.endpoint_count; ++j)
      made.endpoints.push_back(
          state_->make_endpoint(view(intake.endpoints[j].url), view(intake.endpoints[j].api_key), id));
  }
}

bool Forwarder::has_room() const { return state_->held_bytes < limits::kForwardBytesMax; }

bool Forwarder::has_room(std::size_t plugin) const {
  return has_room()
         && (plugin >= state_->plugins.size() || state_->plugins[plugin].held_bytes < limits::kForwardBytesMax / 2);
}

void Forwarder::accept(std::size_t plugin, const sls_payload& payload) { state_->accept(plugin, whole(&payload)); }
void Forwarder::begin_flush(bool last) { state_->begin_flush(last); }
Task<> Forwarder::drain(Steady until) { return State::drain(state_, until); }
void Forwarder::abandon(Steady until) { state_->abandon(until); }

void Forwarder::thawed() {
  for (const auto& peer : state_->peers) peer->forget();
}

std::uint64_t Forwarder::pending_items() const {
  std::uint64_t items = 0;
  for (const State::Plugin& plugin : state_->plugins) items += plugin.held_items;
  return items;
}

std::uint64_t Forwarder::pending_bytes() const { return state_->held_bytes; }

std::vector<LaneReport> Forwarder::report() const {
  std::vector<LaneReport> reports;
  for (const auto& lane : state_->lanes) {
    LaneReport& report = reports.emplace_back();
    report.origin = lane->name();
    report.waiting = lane->waiting();
    report.waiting_bytes = lane->held_bytes();
    report.in_flight = lane->in_flight();
    report.requests = lane->requests;
    report.failures = lane->failures;
    report.last_error = lane->last_error;
  }
  return reports;
}

// ---- acceptance

Forwarder::State::Endpoint Forwarder::State::make_endpoint(std::string_view url, std::string_view api_key,
                                                           std::string_view plugin) {
  Endpoint endpoint;
  endpoint.api_key = trim(api_key);
  if (!is_header_value(endpoint.api_key)) {
    endpoint.api_key.clear();
    log_error("forward: an API key of plugin ", plugin,
              " has a character that no header may hold; the host's key is used");
  }
  Result<Address> address = resolve_address(url, options.site);
  if (!address) {
    log_error("forward: an intake of plugin ", plugin, " has an address that cannot be used (", address.error().text,
              "); its payloads are dropped as bad_endpoint");
    return endpoint;
  }
  endpoint.address = *std::move(address);
  endpoint.peer = peer_for(endpoint.address.url);
  if (!endpoint.address.key_allowed)
    log_error("forward: ", endpoint.address.url.origin(), " (plugin ", plugin, ") is not under the site ", options.site,
              "; the API key is not sent there");
  return endpoint;
}

std::shared_ptr<Peer> Forwarder::State::peer_for(const Url& url) {
  for (const auto& known : peers)
    if (known->url.tls == url.tls && known->url.port == url.port && iequals(known->url.host, url.host)) return known;
  auto peer = std::make_shared<Peer>();
  peer->url = url;
  peer->url.path.clear();
  if (url.tls && !proxy.host.empty() && !bypasses_proxy(url, options.no_proxy)) peer->proxy = proxy;
  peers.push_back(peer);
  return peer;
}

std::shared_ptr<Lane> Forwarder::State::lane_for(const std::shared_ptr<Peer>& peer, std::string_view key,
                                                 std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (lanes.size() >= limits::kLanesMax) path = "*";
  for (const auto& lane : lanes)
    if (lane->serves(*peer, key, path) || lane->serves(*peer, key, target.substr(0, target.find('?')))) return lane;
  lanes.push_back(std::make_shared<Lane>(peer, std::string(key), std::string(path)));
  return lanes.back();
}

std::optional<Forwarder::State::Destination> Forwarder::State::destination(const Endpoint& endpoint, std::uint32_t auth,
                                                                           std::string target,
                                                                           std::string_view& refusal) {
  refusal = "bad_endpoint";
  if (!endpoint.peer || target.empty()) return std::nullopt;
  Destination where;
  where.target = std::move(target);
  std::string_view key;
  if (auth != SLS_AUTH_NONE) {
    key = endpoint.api_key;
    if (key.empty() && !endpoint.address.key_allowed) return std::nullopt;
    if (key.empty()) key = options.api_key;
    if (key.empty()) {
      refusal = "no_api_key";
      return std::nullopt;
    }
  }
  // The application key belongs to the host's organisation, so it goes only where the host's own key goes.
  if (auth == SLS_AUTH_API_AND_APP_KEY && endpoint.api_key.empty()) {
    if (options.app_key.empty()) {
      refusal = "no_app_key";
      return std::nullopt;
    }
    where.app_key = true;
  }
  where.lane = lane_for(endpoint.peer, key, where.target);
  return where;
}

// Of a payload that names its own address. No peer: it cannot be used.
Forwarder::State::Endpoint Forwarder::State::endpoint_of(Plugin& plugin, std::string_view url) {
  Result<Address> address = resolve_address(url, options.site);
  Endpoint endpoint;
  if (address) {
    endpoint.address = *std::move(address);
    endpoint.peer = peer_for(endpoint.address.url);
  } else if (!std::exchange(plugin.bad_url_said, true)) {
    log_error("forward: plugin ", plugin.id, " sends to an address that cannot be used (", address.error().text,
              "); such payloads are dropped as bad_endpoint");
  }
  return endpoint;
}

std::vector<Forwarder::State::Destination> Forwarder::State::route(Plugin& plugin, const sls_payload& payload,
                                                                   std::string_view& refusal) {
  std::vector<Destination> all;
  refusal = "bad_endpoint";
  if (payload.intake >= plugin.intakes.size() && payload.url.len == 0) return all;
  static const Intake kNoIntake;
  const Intake& intake = payload.intake < plugin.intakes.size() ? plugin.intakes[payload.intake] : kNoIntake;
  const auto to = [&](const Endpoint& endpoint, std::string_view& why) {
    return destination(endpoint, payload.auth, request_target(endpoint.address.url.path, view(payload.path)), why);
  };
  std::optional<Destination> primary;
  if (payload.url.len > 0) {
    primary = to(endpoint_of(plugin, view(payload.url)), refusal);
  } else if (!intake.endpoints.empty()) {
    primary = to(intake.endpoints.front(), refusal);
  }
  if (primary) {
    refusal = {};
    all.push_back(*std::move(primary));
  }
  for (std::size_t i = 1; i < intake.endpoints.size(); ++i) {
    std::string_view why;
    std::optional<Destination> additional = to(intake.endpoints[i], why);
    if (additional) {
      additional->endpoint = static_cast<std::uint32_t>(i);
      additional->copy = true;
      all.push_back(*std::move(additional));
    } else {
      ledger.copy_dropped(plugin.id, why, payload_size(payload).items);
    }
  }
  return all;
}

std::shared_ptr<Envelope> Forwarder::State::envelope_of(std::size_t plugin, const sls_payload& payload) const {
  auto envelope = std::make_shared<Envelope>();
  envelope->plugin = plugin;
  envelope->cookie = payload.cookie;
  envelope->intake = payload.intake;
  envelope->auth = payload.auth;
  envelope->url = view(payload.url);
  envelope->since = Now::read().wall;
  envelope->method = payload.method.len > 0 ? view(payload.method) : std::string_view("POST");
  envelope->content_type = view(payload.content_type);
  if (!is_header_value(envelope->content_type)) envelope->content_type.clear();
  const bool with_key = payload.auth != SLS_AUTH_NONE;
  for (std::size_t i = 0; i < payload.headers.count; ++i) {
    const sls_pair& header = payload.headers.items[i];
    if (is_own_header(view(header.key), view(header.value), with_key))
      envelope->headers.emplace_back(view(header.key), view(header.value));
  }
  envelope->packing.coding = coding_of(payload.compress);
  envelope->packing.level = payload.level != 0 ? payload.level : options.compression_level;
  envelope->packing.compressed_bytes_max = payload.compressed_bytes_max;
  return envelope;
}

void Forwarder::State::accept(std::size_t index, const sls_payload& payload) {
  if (index >= plugins.size()) plugins.resize(index + 1);
  Plugin& plugin = plugins[index];
  const PayloadSize size = payload_size(payload);
  ledger.took_over(plugin.id, size.items);
  std::string_view refusal;
  std::vector<Destination> destinations;
  if (size.countable) {
    destinations = route(plugin, payload, refusal);
  } else {
    refusal = "bad_payload";
  }
  if (refusal == "no_api_key" && !std::exchange(no_api_key_said, true))
    log_error("forward: there is no API key; payloads are dropped. Set DD_API_KEY");
  if (refusal == "no_app_key" && !std::exchange(no_app_key_said, true))
    log_error("forward: there is no application key; payloads that need it are dropped. Set DD_APP_KEY");
  const std::shared_ptr<Envelope> envelope = envelope_of(index, payload);
  plugin.held_items += size.items;
  if (!refusal.empty()) lost_items(*envelope, size.items, Loss{SLS_DROPPED, refusal, 0});
  if (destinations.empty()) return tell(*envelope);

  Packed packed;
  std::vector<RawBody> raw = assemble(payload, packed);
  // A body that is only moved, not compressed, needs no worker.
  if (size.bytes < limits::kOffloadBytesMin || envelope->packing.coding == Coding::kNone) {
    for (RawBody& body : raw) pack(std::move(body), envelope->packing, compressor, packed);
    add_bodies(envelope, destinations, std::move(packed));
    pump();
    return;
  }
  auto work = std::make_shared<Preparation>();
  work->envelope = envelope;
  work->destinations = std::move(destinations);
  work->raw = std::move(raw);
  work->packed = std::move(packed);
  work->bytes = size.bytes;
  work->items = size.items;
  held_bytes += work->bytes;
  plugin.held_bytes += work->bytes;
  preparing.push_back(work);
  loop.spawn("forward: compress", prepare(shared_from_this(), work));
}

void Forwarder::State::prepared(const std::shared_ptr<Preparation>& work) {
  const auto it = std::find(preparing.begin(), preparing.end(), work);
  if (it == preparing.end()) return;  // given up meanwhile
  preparing.erase(it);
  held_bytes -= work->bytes;
  plugins[work->envelope->plugin].held_bytes -= work->bytes;
  add_bodies(work->envelope, work->destinations, std::move(work->packed));
  pump();
  changed.notify();
}

void Forwarder::State::add_bodies(const std::shared_ptr<Envelope>& envelope,
                                  const std::vector<Destination>& destinations, Packed packed) {
  for (const Destination& where : destinations) {
    lost_unpacked(*envelope, packed, where.copy);
    for (const auto& body : packed.bodies) {
      auto shipment = std::make_shared<Shipment>();
      shipment->envelope = envelope;
      shipment->body = body;
      shipment->target = where.target;
      shipment->endpoint = where.endpoint;
      shipment->copy = where.copy;
      shipment->app_key = where.app_key;
      enqueue(*where.lane, std::move(shipment));
    }
  }
  if (envelope->fate.pieces == 0) tell(*envelope);
}

}  // namespace agent
