// Pointers from a trace to the thing that it is about, an object of S3 or an item of DynamoDB: a hash that whoever
// wrote the thing computes too.
//
// Called by the rows of s3 and dynamodb; written out for the root span of the chunk.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "trigger.hpp"

namespace traces::invocation {

// The first 32 hex digits of SHA-256 of the parts, joined by `|`.
std::array<char, 32> pointer_hash(std::initializer_list<std::string_view> parts);

// No pointer where a part is empty. `etag` may be in quotes.
void point_at_object(Sighting& sighting, std::string_view bucket, std::string_view key, std::string_view etag);
// `keys`: {name: {"S" | "N" | "B": value}}, of which the first two by name count.
void point_at_item(Sighting& sighting, std::string_view table, Node keys);

// The value of _dd.span_links: the entries of `present`, which is what stands there already or empty, then the
// pointers. Appended to `out`.
void append_span_links(std::string& out, std::string_view present, std::span<const SpanPointer> pointers);

}  // namespace traces::invocation
