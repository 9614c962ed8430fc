// Spans as the intake's AgentPayload (protobuf).
//
// Built from the inside out: spans are appended to a chunk, finished chunks to a TracerPayload, and a finished
// TracerPayload is a complete field 5 (`tracerPayloads`) of AgentPayload, so that concatenated ones are a payload and a
// payload may be cut between them. Texts that are not UTF-8 are mended, since the intake refuses a whole payload for
// one. It refuses to change anything else.
//
// Called by pipeline; its bytes are the parts of a payload.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "span.hpp"

namespace traces {

// What the tracer said about itself in the headers of its request.
struct Tracer {
  std::string container_id, language, language_version, version;
};

class TracerPayload {
 public:
  explicit TracerPayload(Tracer tracer) : tracer_(std::move(tracer)) {}

  // Appends to the open chunk.
  void add(const Span& span);
  // The chunk becomes part of the payload; without spans nothing happens.
  void end_chunk();
  // The open chunk never was; returns how many spans it had.
  std::uint64_t abandon_chunk();

  std::uint64_t spans() const { return spans_; }             // in finished chunks
  std::uint64_t open_spans() const { return chunk_.spans; }  // in the open one
  std::size_t bytes() const { return chunks_.size() + chunk_.bytes.size(); }

  // The finished chunks as field 5 of AgentPayload; then it is empty, and goes on with the same tracer.
  std::string finish();

 private:
  struct Chunk {
    std::string bytes;
    std::uint64_t spans = 0;
    // Of the root (the last span without a parent), else of the first span that has it.
    std::optional<std::int32_t> priority, root_priority;
    std::string origin, root_origin;
  };
  void note_chunk(const Span& span);
  void note_payload(const Span& span);

  Tracer tracer_;
  std::string runtime_id_, env_, hostname_, app_version_;  // of the first span that has them
  Chunk chunk_;
  std::string chunks_;
  std::uint64_t spans_ = 0;
};

}  // namespace traces
