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

namespace msgpack_fields {
// Each takes one value into its field; nil leaves the field as it is. False: not usable.
bool take(sls::msgpack::Reader& reader, Arena& arena, std::string_view& out);
bool take(sls::msgpack::Reader& reader, std::int32_t& out);
// A map of texts; `room` is what is left of memory for its views.
bool take_texts(sls::msgpack::Reader& reader, Arena& arena, std::size_t& room, Texts& out);
}  // namespace msgpack_fields

}  // namespace traces
