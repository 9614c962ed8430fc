#include "forward/lane.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace agent {
namespace {

void append(std::deque<ShipmentPtr>& to, std::deque<ShipmentPtr>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

ShipmentPtr take_front(std::deque<ShipmentPtr>& from) {
  ShipmentPtr first = std::move(from.front());
  from.pop_front();
  return first;
}

}  // namespace

std::size_t Envelope::held_bytes() const {
  std::size_t bytes = sizeof(Envelope) + method.size() + content_type.size();
  for (const auto& [name, value] : headers) bytes += sizeof(name) + sizeof(value) + name.size() + value.size();
  return bytes;
}

std::unique_ptr<Transport> Peer::take(Steady now) {
  std::unique_ptr<Transport> connection;
  if (!idle.empty() && idle.back()->reusable() && now - idle.back()->idle_since() <= limits::kConnectionIdleMax) {
    connection = std::move(idle.back());
    idle.pop_back();
  } else {
    idle.clear();  // the others are older still
  }
  return connection;
}

void Peer::keep(std::unique_ptr<Transport> connection, std::uint64_t since_generation) {
  if (generation != since_generation || !connection->reusable()) return;
  if (idle.size() < limits::kConnectionsPerEndpointMax) idle.push_back(std::move(connection));
}

void Peer::forget() {
  idle.clear();
  ++generation;
}

std::string Lane::name() const { return cat(peer_->url.origin(), path_); }

void Lane::add(ShipmentPtr shipment) {
  bytes_ += shipment->held_bytes();
  if (shipment->copy) copy_bytes_ += shipment->held_bytes();
  fresh_.push_back(std::move(shipment));
}

template <class Wanted>
std::vector<ShipmentPtr> Lane::take_if(Wanted wanted) {
  std::vector<ShipmentPtr> taken;
  for (std::deque<ShipmentPtr>* queue : {&resting_, &again_, &fresh_}) {
    for (auto it = queue->begin(); it != queue->end();) {
      if (!wanted(**it)) {
        ++it;
        continue;
      }
      bytes_ -= (*it)->held_bytes();
      if ((*it)->copy) copy_bytes_ -= (*it)->held_bytes();
      taken.push_back(std::move(*it));
      it = queue->erase(it);
    }
  }
  return taken;
}

std::vector<ShipmentPtr> Lane::take_excess_copies() {
  return take_if([this](const Shipment& each) { return each.copy && copy_bytes_ > limits::kCopyBytesMax; });
}

std::vector<ShipmentPtr> Lane::take_expired(Wall now) {
  return take_if([now](const Shipment& each) { return now - each.envelope->since > limits::kPayloadAgeMax; });
}

std::vector<ShipmentPtr> Lane::take_all() {
  std::vector<ShipmentPtr> all = std::move(flying_);
  flying_.clear();
  for (const ShipmentPtr& shipment : all) shipment->maybe_taken = shipment->given_up = true;
  for (std::deque<ShipmentPtr>* queue : {&resting_, &again_, &fresh_}) {
    all.insert(all.end(), std::make_move_iterator(queue->begin()), std::make_move_iterator(queue->end()));
    queue->clear();
  }
  bytes_ = copy_bytes_ = 0;
  return all;
}

void Lane::give_up_stale(Steady now, const Flush& flush) {
  if (!flush.last) return;
  for (auto it = flying_.begin(); it != flying_.end();) {
    if ((*it)->sent >= flush.began || now - (*it)->sent < limits::kStaleFlight) {
      ++it;
      continue;
    }
    auto again = std::make_shared<Shipment>(**it);  // the request under way keeps the old one until it has ended
    again->maybe_taken = true;
    again->awaited = again->probe = false;
    again->under_way = nullptr;
    (*it)->given_up = true;
    if ((*it)->under_way) (*it)->under_way->close();
    again_.push_back(std::move(again));
    it = flying_.erase(it);
  }
}

void Lane::begin_flush(const Flush& flush) {
  append(again_, resting_);
  // There is no later flush that an answer could still come into.
  give_up_stale(flush.began, flush);
  const bool waits = breaker_.closed() || flush.last;
  for (const ShipmentPtr& shipment : flying_) {
    shipment->flush = flush.number;  // the attempt that is under way is the first of this flush
    shipment->attempts_in_flush = 0;
    if (!waits) continue;
    shipment->awaited = true;
    shipment->probe = false;
  }
}

bool Lane::may_send(Steady now, const Flush& flush) const {
  if (fresh_.empty() && again_.empty()) return false;
  if (breaker_.closed() || flush.last) return flying_.size() < limits::kConnectionsPerEndpointMax;
  return flying_.empty() && breaker_.allows_probe(now, flush.number);
}

ShipmentPtr Lane::next(Steady now, const Flush& flush) {
  if (!may_send(now, flush)) return nullptr;
  ShipmentPtr shipment = take_front(fresh_.empty() ? again_ : fresh_);
  if (shipment->flush != flush.number) {
    shipment->flush = flush.number;
    shipment->attempts_in_flush = 0;
  }
  shipment->sent = now;
  shipment->probe = !breaker_.closed() && !flush.last;
  shipment->awaited = true;
  flying_.push_back(shipment);
  return shipment;
}

bool Lane::landed(const ShipmentPtr& shipment) {
  const auto it = std::find(flying_.begin(), flying_.end(), shipment);
  if (it == flying_.end()) return false;
  flying_.erase(it);
  bytes_ -= shipment->held_bytes();
  if (shipment->copy) copy_bytes_ -= shipment->held_bytes();
  return true;
}

void Lane::put_back(ShipmentPtr shipment, const Flush& flush) {
  bytes_ += shipment->held_bytes();
  if (shipment->copy) copy_bytes_ += shipment->held_bytes();
  const bool used_up = shipment->flush == flush.number && shipment->attempts_in_flush >= limits::kAttemptsPerFlush;
  (used_up ? resting_ : again_).push_back(std::move(shipment));
}

bool Lane::is_poison(Shipment& shipment) const {
  if (std::exchange(shipment.others, delivered) != delivered) ++shipment.own_failures;
  return shipment.own_failures >= limits::kPoisonAttemptsMax;
}

Steady Lane::limit_of(const Shipment& shipment, Steady cut) const {
  return shipment.probe ? std::min(cut, shipment.sent + breaker_.probe_hold()) : cut;
}

Steady Lane::waits_until(Steady now, Steady cut, const Flush& flush) const {
  Steady latest = may_send(now, flush) ? cut : Steady::min();
  for (const ShipmentPtr& shipment : flying_)
    if (shipment->awaited) latest = std::max(latest, limit_of(*shipment, cut));
  if (!flush.last || latest <= now) return latest;
  for (const ShipmentPtr& shipment : flying_)
    if (shipment->sent < flush.began)
      latest = std::min(latest, std::max(shipment->sent + limits::kStaleFlight, now + std::chrono::milliseconds(1)));
  return latest;
}

bool Lane::is_awaited() const {
  return std::any_of(flying_.begin(), flying_.end(), [](const ShipmentPtr& shipment) { return shipment->awaited; });
}

bool Lane::stop_waiting(Steady now, Steady cut, const Flush& flush, double chance) {
  bool mute = false;
  Breaker::Moment when;
  for (const ShipmentPtr& shipment : flying_) {
    if (!shipment->awaited || limit_of(*shipment, cut) > now) continue;
    shipment->awaited = false;
    when.sent = std::max(when.sent, shipment->sent);
    const Nanos silence = now - shipment->sent;
    mute = mute || silence >= limits::kMuteAfter || (shipment->probe && breaker_.probe_hold() > Nanos(0));
  }
  if (!mute) return false;
  when.now = now;
  when.flush = flush.number;
  when.chance = chance;
  return breaker_.on_mute(when);
}

}  // namespace agent
