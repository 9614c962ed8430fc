#include "in/v07.hpp"

#include "in/msgpack_span.hpp"

namespace traces {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

namespace {

constexpr std::int32_t kNoPriority = -128;

bool take_own(Reader& reader, std::string& out) {
  Arena arena;
  std::string_view text;
  if (!take_text(reader, arena, text)) return false;
  if (!text.empty()) out = text;
  return true;
}

// `value` is called behind each key; false ends it.
template <class Value>
bool take_map(Reader& reader, Value value) {
  std::size_t count = 0;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::string_view key;
    if (!reader.take_string(key) && !reader.take_binary(key)) return false;
    if (!value(key)) return false;
  }
  return true;
}

}  // namespace

std::string_view V07::refusal(std::string_view body) {
  std::size_t count = 0;
  return Reader(body).enter_map(count) ? "" : "the body is no MessagePack map\n";
}

V07::V07(std::string_view body) {
  broken_ = !look_through(body);
  if (!chunks_.at_end() && !chunks_.take_nil() && !chunks_.enter_array(chunks_left_)) broken_ = true;
}

// False: what could be read until there is kept.
bool V07::look_through(std::string_view body) {
  Reader reader(body);
  return take_map(reader, [&](std::string_view key) {
    if (key == "chunks") chunks_ = reader;
    if (key == "container_id") return take_own(reader, tracer_.container_id);
    if (key == "language_name") return take_own(reader, tracer_.language);
    if (key == "language_version") return take_own(reader, tracer_.language_version);
    if (key == "tracer_version") return take_own(reader, tracer_.version);
    if (key == "runtime_id") return take_own(reader, tracer_.runtime_id);
    if (key == "env") return take_own(reader, tracer_.env);
    if (key == "hostname") return take_own(reader, tracer_.hostname);
    if (key == "app_version") return take_own(reader, tracer_.app_version);
    if (key != "tags") return reader.skip();
    Texts tags;
    std::size_t room = kSpanMemoryMax;
    if (!take_texts(reader, arena_, room, tags)) return false;
    for (const auto& [name, value] : tags) tracer_.tags.emplace_back(name, value);
    return true;
  });
}

void V07::describe(Tracer& tracer) const {
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

bool V07::take_fields(Reader& reader, Fields& out) {
  std::size_t room = kSpanMemoryMax;
  return take_map(reader, [&](std::string_view key) {
    if (key == "spans") out.spans = reader;
    if (key == "priority") {
      std::int32_t priority = kNoPriority;
      if (!take_number(reader, priority)) return false;
      if (priority != kNoPriority) out.priority = priority;
      return true;
    }
    if (key == "origin") return take_text(reader, arena_, out.origin);
    if (key == "tags") return take_texts(reader, arena_, room, out.tags);
    if (key == "dropped_trace") return take_truth(reader, out.dropped_trace);
    return reader.skip();
  });
}

// False: `step` happened instead.
bool V07::enter_chunk(Step& step) {
  if (chunks_left_ == 0) return step = broken_ ? Step::kBroken : Step::kEnd, broken_ = false, false;
  --chunks_left_;
  fields_ = {};
  arena_.clear();
  const Reader before = chunks_;
  const bool usable = take_fields(chunks_, fields_);
  spans_ = fields_.spans;
  spans_left_ = 0;
  if (usable && (spans_.at_end() || spans_.take_nil() || spans_.enter_array(spans_left_))) return in_chunk_ = true;
  chunks_ = before;
  if (chunks_.skip()) return step = Step::kBadTrace, false;
  chunks_left_ = 0;
  broken_ = false;
  return step = Step::kBroken, false;
}

Step V07::next(Chunk& chunk) {
  Step step = Step::kEnd;
  if (!in_chunk_ && !enter_chunk(step)) return step;
  if (spans_left_ == 0) return in_chunk_ = false, Step::kTraceEnds;
  --spans_left_;
  if (chunk.empty()) {
    chunk.priority = fields_.priority;
    chunk.origin = fields_.origin;
    chunk.tags = fields_.tags;
    chunk.dropped_trace = fields_.dropped_trace;
  }
  const Reader before = spans_;
  if (take_span(spans_, chunk.add(), chunk.arena)) return Step::kSpan;
  chunk.remove_last();
  spans_ = before;
  spans_.skip();  // the whole chunk was stepped over before, so its spans can be
  return Step::kBadSpan;
}

}  // namespace traces
