// Chunks as the intake's AgentPayload (protobuf), straight from the views.
//
// A finished TracerPayload is a complete field 5 (`tracerPayloads`) of AgentPayload, so that concatenated ones are a
// payload and a payload may be cut between them. Texts must be UTF-8, since the intake refuses a whole payload for one;
// in/ and the trades see to that. It refuses to change anything.
//
// Called by pipeline; its bytes are the parts of a payload.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "out/proto.hpp"
#include "span.hpp"
#include "tracer.hpp"

namespace traces {

// Bytes that stand alone in an AgentPayload.
struct Part {
  proto::Bytes bytes;
  std::uint64_t spans = 0;
  std::string language;  // of its tracer
  std::string_view view() const { return bytes.view(); }
};

class TracerPayload {
 public:
  // `bytes`: of a part, as far as one can tell.
  explicit TracerPayload(Tracer tracer, std::size_t bytes = 0)
      : tracer_(std::move(tracer)), chunks_(std::max(bytes, kFewBytes)) {}

  Tracer& tracer() { return tracer_; }
  // A chunk without spans is nothing.
  void add(const Chunk& chunk);
  std::uint64_t spans() const { return spans_; }
  std::size_t bytes() const { return chunks_.size(); }

  // The chunks so far as one part; then it is empty, and goes on with the same tracer.
  Part finish();

 private:
  static constexpr std::size_t kFewBytes = 2 << 10;

  void note_facts(const Chunk& chunk);

  Tracer tracer_;
  proto::Stream chunks_;
  std::uint64_t spans_ = 0;
};

}  // namespace traces
