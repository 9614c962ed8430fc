// The breaker of one endpoint: whether a request may be sent now, and whether anybody waits for it.
//
// Closed: all requests go out and a flush waits for them. Open: nobody waits; after the back-off, and never in the
// flush in which it opened, one request goes out as a probe. The first rest after a failure that came at once is none
// at all: the next flush may look whether it was a hiccup. A request that was sent before the breaker opened says
// nothing new when it fails; when it succeeds, however late, the breaker closes, but for a pause that the intake has
// asked for since.
//
// A value: time, flush number and chance are arguments. Owned by forward/lane.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace agent {

class Breaker {
 public:
  // A failure: when its request was sent, when it was known, in which flush; `chance` in [0, 1) spreads the back-off.
  struct Moment {
    Steady sent, now;
    std::uint64_t flush = 0;
    double chance = 0;
  };

  bool closed() const { return opened_ == 0; }
  bool allows_probe(Steady now, std::uint64_t flush) const { return now >= until_ && flush > flush_; }
  // How long a flush may wait for a probe's answer.
  Nanos probe_hold() const;

  // The verbs return true when the state changed from closed to open or back.
  bool on_success(Steady sent, Steady now);
  // `exhausted`: the payload has used up its attempts of this flush.
  bool on_failure(const Moment& when, bool exhausted);
  // 401, 403, 429: opens at once, for at least `pause`.
  bool on_refusal(const Moment& when, Nanos pause);
  // A flush has stopped waiting for an answer.
  bool on_mute(const Moment& when);

 private:
  bool open(const Moment& when, Nanos rest);

  std::uint32_t failures_ = 0;  // in sequence
  std::uint32_t opened_ = 0;    // in sequence; 0: closed
  bool at_once_ = true;         // how the last failure came
  bool asked_ = false;          // by the intake, for a pause
  Steady since_{}, until_{};
  std::uint64_t flush_ = 0;
};

}  // namespace agent
