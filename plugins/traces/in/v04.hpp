// The v0.4 body, and v0.3's in MessagePack: an array of traces, each an array of spans, each a map.
//
// Called through wire.
#pragma once

#include "in/msgpack_span.hpp"
#include "in/trace_walk.hpp"

namespace traces {

class V04 final : public Wire {
 public:
  explicit V04(std::string_view body) : walk_(sls::msgpack::Reader(body)) {}
  static std::string_view refusal(std::string_view body) {
    std::size_t count = 0;
    return sls::msgpack::Reader(body).enter_array(count) ? "" : "the body is no MessagePack array of traces\n";
  }

  Step next(Chunk& chunk) override { return walk_.next(chunk, take_span); }
  std::size_t offset() const override { return walk_.offset(); }

 private:
  TraceWalk walk_;
};

}  // namespace traces
