// The v0.4 body: MessagePack, an array of traces, each an array of spans, each a map.
//
// Walked one span per step, so that work can be cut anywhere. Nothing claimed is believed: counts and lengths are
// compared with the bytes that are there, and nothing is reserved for them. A span of wrong types is stepped over and
// costs its trace; bytes that cannot be MessagePack end the body there. Lenient where tracers are: keys in any order,
// unknown keys skipped, nil for any field, binary for text, integers of any width.
//
// Called by pipeline; the spans are views into the body.
#pragma once

#include <cstdint>
#include <string_view>

#include "span.hpp"
#include "sls/codec/msgpack.hpp"

namespace traces {

enum class Step : std::uint8_t {
  kSpan,       // one was read
  kBadSpan,    // one was there and is not usable
  kTraceEnds,  // after its last span
  kBadTrace,   // something that is no trace was stepped over
  kBroken,     // the rest of the body cannot be read
  kEnd
};

class V04Body {
 public:
  V04Body() = default;
  explicit V04Body(std::string_view bytes);

  Step next(Span& span);
  std::size_t offset() const { return reader_.offset(); }

  // Whether a body can be one at all: what the answer to a request depends on.
  static bool plausible(std::string_view bytes);
  // The spans in a body, as far as it can be read; nothing is decoded.
  static std::uint64_t count_spans(std::string_view bytes);

 private:
  bool next_trace(Step& step);

  sls::msgpack::Reader reader_;
  std::size_t traces_left_ = 0, spans_left_ = 0;
  bool broken_ = false, in_trace_ = false;
};

}  // namespace traces
