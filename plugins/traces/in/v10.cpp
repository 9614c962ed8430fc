#include "in/v10.hpp"

#include <array>

#include "in/msgpack_span.hpp"
#include "in/texts.hpp"
#include "in/v10_values.hpp"

namespace traces {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

namespace {

// Numbers of fields; those of the intake's own messages are the same.
constexpr std::uint64_t kPayloadAttributes = 10, kPayloadChunks = 11;
constexpr std::uint64_t kChunkPriority = 1, kChunkOrigin = 2, kChunkAttributes = 3, kChunkSpans = 4, kChunkDropped = 5,
                        kChunkTraceId = 6, kChunkMechanism = 7;
constexpr std::string_view kKinds[] = {"", "internal", "server", "client", "producer", "consumer"};

bool take_tag(V10Values& values, Span& span, std::string_view key) {
  std::string_view value;
  if (!values.text(value)) return false;
  if (!value.empty()) span.set(key, value);
  return true;
}

bool take_kind(Reader& reader, Span& span) {
  std::uint64_t kind = 0;
  if (!reader.take_unsigned(kind)) return false;
  if (kind != 0 && kind < std::size(kKinds)) span.set("span.kind", kKinds[kind]);
  return true;
}

bool take_error(Reader& reader, Span& span) {
  bool truth = false;
  if (!take_truth(reader, truth)) return false;
  span.error = truth ? 1 : 0;
  return true;
}

bool take_span_field(Reader& reader, V10Values& values, std::uint64_t key, Span& span) {
  switch (key) {
    case 1: return values.text(span.service);
    case 2: return values.text(span.name);
    case 3: return values.text(span.resource);
    case 4: return take_number(reader, span.span_id);
    case 5: return take_number(reader, span.parent_id);
    case 6: return take_number(reader, span.start);
    case 7: return take_duration(reader, span.duration);
    case 8: return take_error(reader, span);
    case 9: return values.attributes(span);
    case 10: return values.text(span.type);
    case 11: return values.links(span.links);
    case 12: return values.events(span.events);
    case 13: return take_tag(values, span, "env");
    case 14: return take_tag(values, span, "version");
    case 15: return take_tag(values, span, "component");
    case 16: return take_kind(reader, span);
    default: return values.skip();
  }
}

bool take_v10_span(Reader& reader, StringTable& strings, Arena& arena, Span& span) {
  V10Values values(reader, strings, arena, kSpanMemoryMax);
  std::size_t count = 0;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::uint64_t key = 0;
    if (!reader.take_unsigned(key) || !take_span_field(reader, values, key, span)) return false;
  }
  return true;
}

}  // namespace

std::string_view V10::refusal(std::string_view body) {
  std::size_t count = 0;
  return Reader(body).enter_map(count) ? "" : "the body is no MessagePack map\n";
}

V10::V10(std::string_view body) : body_(body), reader_(body), strings_(body) {
  strings_.add(0);  // number 0 is the empty string and stands nowhere
  is_broken_ = !reader_.enter_map(payload_left_);
}

Step V10::broken() {
  payload_left_ = chunks_left_ = chunk_left_ = spans_left_ = 0;
  place_ = Place::kPayload;
  is_broken_ = false;
  return Step::kBroken;
}

bool V10::payload_field() {
  std::uint64_t key = 0;
  if (!reader_.take_unsigned(key)) return false;
  arena_.clear();
  V10Values values(reader_, strings_, arena_, kSpanMemoryMax);
  std::string* const facts[] = {&tracer_.container_id, &tracer_.language,   &tracer_.language_version,
                                &tracer_.version,      &tracer_.runtime_id, &tracer_.env,
                                &tracer_.hostname,     &tracer_.app_version};
  if (key >= 2 && key < 2 + std::size(facts)) {
    std::string_view value;
    if (!values.text(value)) return false;
    facts[key - 2]->assign(value);
    return true;
  }
  if (key == kPayloadAttributes) {
    Texts tags;
    if (!values.attributes(tags)) return false;
    for (const auto& [name, value] : tags) tracer_.tags.emplace_back(name, value);
    return true;
  }
  if (key != kPayloadChunks) return values.skip();  // 1 is a list of strings; they are counted
  place_ = Place::kChunks;
  return reader_.take_nil() || reader_.enter_array(chunks_left_);
}

