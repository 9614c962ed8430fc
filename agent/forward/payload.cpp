#include "forward/payload.hpp"

#include <algorithm>
#include <limits>

#include "base/limits.hpp"

namespace agent {
namespace {

std::string_view view(const sls_str& text) { return {text.data, text.len}; }

void lost_as_too_large(const Shape& shape, Packed& packed) {
  packed.too_large = true;
  packed.too_large_items += shape.items();
}

void lost_as_failed(const Shape& shape, Packed& packed) {
  packed.failed = true;
  packed.failed_items += shape.items();
}

// The number of parts of the first half: the boundary nearest to the middle of the bytes, one part at least.
std::size_t middle(const std::vector<PartSize>& parts) {
  std::uint64_t total = 0, before = 0;
  for (const PartSize& part : parts) total += part.bytes;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::uint64_t after = before + parts[i].bytes;
    if (2 * after >= total) return std::max<std::size_t>(total - before < after ? i : i + 1, 1);
    before = after;
  }
  return parts.size() - 1;
}

// The body of some of the parts: they lie side by side in the whole one.
RawBody cut_out(std::string_view whole, const Shape& shape, std::size_t first, std::size_t last) {
  std::uint64_t begin = shape.prefix;
  for (std::size_t i = 0; i < first; ++i) begin += shape.parts[i].bytes + shape.separator;
  std::uint64_t bytes = (last - first - 1) * std::uint64_t{shape.separator};
  for (std::size_t i = first; i < last; ++i) bytes += shape.parts[i].bytes;
  RawBody body;
  body.bytes.reserve(shape.prefix + bytes + shape.suffix);
  body.bytes += whole.substr(0, shape.prefix);
  body.bytes += whole.substr(begin, bytes);
  body.bytes += whole.substr(whole.size() - shape.suffix);
  body.shape.prefix = shape.prefix;
  body.shape.separator = shape.separator;
  body.shape.suffix = shape.suffix;
  body.shape.parts.assign(shape.parts.begin() + static_cast<std::ptrdiff_t>(first),
                          shape.parts.begin() + static_cast<std::ptrdiff_t>(last));
  return body;
}

void pack_range(std::string_view whole, const Shape& shape, std::size_t first, std::size_t last, const Packing& how,
                Compressor& compressor, Packed& packed) {
  RawBody body;
  try {
    body = cut_out(whole, shape, first, last);
  } catch (...) {
    packed.failed = true;
    for (std::size_t i = first; i < last; ++i) packed.failed_items += shape.parts[i].items;
    return;
  }
  pack(std::move(body), how, compressor, packed);
}

void pack_halves(std::string_view whole, const Shape& shape, const Packing& how, Compressor& compressor,
                 Packed& packed) {
  const std::size_t cut = middle(shape.parts);
  pack_range(whole, shape, 0, cut, how, compressor, packed);
  pack_range(whole, shape, cut, shape.parts.size(), how, compressor, packed);
}

// Throws only while body.shape is still whole.
void pack_or_throw(RawBody& body, const Packing& how, Compressor& compressor, Packed& packed) {
  packed.bodies.reserve(packed.bodies.size() + 1);
  const auto raw_bytes = static_cast<std::uint32_t>(body.bytes.size());
  Result<std::string> bytes =
      how.coding == Coding::kNone ? std::move(body.bytes) : compressor.compress(body.bytes, how.coding, how.level);
  if (!bytes) return lost_as_failed(body.shape, packed);
  if (how.compressed_bytes_max == 0 || bytes->size() <= how.compressed_bytes_max) {
    auto done = std::make_shared<Body>();
    done->bytes = *std::move(bytes);
    done->raw_bytes = raw_bytes;
    done->shape = std::move(body.shape);
    packed.bodies.push_back(std::move(done));
    return;
  }
  if (body.shape.parts.size() < 2) return lost_as_too_large(body.shape, packed);
  pack_halves(how.coding == Coding::kNone ? *bytes : body.bytes, body.shape, how, compressor, packed);
}

std::uint64_t range_bytes(const sls_payload& payload, std::size_t first, std::size_t last) {
  std::uint64_t bytes = payload.prefix.len + payload.suffix.len;
  if (last > first) bytes += (last - first - 1) * static_cast<std::uint64_t>(payload.separator.len);
  for (std::size_t i = first; i < last; ++i) bytes += payload.parts[i].bytes.len;
  return bytes;
}

RawBody join(const sls_payload& payload, std::size_t first, std::size_t last, std::uint64_t bytes) {
  RawBody body;
  body.bytes.reserve(bytes);
  body.shape.prefix = static_cast<std::uint32_t>(payload.prefix.len);
  body.shape.separator = static_cast<std::uint32_t>(payload.separator.len);
  body.shape.suffix = static_cast<std::uint32_t>(payload.suffix.len);
  body.shape.parts.reserve(last - first);
  body.bytes += view(payload.prefix);
  for (std::size_t i = first; i < last; ++i) {
    const sls_part& part = payload.parts[i];
    if (i > first) body.bytes += view(payload.separator);
    body.bytes += view(part.bytes);
    body.shape.parts.push_back({static_cast<std::uint32_t>(part.bytes.len), static_cast<std::uint32_t>(part.items)});
  }
  body.bytes += view(payload.suffix);
  return body;
}

void assemble_range(const sls_payload& payload, std::size_t first, std::size_t last, std::vector<RawBody>& bodies,
                    Packed& packed) {
  const std::uint64_t bytes = range_bytes(payload, first, last);
  if (bytes <= limits::kPayloadBytesMax) {
    bodies.push_back(join(payload, first, last, bytes));
    return;
  }
  if (last - first < 2) {
    packed.too_large = true;
    for (std::size_t i = first; i < last; ++i) packed.too_large_items += payload.parts[i].items;
    return;
  }
  const std::size_t cut = first + (last - first) / 2;
  assemble_range(payload, first, cut, bodies, packed);
  assemble_range(payload, cut, last, bodies, packed);
}

}  // namespace

std::uint64_t Shape::items() const {
  std::uint64_t total = 0;
  for (const PartSize& part : parts) total += part.items;
  return total;
}

PayloadSize payload_size(const sls_payload& payload) {
  PayloadSize size;
  if (payload.parts == nullptr && payload.part_count != 0) return {.countable = false};
  size.bytes = range_bytes(payload, 0, payload.part_count);
  for (std::size_t i = 0; i < payload.part_count; ++i) {
    size.items += payload.parts[i].items;
    size.countable = size.countable && payload.parts[i].items <= std::numeric_limits<std::uint32_t>::max();
  }
  return size;
}

std::vector<RawBody> assemble(const sls_payload& payload, Packed& packed) {
  std::vector<RawBody> bodies;
  assemble_range(payload, 0, payload.part_count, bodies, packed);
  return bodies;
}

void pack(RawBody body, const Packing& how, Compressor& compressor, Packed& packed) {
  try {
    pack_or_throw(body, how, compressor, packed);
  } catch (...) {
    lost_as_failed(body.shape, packed);
  }
}

void halve(const Body& body, const Packing& how, Compressor& compressor, Packed& packed) {
  if (body.shape.parts.size() < 2) return lost_as_too_large(body.shape, packed);
  Result<std::string> whole = Error{};
  try {
    whole = decompress(body.bytes, how.coding, body.raw_bytes);
  } catch (...) {
  }
  if (!whole) return lost_as_failed(body.shape, packed);
  pack_halves(*whole, body.shape, how, compressor, packed);
}

}  // namespace agent
