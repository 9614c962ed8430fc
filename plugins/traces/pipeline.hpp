// The traces plugin without its door: request bodies in, encoded parts of AgentPayload out.
//
// Taking a body costs a copy; reading it is cut into units of `work`. Nothing of the trade is here yet: no
// normalisation, no obfuscation, no filters, no statistics (README.md says what that means). The units in which the
// ledger counts are spans; a body that was taken is counted when it is read, a broken rest of a body counts as one.
//
// Called by plugin.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "in/v04.hpp"
#include "out/agent_payload.hpp"
#include "wait.hpp"

namespace traces {

inline constexpr std::size_t kWorkBytes = 64 << 10;         // of a body that one unit of work reads, at the least
inline constexpr std::size_t kPartBytes = 256 << 10;        // a part is closed with the first chunk that ends beyond
inline constexpr std::size_t kPayloadBytesMax = 3'200'000;  // parts of one payload, unless a single one is larger

// What was lost or left out since the last look.
struct Losses {
  std::uint64_t malformed = 0, full = 0, without_events = 0;
};

class Pipeline {
 public:
  // False: that can be no body of traces. A body for which there is no room is counted, span by span, and dropped.
  bool take(std::string_view body, Tracer tracer);
  // One unit. False: nothing is left to read.
  bool work();
  // The next payload's parts; empty: nothing waits.
  std::vector<Part> next();

  Losses take_losses() { return std::exchange(losses_, {}); }
  std::uint64_t received() const { return received_; }
  std::uint64_t pending_items() const;
  std::uint64_t pending_bytes() const;

 private:
  struct Reading {
    V04Body in;
    TracerPayload out;
    bool bad_trace = false;  // the trace at hand has a span that is not usable
  };
  bool step(Reading& reading);
  void end_trace(Reading& reading);
  void close_part(Reading& reading);

  BoundedQueue<Body> bodies_{kBodyBytesWaitingMax};
  BoundedQueue<Part> parts_{kPartBytesWaitingMax};
  std::uint64_t part_spans_ = 0;    // in parts_
  std::optional<Reading> reading_;  // of the first body
  Span span_;
  std::uint64_t received_ = 0;
  Losses losses_;
};

}  // namespace traces
