// The forwarder's inside: what it holds, and the verbs that move a payload from acceptance to its fate. Private to
// forward/forwarder (decisions and bookkeeping) and forward/sender (the coroutines).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "forward/forwarder.hpp"
#include "forward/intake.hpp"
#include "forward/lane.hpp"
#include "forward/payload.hpp"
#include "forward/retry.hpp"
#include "forward/spool.hpp"

namespace agent {

struct Forwarder::State : std::enable_shared_from_this<Forwarder::State> {
  struct Endpoint {
    Address address;
    std::string api_key;         // its own; empty: the host's
    std::shared_ptr<Peer> peer;  // null: the address cannot be used
  };
  struct Intake {
    std::vector<Endpoint> endpoints;
  };
  struct Plugin {
    std::string id;
    std::vector<Intake> intakes;
    std::uint64_t held_bytes = 0, held_items = 0;  // taken over, without a fate yet
    bool bad_url_said = false;
  };
  // Where a payload's bodies go.
  struct Destination {
    std::shared_ptr<Lane> lane;
    std::string target;
    std::uint32_t endpoint = 0;
    bool copy = false;
    bool app_key = false;
  };
  // A payload too large to be compressed on the loop, on its way over the worker.
  struct Preparation {
    std::shared_ptr<Envelope> envelope;
    std::vector<Destination> destinations;
    std::vector<RawBody> raw;
    Packed packed;
    std::uint64_t bytes = 0, items = 0;
  };
  // How one attempt ended.
  struct Answer {
    unsigned status = 0;  // 0: none
    std::string error;
    std::optional<std::chrono::seconds> pause;
    bool maybe_taken = false;
  };
  struct Loss {
    std::uint32_t outcome = SLS_DROPPED;
    std::string_view reason;
    std::int32_t http_status = 0;
  };

  State(Loop& loop, ForwardOptions options, Ledger& ledger, Offload& offload, Deliver deliver, Connect connect);

  // Acceptance.
  Endpoint make_endpoint(std::string_view url, std::string_view api_key, std::string_view plugin);
  void accept(std::size_t plugin, const sls_payload& payload);
  std::vector<Destination> route(Plugin& plugin, const sls_payload& payload, std::string_view& refusal);
  Endpoint endpoint_of(Plugin& plugin, std::string_view url);
  std::optional<Destination> destination(const Endpoint& endpoint, std::uint32_t auth, std::string target,
                                         std::string_view& refusal);
  std::shared_ptr<Envelope> envelope_of(std::size_t plugin, const sls_payload& payload) const;
  void add_bodies(const std::shared_ptr<Envelope>& envelope, const std::vector<Destination>& destinations,
                  Packed packed);
  std::shared_ptr<Peer> peer_for(const Url& url);
  std::shared_ptr<Lane> lane_for(const std::shared_ptr<Peer>& peer, std::string_view key, std::string_view target);

  // The spool (forward/spooling.cpp).
  void pick_up();
  void pick_up(SpoolEntry entry, Wall now);
  SpoolEntry spool_entry(const Lane& lane, const Shipment& shipment) const;
  void spool(std::vector<std::pair<const Lane*, ShipmentPtr>> waiting, Steady until);

  // Fate.
  void enqueue(Lane& lane, ShipmentPtr shipment);
  void delivered(const ShipmentPtr& shipment, unsigned status);
  void lost(const ShipmentPtr& shipment, const Loss& loss);
  void lost_items(Envelope& envelope, std::uint64_t items, const Loss& loss);
  void lost_unpacked(Envelope& envelope, const Packed& packed, bool copy);
  void tell(Envelope& envelope);
  void release(const Shipment& shipment);

  // Sending.
  void begin_flush(bool last);
  void pump();
  void settle(const std::shared_ptr<Lane>& lane, const ShipmentPtr& shipment, const Answer& answer);
  void failed(Lane& lane, const ShipmentPtr& shipment, const Answer& answer, Verdict verdict, Steady now);
  void refused(Lane& lane, const ShipmentPtr& shipment, const Answer& answer, Verdict verdict, Steady now);
  void replace(const std::shared_ptr<Lane>& lane, const ShipmentPtr& shipment, Packed halves);
  void prepared(const std::shared_ptr<Preparation>& work);
  Steady hold_limit(Steady until) const;
  // Until when the flush has something to wait for; Steady::min(): nothing.
  Steady waits_until(Steady now, Steady cut) const;
  void stop_waiting(Steady now, Steady cut);
  void expire(Wall now);
  void abandon(Steady until);
  Breaker::Moment moment(const Shipment& shipment, Steady now);
  void say_open(Lane& lane, Steady now);
  double chance();
  ClientRequest request_of(const Lane& lane, const Shipment& shipment) const;

  // Coroutines (forward/sender.cpp).
  static Task<> drain(std::shared_ptr<State> state, Steady until);
  static Task<> send(std::shared_ptr<State> state, std::shared_ptr<Lane> lane, ShipmentPtr shipment);
  static Task<Answer> attempt(std::shared_ptr<State> state, std::shared_ptr<Lane> lane, ShipmentPtr shipment);
  static Task<> prepare(std::shared_ptr<State> state, std::shared_ptr<Preparation> work);

  Loop& loop;
  ForwardOptions options;
  Ledger& ledger;
  Offload& offload;
  Deliver deliver;
  Connect connect;
  TlsOptions tls;
  Url proxy;  // host empty: none

  std::vector<Plugin> plugins;
  std::vector<std::shared_ptr<Peer>> peers;
  std::vector<std::shared_ptr<Lane>> lanes;
  std::vector<std::shared_ptr<Preparation>> preparing;
  Compressor compressor;
  Signal changed;
  Flush flush;
  Nanos hold_left;  // of what mute endpoints may hold flushes for; full again with every answer
  std::uint64_t held_bytes = 0;
  bool no_api_key_said = false, no_app_key_said = false;
  bool picked_up = false;
  bool stopped = false;
  std::uint64_t random;
};

}  // namespace agent
