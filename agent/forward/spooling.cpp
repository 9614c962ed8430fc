// What waits, to and from the spool file: which of it is kept, and what becomes of what an earlier process has left.
#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "forward/forwarder_state.hpp"
#include "forward/spool_file.hpp"

namespace agent {
namespace {

constexpr std::size_t kHeadBytes = 256;  // of the file, before its entries

using Waiting = std::vector<std::pair<const Lane*, ShipmentPtr>>;

// One of each lane in turn, the oldest first, so that a lane with much leaves room for the others; copies come last.
Waiting in_turns(Waiting waiting) {
  std::vector<std::pair<std::size_t, std::size_t>> turns;  // turn, position
  std::vector<std::pair<std::pair<const Lane*, bool>, std::size_t>> counts;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const std::pair<const Lane*, bool> whose{waiting[i].first, waiting[i].second->copy};
    auto count = std::find_if(counts.begin(), counts.end(), [&](const auto& each) { return each.first == whose; });
    if (count == counts.end()) count = counts.insert(counts.end(), {whose, whose.second ? waiting.size() : 0});
    turns.emplace_back(count->second++, i);
  }
  std::stable_sort(turns.begin(), turns.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Waiting ordered;
  ordered.reserve(waiting.size());
  for (const auto& [turn, at] : turns) ordered.push_back(std::move(waiting[at]));
  return ordered;
}

}  // namespace

SpoolEntry Forwarder::State::spool_entry(const Lane& lane, const Shipment& shipment) const {
  const Envelope& envelope = *shipment.envelope;
  SpoolEntry entry;
  entry.plugin = plugins[envelope.plugin].id;
  entry.intake = envelope.intake;
  entry.endpoint = shipment.endpoint;
  entry.origin = lane.peer().url.origin();
  if (!shipment.copy) entry.url = envelope.url;
  entry.target = shipment.target;
  entry.method = envelope.method;
  entry.content_type = envelope.content_type;
  entry.headers = envelope.headers;
  entry.packing = envelope.packing;
  entry.auth = envelope.auth;
  entry.maybe_taken = shipment.maybe_taken;
  entry.own_failures = shipment.own_failures;
  entry.since = envelope.since;
  entry.body = shipment.body;
  return entry;
}

void Forwarder::State::spool(Waiting waiting, Steady until) {
  std::vector<SpoolEntry> entries;
  Waiting kept, given_up;
  std::size_t bytes = kHeadBytes;
  for (auto& [lane, shipment] : in_turns(std::move(waiting))) {
    if (Now::read().steady >= until) {  // the process must be gone at the deadline
      given_up.emplace_back(lane, std::move(shipment));
      continue;
    }
    SpoolEntry entry = spool_entry(*lane, *shipment);
    const bool fits = bytes + spooled_bytes(entry) <= std::min(options.spool_bytes, limits::kSpoolBytesMax);
    if (!fits || !may_be_spooled(entry)) {
      given_up.emplace_back(lane, std::move(shipment));
      continue;
    }
    bytes += spooled_bytes(entry);
    entries.push_back(std::move(entry));
    kept.emplace_back(lane, std::move(shipment));
  }
  if (!entries.empty()) {
    const Status written = put_spool_file(options.spool_file, encode_spool(options.spool_writer, entries));
    if (!written) {
      log_error("forward: what waits cannot be kept for the next start (", written.error().text, ")");
      given_up.insert(given_up.end(), std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
      kept.clear();
    }
  }
  for (const auto& [lane, shipment] : given_up) lost(shipment, Loss{SLS_DROPPED, "shutdown", 0});
  for (const auto& [lane, shipment] : kept) {
    Plugin& plugin = plugins[shipment->envelope->plugin];
    if (shipment->copy) {
      ledger.copy_spooled(plugin.id, shipment->items());
      continue;
    }
    release(*shipment);
    ledger.spooled(plugin.id, shipment->items());
    plugin.held_items -= shipment->items();
  }
}

void Forwarder::State::pick_up() {
  if (options.spool_bytes == 0 || options.spool_file.empty()) return;
  const Result<std::string> bytes = take_spool_file(options.spool_file, limits::kSpoolBytesMax);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return;
  Result<std::vector<SpoolEntry>> entries = bytes ? decode_spool(options.spool_writer, *bytes) : bytes.error();
  if (!entries) {
    ledger.spool_ignored(entries.error().text);
    log_warn("forward: ", options.spool_file, " is not what an earlier start has left (", entries.error().text,
             "); it is ignored");
    return;
  }
  const Wall now = Now::read().wall;
  for (SpoolEntry& entry : *entries) pick_up(std::move(entry), now);
}

void Forwarder::State::pick_up(SpoolEntry entry, Wall now) {
  const bool copy = entry.endpoint != 0;
  const std::uint64_t items = entry.body->shape.items();
  if (!copy) ledger.picked_up(entry.plugin, items);
  const auto drop = [&](std::string_view reason) {
    if (copy) return ledger.copy_dropped(entry.plugin, reason, items);
    ledger.dropped(entry.plugin, reason, items);
  };
  if (now - entry.since > limits::kPayloadAgeMax) return drop("expired");
  const auto plugin =
      std::find_if(plugins.begin(), plugins.end(), [&](const Plugin& p) { return p.id == entry.plugin; });
  if (plugin == plugins.end()) return drop("bad_endpoint");
  Endpoint endpoint;
  if (!entry.url.empty()) {
    endpoint = endpoint_of(*plugin, entry.url);
  } else if (entry.intake < plugin->intakes.size() && entry.endpoint < plugin->intakes[entry.intake].endpoints.size()) {
    endpoint = plugin->intakes[entry.intake].endpoints[entry.endpoint];
  }
  if (endpoint.peer && endpoint.peer->url.origin() != entry.origin) endpoint.peer.reset();
  std::string_view refusal;
  const std::optional<Destination> where = destination(endpoint, entry.auth, entry.target, refusal);
  if (!where) return drop(refusal);

  auto envelope = std::make_shared<Envelope>();
  envelope->plugin = static_cast<std::size_t>(plugin - plugins.begin());
  envelope->told = true;  // whoever made it is gone
  envelope->intake = entry.intake;
  envelope->auth = entry.auth;
  envelope->url = std::move(entry.url);
  envelope->since = entry.since;
  envelope->method = std::move(entry.method);
  envelope->content_type = std::move(entry.content_type);
  envelope->headers = std::move(entry.headers);
  envelope->packing = entry.packing;
  auto shipment = std::make_shared<Shipment>();
  shipment->envelope = std::move(envelope);
  shipment->body = std::move(entry.body);
  shipment->target = where->target;
  shipment->endpoint = entry.endpoint;
  shipment->copy = copy;
  shipment->app_key = where->app_key;
  shipment->maybe_taken = entry.maybe_taken;
  shipment->own_failures = entry.own_failures;
  if (!copy) plugin->held_items += items;
  enqueue(*where->lane, std::move(shipment));
}

}  // namespace agent
