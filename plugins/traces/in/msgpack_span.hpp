// One span as v0.4 writes it in MessagePack, which v0.3 and v0.7 write as well.
//
// Lenient where tracers are: keys in any order, unknown keys skipped, nil for any field, binary for text, integers of
// any width, a duration of a wrong type. Called by v04 and v07.
#pragma once

#include <cstddef>

#include "sls/codec/msgpack.hpp"
#include "span.hpp"

namespace traces {

// False: not usable; the reader stands somewhere inside. `span` is empty before.
bool take_span(sls::msgpack::Reader& reader, Span& span, Arena& arena);

// Each takes one value; nil leaves `out` as it is. False: not usable.
bool take_text(sls::msgpack::Reader& reader, Arena& arena, std::string_view& out);
bool take_number(sls::msgpack::Reader& reader, std::uint64_t& out);  // negative ones in two's complement
bool take_number(sls::msgpack::Reader& reader, std::int64_t& out);
bool take_number(sls::msgpack::Reader& reader, std::int32_t& out);
bool take_number(sls::msgpack::Reader& reader, double& out);
bool take_truth(sls::msgpack::Reader& reader, bool& out);
// What is no duration is none.
bool take_duration(sls::msgpack::Reader& reader, std::int64_t& out);
// A map of texts; `room` is what is left of memory for the views of its span.
bool take_texts(sls::msgpack::Reader& reader, Arena& arena, std::size_t& room, Texts& out);

// Takes the room of one more element. False: the span is too large.
template <class Element>
bool has_room(std::size_t& room, const std::vector<Element>&) {
  if (room < sizeof(Element)) return false;
  room -= sizeof(Element);
  return true;
}

}  // namespace traces
