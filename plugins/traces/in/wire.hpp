// A request's body as spans, whatever its format: one step is one span, so that work can be cut anywhere.
//
// Nothing claimed is believed: counts and lengths are compared with the bytes that are there, nothing is reserved for
// them, and what a span takes of memory is bounded. A span of wrong types is stepped over; bytes that cannot be the
// format end the body there. The spans are views into the body, mended texts into the chunk's arena: each text of a
// span is UTF-8, and only `meta_struct` holds bytes.
//
// Implemented by one file per format; called by pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "span.hpp"
#include "tracer.hpp"

namespace traces {

enum class Format : std::uint8_t {
  kV04,  // also v0.3's MessagePack
  kV05,
  kV07,
  kV10,
  kJson,  // of v0.1 to v0.4
  kCount
};

enum class Step : std::uint8_t {
  kSpan,       // one was added to the chunk
  kBadSpan,    // one was there and is not usable; nothing was added
  kTraceEnds,  // after its last span; what is said of the whole trace is in the chunk
  kBadTrace,   // something that is no trace was stepped over
  kBroken,     // the rest of the body cannot be read
  kEnd
};

// Of the views of one span, and of the texts in it that the body has only once; a larger span is not usable.
inline constexpr std::size_t kSpanMemoryMax = 4 << 20;

class Wire {
 public:
  virtual ~Wire() = default;
  virtual Step next(Chunk& chunk) = 0;
  // How far the body was read, in bytes.
  virtual std::size_t offset() const = 0;
  // What the body says about its tracer goes into `tracer`; it may be known only later in the body.
  virtual void describe(Tracer& /*tracer*/) const {}
};

// Why a body cannot be of that format at all, which is what the answer to a request depends on: a line, or empty.
std::string_view refusal(Format format, std::string_view body);
// `body` outlives it.
std::unique_ptr<Wire> open_wire(Format format, std::string_view body);
// The spans in a body, as far as it can be read.
std::uint64_t count_spans(Format format, std::string_view body);

}  // namespace traces
