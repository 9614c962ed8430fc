// Statistics that tracers have computed: bodies wait, are read one per unit of work, go through those trades that
// concern a group, and wait as encoded payloads for the next flush.
//
// They are forwarded as they are, not added up: each tracer sends its own every ten seconds. It refuses to look into
// sketches. Both waits are bounded together. What is lost here is 1 in the ledger, whatever it is: a group, a bucket, a
// body for which there was no room. Called by the door.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "between/trades.hpp"
#include "out/stats_payload.hpp"
#include "tracer.hpp"

namespace traces {

inline constexpr std::size_t kClientStatsBodyBytesMax = 2 << 20;     // a larger body is answered 413
inline constexpr std::size_t kClientStatsWaitingBytesMax = 8 << 20;  // a body or payload beyond is dropped and counted

class StatsClients {
 public:
  explicit StatsClients(Trades& trades) : trades_(trades) {}

  // False: there is no room.
  bool take(std::string_view body, Tracer tracer);
  // One body. False: nothing is left to read.
  bool work(std::string_view env);
  // The body of the next payload; empty: nothing waits.
  std::string next(const StatsSender& sender);

  std::uint64_t lost() const { return lost_malformed_ + lost_full_; }
  std::uint64_t take_malformed() { return take(told_malformed_, lost_malformed_); }
  std::uint64_t take_full() { return take(told_full_, lost_full_); }
  std::uint64_t pending_bytes() const { return bytes_; }

 private:
  struct Body {
    std::string bytes;
    Tracer tracer;
  };
  static std::uint64_t take(std::uint64_t& told, std::uint64_t all) { return all - std::exchange(told, all); }
  bool has_room(std::size_t bytes) const { return bytes_ + bytes <= kClientStatsWaitingBytesMax; }

  Trades& trades_;
  std::deque<Body> bodies_;
  std::deque<std::string> encoded_;
  std::size_t bytes_ = 0;  // of both
  std::uint64_t lost_malformed_ = 0, lost_full_ = 0, told_malformed_ = 0, told_full_ = 0;
};

}  // namespace traces
