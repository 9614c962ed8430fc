// One endpoint's lane: what waits for it in order, what is on its way, its breaker, and whether a flush waits for it.
//
// A lane belongs to an address, a key and a path, so that a dead path of an intake does not hold up another one.
// Sans-I/O: forward/sender takes shipments out and reports what became of them; time and flush are arguments.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "forward/breaker.hpp"
#include "forward/payload.hpp"
#include "forward/transport.hpp"

namespace agent {

// What the pieces of one payload have in common. `fate` collects what became of them at the primary endpoint.
struct Envelope {
  std::size_t plugin = 0;
  std::uint64_t cookie = 0;
  std::uint32_t intake = 0, auth = 0;
  std::string url;  // its own address as the plugin wrote it; empty: the intake's
  Wall since{};     // when it was accepted
  std::string method, content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  Packing packing;

  struct Fate {
    std::size_t pieces = 0;  // without a fate yet
    std::size_t lost_pieces = 0;
    std::uint64_t delivered = 0, lost = 0;
    std::uint32_t outcome = 0;  // SLS_*, of what was lost
    std::int32_t http_status = 0;
    std::uint32_t attempts = 0;
  };
  Fate fate;
  bool told = false;  // the plugin knows

  // What it takes while it waits.
  std::size_t held_bytes() const;
};

// One body on its way to one endpoint.
struct Shipment {
  std::shared_ptr<Envelope> envelope;
  std::shared_ptr<const Body> body;
  std::string target;
  std::uint32_t endpoint = 0;  // of the intake; other than 0: an additional one
  bool copy = false;           // for an additional endpoint
  bool app_key = false;        // goes with it
  bool maybe_taken = false;    // an answer was lost: the intake may have it
  std::uint32_t attempts = 0;
  // Failures in an answer before each of which another payload had got through, and how many had at the last failure.
  std::uint32_t own_failures = 0;
  std::uint64_t others = 0;
  std::uint64_t flush = 0;  // in which `attempts_in_flush` were made
  std::uint32_t attempts_in_flush = 0;
  Steady sent{};
  bool awaited = false;  // in flight, and a flush waits for it
  bool probe = false;
  bool given_up = false;           // in flight, but nobody wants to know any more
  Transport* under_way = nullptr;  // while it is in flight

  std::uint64_t items() const { return body->shape.items(); }
  std::size_t held_bytes() const { return sizeof(Shipment) + body->held_bytes() + envelope->held_bytes(); }
};
using ShipmentPtr = std::shared_ptr<Shipment>;

// The connections to one address that are kept alive, for all lanes to it.
struct Peer {
  Url url, proxy;
  std::vector<std::unique_ptr<Transport>> idle;
  std::uint64_t generation = 0;  // counted up by a thaw: connections of before are not kept

  // The one used last, if it is young enough and still good; older ones are closed.
  std::unique_ptr<Transport> take(Steady now);
  void keep(std::unique_ptr<Transport> connection, std::uint64_t since_generation);
  void forget();
};

struct Flush {
  std::uint64_t number = 0;
  Steady began{};
  bool last = false;  // breakers are passed over: there is no later
};

class Lane {
 public:
  Lane(std::shared_ptr<Peer> peer, std::string api_key, std::string path)
      : peer_(std::move(peer)), api_key_(std::move(api_key)), path_(std::move(path)) {}

  bool serves(const Peer& peer, std::string_view api_key, std::string_view path) const {
    return peer_.get() == &peer && api_key_ == api_key && path_ == path;
  }
  Peer& peer() const { return *peer_; }
  const std::string& api_key() const { return api_key_; }
  std::string name() const;  // "https://host:443/path"

  void add(ShipmentPtr shipment);
  // Copies over kCopyBytesMax: the oldest ones that are not in flight, taken out.
  std::vector<ShipmentPtr> take_excess_copies();
  // Everything that waits, taken out; what is in flight is forgotten too, and perhaps taken.
  std::vector<ShipmentPtr> take_all();
  // What has waited for longer than kPayloadAgeMax, taken out.
  std::vector<ShipmentPtr> take_expired(Wall now);

  // What waits may be tried again. The flush waits for what is in flight, where the lane is well or it is the last one;
  // the last one first gives up requests that have had no answer for kStaleFlight: they are broken off, and what they
  // carried is tried again, marked as perhaps taken.
  void begin_flush(const Flush& flush);
  // Of the last flush: gives up those sent before it began that have become stale meanwhile.
  void give_up_stale(Steady now, const Flush& flush);
  // The next shipment to send, now in flight; null: nothing may be sent now. Never-tried ones first, then those whose
  // last failure is longest ago.
  ShipmentPtr next(Steady now, const Flush& flush);
  // It is in flight no more. False: it was forgotten meanwhile.
  bool landed(const ShipmentPtr& shipment);
  // After a failure: waits for another attempt.
  void put_back(ShipmentPtr shipment, const Flush& flush);
  // Counts an answer that says failure. True: it is the payload, not the endpoint, since others get through.
  bool is_poison(Shipment& shipment) const;

  // Until when a flush that waits at most to `cut` waits for this lane; Steady::min(): not at all.
  Steady waits_until(Steady now, Steady cut, const Flush& flush) const;
  // Stops waiting for those whose time is up; true when the breaker opened by it.
  bool stop_waiting(Steady now, Steady cut, const Flush& flush, double chance);
  bool is_awaited() const;
  Breaker& breaker() { return breaker_; }

  std::size_t waiting() const { return fresh_.size() + again_.size() + resting_.size(); }
  std::size_t in_flight() const { return flying_.size(); }
  std::uint64_t held_bytes() const { return bytes_; }
  std::uint64_t requests = 0, failures = 0, delivered = 0;
  std::string last_error;
  std::optional<Steady> said;  // when a line about it was last written
  bool said_open = false;

 private:
  template <class Wanted>
  std::vector<ShipmentPtr> take_if(Wanted wanted);
  bool may_send(Steady now, const Flush& flush) const;
  Steady limit_of(const Shipment& shipment, Steady cut) const;

  std::shared_ptr<Peer> peer_;
  std::string api_key_, path_;
  Breaker breaker_;
  std::deque<ShipmentPtr> fresh_;    // never tried
  std::deque<ShipmentPtr> again_;    // tried, may be tried again in this flush
  std::deque<ShipmentPtr> resting_;  // until the next flush
  std::vector<ShipmentPtr> flying_;
  std::uint64_t bytes_ = 0;  // of all of them
  std::uint64_t copy_bytes_ = 0;
};

}  // namespace agent
