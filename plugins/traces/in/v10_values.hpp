// The values of a v1.0 body: streamed strings, and attributes of which each may be of another type.
//
// A reader over one body with its table of strings. Used by v10 for spans, chunks and the payload itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "in/string_table.hpp"
#include "span.hpp"

namespace traces {

class V10Values {
 public:
  V10Values(sls::msgpack::Reader& reader, StringTable& strings, Arena& arena, std::size_t room)
      : reader_(reader), strings_(strings), arena_(arena), room_(room) {}

  // Each: false: not usable, wherever the reader stands.
  bool text(std::string_view& out);
  // What is a text becomes a tag, a number a metric, bytes a meta_struct, the rest a tag as text.
  bool attributes(Span& out);
  bool attributes(Texts& out);  // all as texts
  bool attributes(SpanEvent& out);
  bool links(std::vector<SpanLink>& out);
  bool events(std::vector<SpanEvent>& out);
  // Steps over one value; the strings in it are counted.
  bool skip();

 private:
  struct Value;
  template <class Each>
  bool triplets(Each each);
  bool value(Value& out);
  bool json(std::string& out, std::uint64_t type, unsigned depth);
  bool scalar_json(std::string& out, std::uint64_t type);
  bool element(AttributeValue& out);
  std::string_view text_of(const Value& value);
  bool link(SpanLink& out);
  bool event(SpanEvent& out);

  sls::msgpack::Reader& reader_;
  StringTable& strings_;
  Arena& arena_;
  std::size_t room_;
};

// 16 bytes, big-endian: both halves. False: not 16 bytes.
bool take_trace_id(sls::msgpack::Reader& reader, std::uint64_t& high, std::uint64_t& low);

}  // namespace traces
