#include "out/agent_payload.hpp"

#include <cmath>
#include <protozero/pbf_builder.hpp>
#include <utility>

#include "sls/codec/json.hpp"

namespace traces {

namespace {

using Tag = protozero::pbf_tag_type;
// Field numbers of the intake's messages; traces go to /api/v0.2/traces.
enum class Agent : Tag { kTracerPayloads = 5 };
enum class Payload : Tag {
  kContainerId = 1,
  kLanguage = 2,
  kLanguageVersion = 3,
  kTracerVersion = 4,
  kRuntimeId = 5,
  kChunks = 6,
  kEnv = 8,
  kHostname = 9,
  kAppVersion = 10
};
enum class ChunkField : Tag { kPriority = 1, kOrigin = 2, kSpans = 3 };
enum class SpanField : Tag {
  kService = 1,
  kName = 2,
  kResource = 3,
  kTraceId = 4,
  kSpanId = 5,
  kParentId = 6,
  kStart = 7,
  kDuration = 8,
  kError = 9,
  kMeta = 10,
  kMetrics = 11,
  kType = 12,
  kMetaStruct = 13,
  kLinks = 14
};
enum class LinkField : Tag {
  kTraceId = 1,
  kTraceIdHigh = 2,
  kSpanId = 3,
  kAttributes = 4,
  kTracestate = 5,
  kFlags = 6
};
enum class Entry : Tag { kKey = 1, kValue = 2 };

constexpr std::int32_t kNoPriority = -128;

// proto3: what is empty or 0 is left out. But protozero takes back a message in which nothing was written, and a span
// is a span when all of it is 0; so the one field that makes it what it is (an id, a key) is always written.
template <class Builder, class Field>
void write_text(Builder& to, Field field, std::string_view text) {
  std::string spare;
  const std::string_view mended = sls::json::repair_utf8(text, spare);
  to.add_string(field, mended.data(), mended.size());
}
template <class Builder, class Field>
void add_text(Builder& to, Field field, std::string_view text) {
  if (!text.empty()) write_text(to, field, text);
}
template <class Builder, class Field>
void add_texts(Builder& to, Field field, const Texts& texts) {
  for (const auto& [key, value] : texts) {
    protozero::pbf_builder<Entry> entry(to, field);
    write_text(entry, Entry::kKey, key);
    add_text(entry, Entry::kValue, value);
  }
}

void add_link(protozero::pbf_builder<SpanField>& to, const SpanLink& link) {
  protozero::pbf_builder<LinkField> out(to, SpanField::kLinks);
  if (link.trace_id != 0) out.add_uint64(LinkField::kTraceId, link.trace_id);
  if (link.trace_id_high != 0) out.add_uint64(LinkField::kTraceIdHigh, link.trace_id_high);
  out.add_uint64(LinkField::kSpanId, link.span_id);
  add_texts(out, LinkField::kAttributes, link.attributes);
  add_text(out, LinkField::kTracestate, link.tracestate);
  if (link.flags != 0) out.add_uint32(LinkField::kFlags, static_cast<std::uint32_t>(link.flags));
}

void add_span(std::string& chunk, const Span& span) {
  protozero::pbf_builder<ChunkField> parent(chunk);
  protozero::pbf_builder<SpanField> out(parent, ChunkField::kSpans);
  add_text(out, SpanField::kService, span.service);
  add_text(out, SpanField::kName, span.name);
  add_text(out, SpanField::kResource, span.resource);
  if (span.trace_id != 0) out.add_uint64(SpanField::kTraceId, span.trace_id);
  out.add_uint64(SpanField::kSpanId, span.span_id);
  if (span.parent_id != 0) out.add_uint64(SpanField::kParentId, span.parent_id);
  if (span.start != 0) out.add_int64(SpanField::kStart, span.start);
  if (span.duration != 0) out.add_int64(SpanField::kDuration, span.duration);
  if (span.error != 0) out.add_int32(SpanField::kError, span.error);
  add_texts(out, SpanField::kMeta, span.meta);
  for (const auto& [key, value] : span.metrics) {
    protozero::pbf_builder<Entry> entry(out, SpanField::kMetrics);
    write_text(entry, Entry::kKey, key);
    entry.add_double(Entry::kValue, value);
  }
  add_text(out, SpanField::kType, span.type);
  for (const auto& [key, value] : span.meta_struct) {
    protozero::pbf_builder<Entry> entry(out, SpanField::kMetaStruct);
    write_text(entry, Entry::kKey, key);
    entry.add_bytes(Entry::kValue, value.data(), value.size());
  }
  for (const SpanLink& link : span.links) add_link(out, link);
}

std::optional<std::int32_t> priority_of(const Span& span) {
  for (const auto& [key, value] : span.metrics)
    if (key == "_sampling_priority_v1" && std::fabs(value) < 1e9) return static_cast<std::int32_t>(value);
  return std::nullopt;
}

}  // namespace

void TracerPayload::add(const Span& span) {
  add_span(chunk_.bytes, span);
  ++chunk_.spans;
  note_chunk(span);
  note_payload(span);
}

void TracerPayload::note_chunk(const Span& span) {
  const std::optional<std::int32_t> priority = priority_of(span);
  const std::string_view origin = span.tag("_dd.origin");
  if (!chunk_.priority) chunk_.priority = priority;
  if (chunk_.origin.empty()) chunk_.origin = origin;
  if (span.parent_id != 0) return;
  chunk_.root_priority = priority;
  chunk_.root_origin = origin;
}

void TracerPayload::note_payload(const Span& span) {
  const std::pair<std::string*, std::string_view> facts[] = {
      {&runtime_id_, "runtime-id"}, {&env_, "env"}, {&hostname_, "_dd.hostname"}, {&app_version_, "version"}};
  for (const auto& [fact, key] : facts)
    if (fact->empty()) *fact = span.tag(key);
}

void TracerPayload::end_chunk() {
  if (chunk_.spans == 0) return;
  protozero::pbf_builder<ChunkField> rest(chunk_.bytes);
  const std::optional<std::int32_t> priority = chunk_.root_priority ? chunk_.root_priority : chunk_.priority;
  rest.add_int32(ChunkField::kPriority, priority.value_or(kNoPriority));
  add_text(rest, ChunkField::kOrigin, chunk_.root_origin.empty() ? chunk_.origin : chunk_.root_origin);
  protozero::pbf_builder<Payload> payload(chunks_);
  payload.add_message(Payload::kChunks, chunk_.bytes);
  spans_ += chunk_.spans;
  chunk_ = {};
}

std::uint64_t TracerPayload::abandon_chunk() {
  const std::uint64_t spans = chunk_.spans;
  chunk_ = {};
  return spans;
}

std::string TracerPayload::finish() {
  std::string out;
  if (spans_ == 0) return out;
  out.reserve(chunks_.size() + 256);
  {
    protozero::pbf_builder<Agent> agent(out);
    protozero::pbf_builder<Payload> payload(agent, Agent::kTracerPayloads);
    add_text(payload, Payload::kContainerId, tracer_.container_id);
    add_text(payload, Payload::kLanguage, tracer_.language);
    add_text(payload, Payload::kLanguageVersion, tracer_.language_version);
    add_text(payload, Payload::kTracerVersion, tracer_.version);
    add_text(payload, Payload::kRuntimeId, runtime_id_);
    add_text(payload, Payload::kEnv, env_);
    add_text(payload, Payload::kHostname, hostname_);
    add_text(payload, Payload::kAppVersion, app_version_);
    out.append(chunks_);  // complete fields of the open message
  }
  chunks_.clear();
  spans_ = 0;
  return out;
}

}  // namespace traces
