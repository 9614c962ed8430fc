#include "out/agent_payload.hpp"

#include <utility>

#include "between/chunk_fields.hpp"
#include "out/proto.hpp"
#include "sls/codec/json.hpp"

namespace traces {

namespace {

constexpr std::int32_t kNoPriority = -128;
constexpr std::size_t kHeadRoom = 6;  // before the chunks: the tag of the part, its length
constexpr unsigned kTracerPayloads = 5, kChunks = 6;
constexpr std::size_t kSpanLengthBytes = 2, kChunkLengthBytes = 3;  // what most have

using proto::Stream;

// proto3: what is empty or 0 is left out.
void text(Stream& to, unsigned field, std::string_view value) {
  if (!value.empty()) to.bytes(field, value);
}
template <class Number>
void varint(Stream& to, unsigned field, Number value) {
  if (value != 0) to.varint(field, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
}
void texts(Stream& to, unsigned field, const Texts& all) {
  for (const auto& each : all) to.entry(field, each.first, each.second);
}

void link(Stream& to, const SpanLink& of) {
  varint(to, 1, of.trace_id);
  varint(to, 2, of.trace_id_high);
  varint(to, 3, of.span_id);
  texts(to, 4, of.attributes);
  text(to, 5, of.tracestate);
  varint(to, 6, of.flags);
}

// Of an attribute only the value that its type names.
void value(Stream& to, const AttributeValue& of) {
  using Type = AttributeValue::Type;
  varint(to, 1, static_cast<unsigned>(of.type));
  switch (of.type) {
    case Type::kText: text(to, 2, of.text); break;
    case Type::kBool: varint(to, 3, of.truth ? 1 : 0); break;
    case Type::kInteger: varint(to, 4, of.integer); break;
    case Type::kDouble: to.fixed64(5, std::bit_cast<std::uint64_t>(of.number)); break;
    case Type::kArray:
      to.message(6, [&](Stream& array) {
        for (const AttributeValue& each : of.values) array.message(1, [&](Stream& element) { value(element, each); });
      });
      break;
  }
}

void event(Stream& to, const SpanEvent& of) {
  if (of.time_ns != 0) to.fixed64(1, of.time_ns);
  text(to, 2, of.name);
  for (const auto& each : of.attributes)
    to.message(3, [&](Stream& entry) {
      entry.bytes(1, each.first);
      entry.message(2, [&](Stream& inside) { value(inside, each.second); });
    });
}

void span(Stream& to, const Span& of) {
  text(to, 1, of.service);
  text(to, 2, of.name);
  text(to, 3, of.resource);
  varint(to, 4, of.trace_id);
  varint(to, 5, of.span_id);
  varint(to, 6, of.parent_id);
  varint(to, 7, of.start);
  varint(to, 8, of.duration);
  varint(to, 9, of.error);
  texts(to, 10, of.meta);
  for (const auto& each : of.metrics) to.entry(11, each.first, each.second);
  text(to, 12, of.type);
  texts(to, 13, of.meta_struct);
  for (const SpanLink& each : of.links) to.message(14, [&](Stream& inside) { link(inside, each); });
  for (const SpanEvent& each : of.events) to.message(15, [&](Stream& inside) { event(inside, each); });
}

void chunk_of(Stream& to, const Chunk& of) {
  to.varint(1, static_cast<std::uint64_t>(std::int64_t{of.priority.value_or(kNoPriority)}));
  text(to, 2, of.origin);
  for (const Span& each : of.spans())
    to.message(
        3, [&](Stream& inside) { span(inside, each); }, kSpanLengthBytes);
  texts(to, 4, of.tags);
  varint(to, 5, of.dropped_trace ? 1 : 0);
}

void tracer_of(Stream& to, const Tracer& of) {
  text(to, 1, of.container_id);
  text(to, 2, of.language);
  text(to, 3, of.language_version);
  text(to, 4, of.version);
  text(to, 5, of.runtime_id);
  for (const auto& each : of.tags) to.entry(7, each.first, each.second);
  text(to, 8, of.env);
  text(to, 9, of.hostname);
  text(to, 10, of.app_version);
}

}  // namespace

void TracerPayload::add(const Chunk& chunk) {
  if (chunk.empty()) return;
  note_facts(chunk);
  if (chunks_.size() == 0) chunks_.skip(kHeadRoom);
  chunks_.message(
      kChunks, [&](Stream& to) { chunk_of(to, chunk); }, kChunkLengthBytes);
  spans_ += chunk.size();
}

// Of the root, else of the first span that has it.
void TracerPayload::note_facts(const Chunk& chunk) {
  const std::pair<std::string*, std::string_view> facts[] = {{&tracer_.runtime_id, "runtime-id"},
                                                             {&tracer_.env, "env"},
                                                             {&tracer_.hostname, "_dd.hostname"},
                                                             {&tracer_.app_version, "version"}};
  const Span& root = chunk.spans()[root_of(chunk)];
  for (const auto& [fact, key] : facts) {
    if (!fact->empty()) continue;
    *fact = root.tag(key);
    for (std::size_t i = 0; fact->empty() && i < chunk.size(); ++i) *fact = chunk.spans()[i].tag(key);
  }
}

Part TracerPayload::finish() {
  Part out;
  if (spans_ == 0) return out;
  tracer_of(chunks_, tracer_);
  // The head goes right before the chunks, where room was left for it.
  const std::size_t begin = chunks_.head(kHeadRoom, kTracerPayloads, chunks_.size() - kHeadRoom);
  out.bytes = chunks_.take(begin);
  out.spans = std::exchange(spans_, 0);
  out.language = tracer_.language;
  return out;
}

}  // namespace traces
