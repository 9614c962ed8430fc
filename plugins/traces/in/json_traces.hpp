// Traces as JSON: an array of traces (v0.2 to v0.4), or of spans (before), of which those that follow one another with
// the same trace id are a trace. Its first element says which of the two it is.
//
// A span with a field of a wrong type costs its trace; what is no JSON costs the element that it stands in. Called
// through wire.
#pragma once

#include "in/wire.hpp"
#include "sls/codec/json.hpp"

namespace traces {

class JsonTraces final : public Wire {
 public:
  explicit JsonTraces(std::string_view body);
  static std::string_view refusal(std::string_view body);

  Step next(Chunk& chunk) override;
  std::size_t offset() const override { return static_cast<std::size_t>(cursor_.mark().at - body_.data()); }

 private:
  Step span(Chunk& chunk);
  Step end_of_spans();
  Step broken() { return done_ = true, Step::kBroken; }

  std::string_view body_;
  sls::json::Cursor cursor_;
  std::optional<std::uint64_t> trace_id_;  // of the trace at hand, where the spans say where one ends
  bool of_spans_ = false, in_trace_ = false, done_ = false;
};

}  // namespace traces
