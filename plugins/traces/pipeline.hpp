// The traces plugin without its door: request bodies and chunks in, encoded parts of AgentPayload out.
//
// Taking a body costs a copy; reading it is cut into units of `work`: some spans are decoded, or a chunk goes through
// the trades and is encoded. A trace that is larger than a chunk may be is cut into pieces, as tracers cut theirs when
// they flush early; when the trades leave nothing of its first piece, the others go the same way. The units in which
// the ledger counts are spans; a body that was taken is counted when it is read, a broken rest of a body counts as one.
//
// Called by plugin.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "arrivals.hpp"
#include "between/duplicates.hpp"
#include "between/trades.hpp"
#include "in/wire.hpp"
#include "losses.hpp"
#include "out/agent_payload.hpp"
#include "wait.hpp"

namespace traces {

inline constexpr std::size_t kWorkBytes = 64 << 10;   // of a body that one unit of work reads, at the least
inline constexpr std::size_t kChunkMemory = 3 << 20;  // of a chunk's views and texts: the span that reaches it ends it
inline constexpr std::size_t kTextsPerByte = 64;      // of a body's texts, which may stand in it once for many uses
inline constexpr std::size_t kTextsMin = 4 << 20;     // the same, whatever the body's size
inline constexpr std::size_t kPartBytes = 256 << 10;  // a part is closed with the first chunk that ends beyond
inline constexpr std::size_t kPayloadBytesMax = 3'200'000;  // parts of one payload, unless a single one is larger

class Pipeline {
 public:
  // `arrivals` sees every chunk that a tracer sent.
  explicit Pipeline(Trades& trades, Arrivals* arrivals = nullptr) : trades_(trades), arrivals_(arrivals) {}

  // `refusal` of its format is empty. False: there is no room; it was counted, span by span, and dropped.
  bool take(Body body);
  // Spans that the plugin made itself leave through the same trades. The chunk is empty afterwards.
  void take(Chunk& chunk, const Tracer& tracer, std::int64_t now_ns);
  // One unit. False: nothing is left to read.
  bool work();
  // The next payload's parts; empty: nothing waits.
  std::vector<Part> next();

  Losses take_losses() { return losses_.take(); }
  std::uint64_t received() const { return received_; }
  std::uint64_t pending_items() const;
  std::uint64_t pending_bytes() const;

 private:
  // Of the body at hand.
  struct Reading {
    std::unique_ptr<Wire> in;
    TracerPayload out;
    std::int64_t now_ns = 0;
    std::size_t texts_left = 0;  // bytes of texts that it may still have
  };
  // Of the trace at hand.
  struct Trace {
    bool bad = false;                      // it has a span that is not usable
    bool in_pieces = false;                // one piece of it is gone already
    std::optional<Reason> reason;          // why the trades left nothing of its first piece
    std::optional<std::int32_t> priority;  // of the first piece
    std::size_t chunk_begin = 0;           // where the chunk at hand begins in the body
    std::size_t memory = 0;                // of its views and texts
  };
  enum class Did : std::uint8_t { kRead, kTraded, kAll };
  Did step(Reading& reading);
  Did add_span(Reading& reading);
  void end_chunk(Reading& reading);
  void drop_chunk(Reason reason);
  void clear_chunk();
  // Through the trades and into `out`. False: they left nothing.
  bool ship(Chunk& chunk, TracerPayload& out, std::int64_t now_ns);
  void close_part(TracerPayload& out);

  Trades& trades_;
  Arrivals* arrivals_;
  BoundedQueue<Body> bodies_{kBodyBytesWaitingMax};
  BoundedQueue<Part> parts_{kPartBytesWaitingMax};
  std::uint64_t part_spans_ = 0;    // in parts_
  std::optional<Reading> reading_;  // of the first of bodies_
  Chunk chunk_;
  Trace trace_;
  Duplicates duplicates_;
  std::uint64_t received_ = 0;
  Losses losses_;
};

}  // namespace traces
