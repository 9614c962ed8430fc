// What becomes of payloads: the consequences of answers for the ledger, the lanes and their breakers, and what a flush
// waits for. No I/O.
#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "forward/forwarder_state.hpp"
#include "forward/retry.hpp"

namespace agent {
namespace {

constexpr Nanos kSayAgain = std::chrono::minutes(1);  // lines about one lane come no more often than this

}  // namespace

// ---- fate

void Forwarder::State::enqueue(Lane& lane, ShipmentPtr shipment) {
  if (!shipment->copy) {
    ++shipment->envelope->fate.pieces;
    held_bytes += shipment->held_bytes();
    plugins[shipment->envelope->plugin].held_bytes += shipment->held_bytes();
  }
  lane.add(std::move(shipment));
  for (const ShipmentPtr& excess : lane.take_excess_copies()) lost(excess, Loss{SLS_DROPPED, "full", 0});
}

void Forwarder::State::release(const Shipment& shipment) {
  if (shipment.copy) return;
  held_bytes -= shipment.held_bytes();
  plugins[shipment.envelope->plugin].held_bytes -= shipment.held_bytes();
}

void Forwarder::State::delivered(const ShipmentPtr& shipment, unsigned status) {
  Envelope& envelope = *shipment->envelope;
  Plugin& plugin = plugins[envelope.plugin];
  const std::uint64_t items = shipment->items();
  if (shipment->copy) return ledger.copy_delivered(plugin.id, items);
  release(*shipment);
  ledger.delivered(plugin.id, items);
  if (shipment->maybe_taken) ledger.maybe_duplicate(plugin.id, items);
  plugin.held_items -= items;
  envelope.fate.delivered += items;
  if (envelope.fate.lost_pieces == 0) envelope.fate.http_status = static_cast<std::int32_t>(status);
  if (--envelope.fate.pieces == 0) tell(envelope);
}

void Forwarder::State::lost(const ShipmentPtr& shipment, const Loss& loss) {
  Envelope& envelope = *shipment->envelope;
  if (shipment->copy) return ledger.copy_dropped(plugins[envelope.plugin].id, loss.reason, shipment->items());
  release(*shipment);
  lost_items(envelope, shipment->items(), loss);
  if (--envelope.fate.pieces == 0) tell(envelope);
}

void Forwarder::State::lost_items(Envelope& envelope, std::uint64_t items, const Loss& loss) {
  Plugin& plugin = plugins[envelope.plugin];
  ledger.dropped(plugin.id, loss.reason, items);
  plugin.held_items -= items;
  envelope.fate.lost += items;
  ++envelope.fate.lost_pieces;
  envelope.fate.outcome = loss.outcome;
  envelope.fate.http_status = loss.http_status;
}

void Forwarder::State::lost_unpacked(Envelope& envelope, const Packed& packed, bool copy) {
  const auto lose = [&](std::string_view reason, std::uint64_t items) {
    if (copy) {
      ledger.copy_dropped(plugins[envelope.plugin].id, reason, items);
    } else {
      lost_items(envelope, items, Loss{SLS_DROPPED, reason, 0});
    }
  };
  if (packed.too_large) lose("too_large", packed.too_large_items);
  if (packed.failed) lose("no_memory", packed.failed_items);
}

void Forwarder::State::tell(Envelope& envelope) {
  const Envelope::Fate& fate = envelope.fate;
  if (std::exchange(envelope.told, true) || !deliver) return;
  sls_delivery delivery{};
  delivery.size = sizeof delivery;
  delivery.outcome = fate.lost_pieces > 0 ? fate.outcome : static_cast<std::uint32_t>(SLS_DELIVERED);
  delivery.cookie = envelope.cookie;
  delivery.items = fate.lost_pieces > 0 ? fate.lost : fate.delivered;
  delivery.http_status = fate.http_status;
  delivery.attempts = fate.attempts;
  deliver(envelope.plugin, delivery);
}

// ---- answers

void Forwarder::State::settle(const std::shared_ptr<Lane>& lane, const ShipmentPtr& shipment, const Answer& answer) {
  if (!lane->landed(shipment)) return;  // given up meanwhile
  const Steady now = Now::read().steady;
  ++lane->requests;
  ++shipment->attempts;
  ++shipment->attempts_in_flush;
  if (!shipment->copy) ++shipment->envelope->fate.attempts;
  shipment->maybe_taken = shipment->maybe_taken || answer.maybe_taken;
  const Verdict verdict = answer.status == 0 ? Verdict::kFailed : judge(answer.status);
  if (verdict == Verdict::kDelivered || verdict == Verdict::kReject || verdict == Verdict::kHalve) {
    hold_left = std::min(hold_left + limits::kFlushHoldMin, limits::kFlushHold * 9 / 10);
    if (lane->breaker().on_success(shipment->sent, now) && lane->said_open) {
      lane->said_open = false;
      log_info("forward: ", lane->name(), " takes payloads again");
    }
  }
  if (verdict == Verdict::kDelivered) {
    ++lane->delivered;
    delivered(shipment, answer.status);
  } else {
    ++lane->failures;
    lane->last_error = answer.status == 0 ? answer.error : cat("HTTP ", answer.status);
    if (verdict == Verdict::kFailed || verdict == Verdict::kPause) {
      failed(*lane, shipment, answer, verdict, now);
    } else {
      refused(*lane, shipment, answer, verdict, now);
    }
  }
  pump();
  changed.notify();
}

void Forwarder::State::failed(Lane& lane, const ShipmentPtr& shipment, const Answer& answer, Verdict verdict,
                              Steady now) {
  const Breaker::Moment when = moment(*shipment, now);
  bool opened = false;
  if (verdict == Verdict::kPause || answer.pause) {
    opened = lane.breaker().on_refusal(when, answer.pause.value_or(std::chrono::seconds(0)));
  } else {
    opened = lane.breaker().on_failure(when, shipment->attempts_in_flush >= limits::kAttemptsPerFlush);
  }
  if (opened) say_open(lane, now);
  if (verdict == Verdict::kFailed && answer.status != 0 && lane.is_poison(*shipment)) {
    log_error("forward: ", lane.name(), " takes others but not this payload (", lane.last_error, ", ",
              shipment->attempts, " attempts); dropped as expired");
    lost(shipment, Loss{SLS_EXPIRED, "expired", static_cast<std::int32_t>(answer.status)});
    return;
  }
  lane.put_back(shipment, flush);
}

void Forwarder::State::refused(Lane& lane, const ShipmentPtr& shipment, const Answer& answer, Verdict verdict,
                               Steady now) {
  const std::string reason = verdict == Verdict::kHalve ? "too_large" : rejection(answer.status);
  if (verdict == Verdict::kRejectAndPause) lane.breaker().on_refusal(moment(*shipment, now), Nanos(0));
  if (!lane.said || now - *lane.said >= kSayAgain) {
    lane.said = now;
    log_error("forward: ", lane.name(), " refused a payload with HTTP ", answer.status, "; dropped as ", reason);
  }
  const auto status = static_cast<std::int32_t>(answer.status);
  lost(shipment,
       Loss{static_cast<std::uint32_t>(verdict == Verdict::kHalve ? SLS_DROPPED : SLS_REJECTED), reason, status});
}

void Forwarder::State::replace(const std::shared_ptr<Lane>& lane, const ShipmentPtr& shipment, Packed halves) {
  if (!lane->landed(shipment)) return;
  ++lane->requests;
  ++lane->failures;
  lane->last_error = "HTTP 413";
  lane->breaker().on_success(shipment->sent, Now::read().steady);
  Envelope& envelope = *shipment->envelope;
  if (!shipment->copy) ++envelope.fate.attempts;
  for (const auto& body : halves.bodies) {
    auto half = std::make_shared<Shipment>(*shipment);
    half->body = body;
    half->attempts = half->attempts_in_flush = 0;
    enqueue(*lane, std::move(half));
  }
  lost_unpacked(envelope, halves, shipment->copy);
  if (!shipment->copy) {
    release(*shipment);
    if (--envelope.fate.pieces == 0) tell(envelope);
  }
  compressor.release();
  pump();
  changed.notify();
}

Breaker::Moment Forwarder::State::moment(const Shipment& shipment, Steady now) {
  Breaker::Moment when;
  when.sent = shipment.sent;
  when.now = now;
  when.flush = flush.number;
  when.chance = chance();
  return when;
}

void Forwarder::State::say_open(Lane& lane, Steady now) {
  if (lane.said && now - *lane.said < kSayAgain) return;
  lane.said = now;
  lane.said_open = true;
  log_warn("forward: ", lane.name(), " does not take payloads (", lane.last_error,
           "); they are kept, and no invocation waits for it");
}

double Forwarder::State::chance() {
  random ^= random << 13;
  random ^= random >> 7;
  random ^= random << 17;
  return static_cast<double>(random >> 11) * 0x1p-53;
}

// ---- flushes

void Forwarder::State::begin_flush(bool last) {
  if (!std::exchange(picked_up, true)) pick_up();
  // Before anything is sent: after a long sleep the oldest would be the first to go.
  expire(Now::read().wall);
  ++flush.number;
  flush.began = Now::read().steady;
  flush.last = last;
  for (const auto& lane : lanes) lane->begin_flush(flush);
  pump();
}

void Forwarder::State::pump() {
  if (stopped) return;
  const Steady now = Now::read().steady;
  for (const auto& lane : lanes) lane->give_up_stale(now, flush);
  for (const auto& lane : lanes)
    while (ShipmentPtr shipment = lane->next(now, flush))
      loop.spawn("forward: send", send(shared_from_this(), lane, std::move(shipment)));
}

Steady Forwarder::State::hold_limit(Steady until) const {
  return flush.last ? until : std::min(until, flush.began + std::max(hold_left, limits::kFlushHoldMin));
}

Steady Forwarder::State::waits_until(Steady now, Steady cut) const {
  Steady latest = preparing.empty() ? Steady::min() : cut;
  Steady soonest = kNever;
  for (const auto& lane : lanes) {
    const Steady until = lane->waits_until(now, cut, flush);
    if (until <= now) continue;
    latest = std::max(latest, until);
    soonest = std::min(soonest, until);
  }
  return std::min(latest, soonest);
}

void Forwarder::State::stop_waiting(Steady now, Steady cut) {
  bool held = false;
  for (const auto& lane : lanes) {
    held = held || (now >= cut && lane->is_awaited());
    if (!lane->stop_waiting(now, cut, flush, chance())) continue;
    lane->last_error = "no answer";
    say_open(*lane, now);
  }
  if (held) hold_left -= std::min(hold_left, now - flush.began);
}

void Forwarder::State::expire(Wall now) {
  for (const auto& lane : lanes)
    for (const ShipmentPtr& shipment : lane->take_expired(now)) lost(shipment, Loss{SLS_EXPIRED, "expired", 0});
}

void Forwarder::State::abandon(Steady until) {
  std::vector<std::pair<const Lane*, ShipmentPtr>> waiting;
  for (const auto& lane : lanes)
    for (ShipmentPtr& shipment : lane->take_all()) waiting.emplace_back(lane.get(), std::move(shipment));
  spool(std::move(waiting), until);
  const Loss loss{SLS_DROPPED, "shutdown", 0};
  for (const auto& work : std::exchange(preparing, {})) {
    held_bytes -= work->bytes;
    plugins[work->envelope->plugin].held_bytes -= work->bytes;
    for (const Destination& where : work->destinations) {
      if (where.copy) {
        ledger.copy_dropped(plugins[work->envelope->plugin].id, loss.reason, work->items);
      } else {
        lost_items(*work->envelope, work->items, loss);
      }
    }
    tell(*work->envelope);
  }
  changed.notify();
}

ClientRequest Forwarder::State::request_of(const Lane& lane, const Shipment& shipment) const {
  const Envelope& envelope = *shipment.envelope;
  ClientRequest request;
  request.method = envelope.method;
  request.target = shipment.target;
  request.body = shipment.body->bytes;
  request.headers.reserve(envelope.headers.size() + 5);
  if (!envelope.content_type.empty()) request.headers.emplace_back("Content-Type", envelope.content_type);
  const std::string_view coding = coding_name(envelope.packing.coding);
  if (!coding.empty()) request.headers.emplace_back("Content-Encoding", coding);
  if (!lane.api_key().empty()) request.headers.emplace_back("DD-API-KEY", lane.api_key());
  if (shipment.app_key) request.headers.emplace_back("DD-APPLICATION-KEY", options.app_key);
  bool named = options.user_agent.empty();
  for (const auto& [name, value] : envelope.headers) {
    named = named || iequals(name, "user-agent");
    request.headers.emplace_back(name, value);
  }
  if (!named) request.headers.emplace_back("User-Agent", options.user_agent);
  return request;
}

}  // namespace agent
