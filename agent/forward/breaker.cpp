#include "forward/breaker.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace agent {
namespace {

// 0 (only after failures that came at once), then 1 s, 2 s, 4 s … 300 s, spread by up to a half more.
Nanos backoff(std::uint32_t opened, bool at_once, double chance) {
  if (at_once && opened == 0) return Nanos(0);
  const std::uint32_t doublings = std::min<std::uint32_t>(at_once ? opened - 1 : opened, 9);
  const Nanos base = std::min(limits::kBackoffMin * (1u << doublings), limits::kBackoffMax);
  return std::min(base + Nanos(static_cast<Nanos::rep>(static_cast<double>(base.count()) * chance / 2)),
                  limits::kBackoffMax);
}

}  // namespace

Nanos Breaker::probe_hold() const { return at_once_ ? limits::kProbeHold : Nanos(0); }

bool Breaker::on_success(Steady sent, Steady now) {
  const bool was_open = !closed();
  if (was_open && asked_ && sent <= since_ && now < until_) return false;
  *this = Breaker();
  return was_open;
}

bool Breaker::on_failure(const Moment& when, bool exhausted) {
  ++failures_;
  if (!closed() && when.sent <= since_) return false;
  // Many payloads that wait are not all needed to find out that nothing gets through.
  const bool enough = failures_ >= limits::kAttemptsPerFlush * limits::kConnectionsPerEndpointMax;
  if (closed() && !enough && !(exhausted && failures_ >= limits::kAttemptsPerFlush)) return false;
  at_once_ = when.now - when.sent <= limits::kProbeHold;
  return open(when, backoff(opened_, at_once_, when.chance));
}

bool Breaker::on_refusal(const Moment& when, Nanos pause) {
  asked_ = asked_ || pause > Nanos(0);
  at_once_ = when.now - when.sent <= limits::kProbeHold;
  if (!closed() && when.sent <= since_) {
    until_ = std::max(until_, when.now + pause);
    return false;
  }
  return open(when, std::max(pause, backoff(opened_, at_once_, when.chance)));
}

bool Breaker::on_mute(const Moment& when) {
  at_once_ = false;
  return open(when, backoff(opened_, false, when.chance));
}

bool Breaker::open(const Moment& when, Nanos rest) {
  const bool was_closed = closed();
  ++opened_;
  since_ = when.now;
  until_ = when.now + rest;
  flush_ = when.flush;
  return was_closed;
}

}  // namespace agent
