// The v0.5 body: an array of two, a dictionary of strings and the traces, whose spans are arrays of twelve with numbers
// of strings.
//
// A number outside the dictionary costs its trace. Called through wire.
#pragma once

#include "in/string_table.hpp"
#include "in/trace_walk.hpp"

namespace traces {

class V05 final : public Wire {
 public:
  explicit V05(std::string_view body);
  static std::string_view refusal(std::string_view body);

  Step next(Chunk& chunk) override;
  std::size_t offset() const override { return walk_.offset(); }

 private:
  bool take_text(sls::msgpack::Reader& reader, Arena& arena, std::size_t& room, std::string_view& out) const;
  bool take_span(sls::msgpack::Reader& reader, Span& span, Arena& arena) const;

  StringTable strings_;
  TraceWalk walk_;
};

}  // namespace traces
