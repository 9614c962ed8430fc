// The v0.7 body: one MessagePack map, the tracer's payload, with its chunks of v0.4 spans.
//
// What it says of the tracer stands before and behind the chunks, so the map is looked through once when it is opened;
// what is said of a chunk, when that is entered. Called through wire.
#pragma once

#include "in/wire.hpp"
#include "sls/codec/msgpack.hpp"

namespace traces {

class V07 final : public Wire {
 public:
  explicit V07(std::string_view body);
  static std::string_view refusal(std::string_view body);

  Step next(Chunk& chunk) override;
  std::size_t offset() const override { return in_chunk_ ? spans_.offset() : chunks_.offset(); }
  void describe(Tracer& tracer) const override;

 private:
  struct Fields {  // of a chunk
    std::optional<std::int32_t> priority;
    std::string_view origin;
    Texts tags;
    bool dropped_trace = false;
    sls::msgpack::Reader spans;  // before their array
  };
  bool look_through(std::string_view body);
  bool enter_chunk(Step& step);
  bool take_fields(sls::msgpack::Reader& reader, Fields& out);

  Tracer tracer_;
  sls::msgpack::Reader chunks_;  // behind the last chunk that was entered
  sls::msgpack::Reader spans_;
  std::size_t chunks_left_ = 0, spans_left_ = 0;
  Fields fields_;
  Arena arena_;  // of the texts of fields_
  bool broken_ = false, in_chunk_ = false;
};

}  // namespace traces
