// The v0.4 body (and v0.3's in MessagePack): an array of traces, each an array of spans, each a map.
//
// Called through wire.
#pragma once

#include "in/wire.hpp"
#include "sls/codec/msgpack.hpp"

namespace traces {

class V04 final : public Wire {
 public:
  explicit V04(std::string_view body);
  static std::string_view refusal(std::string_view body);

  Step next(Chunk& chunk) override;
  std::size_t offset() const override { return reader_.offset(); }

 private:
  bool next_trace(Step& step);

  sls::msgpack::Reader reader_;
  std::size_t traces_left_ = 0, spans_left_ = 0;
  bool broken_ = false, in_trace_ = false;
};

}  // namespace traces