void V10::describe(Tracer& tracer) const {
  const std::pair<std::string*, const std::string*> facts[] = {{&tracer.container_id, &tracer_.container_id},
                                                               {&tracer.language, &tracer_.language},
                                                               {&tracer.language_version, &tracer_.language_version},
                                                               {&tracer.version, &tracer_.version},
                                                               {&tracer.runtime_id, &tracer_.runtime_id},
                                                               {&tracer.env, &tracer_.env},
                                                               {&tracer.hostname, &tracer_.hostname},
                                                               {&tracer.app_version, &tracer_.app_version}};
  for (const auto& [to, from] : facts)
    if (!from->empty()) *to = *from;
  tracer.tags = tracer_.tags;
}

// What is said of a chunk behind its spans, as far as it is no string. False: no such chunk.
bool V10::look_ahead() {
  Reader reader = reader_;
  std::size_t count = 0;
  std::uint64_t high = 0, mechanism = 0;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::uint64_t key = 0;
    if (!reader.take_unsigned(key)) return false;
    std::int32_t priority = 0;
    const bool ok = key == kChunkTraceId    ? take_trace_id(reader, high, fields_.trace_id)
                    : key == kChunkDropped  ? take_truth(reader, fields_.dropped_trace)
                    : key == kChunkPriority ? take_number(reader, priority)
                    : key == kChunkMechanism && reader.kind() == Kind::kInteger ? reader.take_unsigned(mechanism)
                                                                                : reader.skip();
    if (!ok) return false;
    if (key == kChunkPriority) fields_.priority = priority;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  if (high != 0) {
    std::array<char, 16> digits{};
    for (std::size_t i = 0; i < digits.size(); ++i) digits[i] = kHex[high >> (60 - 4 * i) & 15];
    fields_.trace_id_high = arena_.keep({digits.data(), digits.size()});
  }
  if (mechanism != 0) fields_.tags.emplace_back("_dd.p.dm", arena_.keep("-" + std::to_string(mechanism)));
  return true;
}

// False: it is stepped over, or broken.
bool V10::enter_chunk() {
  fields_ = {};
  arena_.clear();
  if (look_ahead() && reader_.enter_map(chunk_left_)) {
    place_ = Place::kChunk;
    return true;
  }
  Arena scratch;
  is_broken_ = !V10Values(reader_, strings_, scratch, kSpanMemoryMax).skip();
  return false;
}

bool V10::chunk_field(std::uint64_t key) {
  V10Values values(reader_, strings_, arena_, kSpanMemoryMax);
  switch (key) {
    case kChunkOrigin: return values.text(fields_.origin);
    case kChunkAttributes: {
      Texts tags;
      if (!values.attributes(tags)) return false;
      fields_.tags.insert(fields_.tags.end(), tags.begin(), tags.end());
      keep_last_of_equal_keys(fields_.tags);
      return true;
    }
    case kChunkSpans: return reader_.take_nil() || (place_ = Place::kSpans, reader_.enter_array(spans_left_));
    default: return values.skip();
  }
}

void V10::fill(Chunk& chunk) const {
  chunk.priority = fields_.priority;
  chunk.origin = fields_.origin;
  chunk.tags = fields_.tags;
  chunk.dropped_trace = fields_.dropped_trace;
}

Step V10::next(Chunk& chunk) {
  while (!is_broken_) {
    if (place_ == Place::kPayload) {
      if (payload_left_ == 0) return Step::kEnd;
      --payload_left_;
      is_broken_ = !payload_field();
    } else if (place_ == Place::kChunks) {
      if (chunks_left_ == 0) {
        place_ = Place::kPayload;
        continue;
      }
      --chunks_left_;
      if (!enter_chunk() && !is_broken_) return Step::kBadTrace;
    } else if (place_ == Place::kChunk) {
      std::uint64_t key = 0;
      if (chunk_left_ == 0) {
        place_ = Place::kChunks;
        if (!chunk.empty()) fill(chunk);
        return Step::kTraceEnds;
      }
      --chunk_left_;
      is_broken_ = !reader_.take_unsigned(key) || !chunk_field(key);
    } else if (spans_left_ == 0) {
      place_ = Place::kChunk;
    } else {
      --spans_left_;
      if (chunk.empty()) fill(chunk);
      const Reader before = reader_;
      const std::size_t strings = strings_.size();
      Span& span = chunk.add();
      if (take_v10_span(reader_, strings_, chunk.arena, span)) {
        span.trace_id = fields_.trace_id;
        if (chunk.size() == 1 && !fields_.trace_id_high.empty())
          span.set("_dd.p.tid", chunk.arena.keep(fields_.trace_id_high));
        return Step::kSpan;
      }
      chunk.remove_last();
      reader_ = before;
      strings_.cut(strings);
      if (V10Values(reader_, strings_, arena_, kSpanMemoryMax).skip()) return Step::kBadSpan;
      is_broken_ = true;
    }
  }
  return broken();
}

}  // namespace traces
