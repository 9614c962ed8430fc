// The v1.0 body: MessagePack maps whose keys are small numbers, and strings that stand in full where they are first
// used and are a number everywhere else.
//
// A span that is not usable costs its trace, but its strings are counted on, so that the numbers of later ones stay
// right. What Span does not have becomes a tag: env, version, component, span.kind, the upper half of the trace id, and
// lists and maps as JSON. Called through wire.
#pragma once

#include "in/string_table.hpp"
#include "in/wire.hpp"

namespace traces {

class V10 final : public Wire {
 public:
  explicit V10(std::string_view body);
  static std::string_view refusal(std::string_view body);

  Step next(Chunk& chunk) override;
  std::size_t offset() const override { return reader_.offset(); }
  void describe(Tracer& tracer) const override;

 private:
  enum class Place : std::uint8_t { kPayload, kChunks, kChunk, kSpans };
  struct Fields {  // of a chunk
    std::optional<std::int32_t> priority;
    std::string_view origin;
    Texts tags;
    bool dropped_trace = false;
    std::uint64_t trace_id = 0;
    std::string_view trace_id_high;  // 16 hex digits
  };
  Step broken();
  bool payload_field();
  bool enter_chunk();
  bool look_ahead();
  bool chunk_field(std::uint64_t number);
  void fill(Chunk& chunk) const;

  std::string_view body_;
  sls::msgpack::Reader reader_;
  StringTable strings_;
  Tracer tracer_;
  Fields fields_;
  Arena arena_;  // of the texts of fields_
  std::size_t payload_left_ = 0, chunks_left_ = 0, chunk_left_ = 0, spans_left_ = 0;
  Place place_ = Place::kPayload;
  bool is_broken_ = false;
};

}  // namespace traces
