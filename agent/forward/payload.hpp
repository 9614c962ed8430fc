// A payload's way from a plugin's parts to bodies that can be sent, and the cutting of a body between two parts.
//
// What waits is the compressed body with the sizes of its parts (8 bytes each), not the parts: during an outage the
// same bytes then hold about ten times as many records. The rare body that an intake calls too large is decompressed,
// cut at the boundary nearest to its middle, and compressed again; docs/decisions/0024 has the figures.
//
// Pure, no I/O; runs on the loop for small bodies and on the worker for large ones. Called by forward/forwarder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "forward/compressor.hpp"
#include "sls/plugin.h"

namespace agent {

struct PartSize {
  std::uint32_t bytes = 0;
  std::uint32_t items = 0;
};

// How a body is made of its parts: prefix, parts joined by separator, suffix.
struct Shape {
  std::uint32_t prefix = 0, separator = 0, suffix = 0;
  std::vector<PartSize> parts;

  std::uint64_t items() const;
};

// A body before compression.
struct RawBody {
  std::string bytes;
  Shape shape;
};

// A body as it is sent.
struct Body {
  std::string bytes;
  std::uint32_t raw_bytes = 0;
  Shape shape;

  // What it takes while it waits.
  std::size_t held_bytes() const { return sizeof(Body) + bytes.capacity() + shape.parts.capacity() * sizeof(PartSize); }
};

struct Packing {
  Coding coding = Coding::kNone;
  int level = 3;
  std::uint64_t compressed_bytes_max = 0;  // 0: none
};

struct Packed {
  std::vector<std::shared_ptr<const Body>> bodies;
  std::uint64_t too_large_items = 0;  // in single parts over a limit
  bool too_large = false;
  bool failed = false;  // no memory: `failed_items` are in no body
  std::uint64_t failed_items = 0;
};

// The payload's size before compression, and its items.
struct PayloadSize {
  std::uint64_t bytes = 0;
  std::uint64_t items = 0;
  bool countable = true;  // false: a part says that it has more than 2^32 items, or there are none of those counted
};
PayloadSize payload_size(const sls_payload& payload);

// Copies. A payload over kPayloadBytesMax becomes several bodies; parts that are larger alone are added to `packed` as
// too large.
std::vector<RawBody> assemble(const sls_payload& payload, Packed& packed);
// Compresses; what is over the limit is halved between parts, as often as needed. Throws nothing.
void pack(RawBody body, const Packing& how, Compressor& compressor, Packed& packed);
// Two halves of a body with two parts or more.
void halve(const Body& body, const Packing& how, Compressor& compressor, Packed& packed);

}  // namespace agent
