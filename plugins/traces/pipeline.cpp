#include "pipeline.hpp"

#include <algorithm>
#include <utility>

namespace traces {
namespace {

constexpr std::size_t kTradeAlone = kWorkBytes / 2;         // a larger chunk is a unit of work of its own
constexpr std::size_t kLookAtRoom = 64 << 10;               // of a chunk's views: then it may hold more than it should
constexpr std::size_t kPartRoom = kPartBytes + (48 << 10);  // of a part: with the chunk that reaches its bytes
constexpr std::size_t kRoomKept = 2 * kChunkMemory;         // of a chunk between traces

struct Size {
  std::size_t views = 0, texts = 0;
  void add(const Texts& all) {
    views += all.size() * sizeof(Texts::value_type);
    for (const auto& [key, value] : all) texts += key.size() + value.size();
  }
  void add(const SpanLink& link) {
    views += sizeof link;
    texts += link.tracestate.size();
    add(link.attributes);
  }
  void add(const SpanEvent& event) {
    views += sizeof event;
    texts += event.name.size();
    for (const auto& [key, value] : event.attributes) {
      views += sizeof value + sizeof key + value.values.size() * sizeof value;
      texts += key.size() + value.text.size();
      for (const AttributeValue& each : value.values) texts += each.text.size();
    }
  }
};

Size size_of(const Span& span) {
  Size out;
  out.views = sizeof span + span.metrics.size() * sizeof(Numbers::value_type);
  out.texts = span.service.size() + span.name.size() + span.resource.size() + span.type.size();
  for (const auto& metric : span.metrics) out.texts += metric.first.size();
  out.add(span.meta);
  out.add(span.meta_struct);
  for (const SpanLink& link : span.links) out.add(link);
  for (const SpanEvent& event : span.events) out.add(event);
  return out;
}

// Why the trades took the most.
Reason reason_between(const Losses& before, const Losses& after) {
  auto out = Reason::kMalformed;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (after[reason] - before[reason] <= most) continue;
    most = after[reason] - before[reason];
    out = reason;
  }
  return out;
}

}  // namespace

bool Pipeline::take(Body body) {
  if (bodies_.has_room(body.bytes.size())) return bodies_.push(std::move(body));
  const std::uint64_t spans = count_spans(body.format, body.bytes);
  received_ += spans;
  losses_.add(Reason::kFull, spans);
  return false;
}

void Pipeline::take(Chunk& chunk, const Tracer& tracer, std::int64_t now_ns) {
  received_ += chunk.size();
  TracerPayload out(tracer);
  ship(chunk, out, now_ns);
  chunk.clear();
  close_part(out);
}

bool Pipeline::work() {
  if (!reading_) {
    if (bodies_.empty()) return false;
    const Body& body = bodies_.front();
    reading_.emplace(Reading{open_wire(body.format, body.bytes),
                             TracerPayload(body.tracer, std::min(2 * body.bytes.size(), kPartRoom)), body.now_ns,
                             kTextsMin + kTextsPerByte * body.bytes.size()});
    trace_ = {};
  }
  const std::size_t begin = reading_->in->offset();
  Did did = Did::kRead;
  while (did == Did::kRead && reading_->in->offset() - begin < kWorkBytes) did = step(*reading_);
  if (did != Did::kAll) return true;
  close_part(reading_->out);
  reading_.reset();
  bodies_.pop();
  return true;
}

Pipeline::Did Pipeline::step(Reading& reading) {
  switch (reading.in->next(chunk_)) {
    case Step::kSpan: return add_span(reading);
    case Step::kBadSpan:
      ++received_;
      losses_.add(Reason::kMalformed);
      drop_chunk(Reason::kMalformed);
      trace_.bad = true;
      return Did::kRead;
    case Step::kBadTrace:
      ++received_;
      losses_.add(Reason::kMalformed);
      return Did::kRead;
    case Step::kTraceEnds: {
      const bool alone = reading.in->offset() - trace_.chunk_begin > kTradeAlone;
      end_chunk(reading);
      trace_ = {.chunk_begin = reading.in->offset()};
      return alone ? Did::kTraded : Did::kRead;
    }
    case Step::kBroken:
      ++received_;
      losses_.add(Reason::kMalformed);
      drop_chunk(Reason::kMalformed);
      return Did::kRead;
    case Step::kEnd: break;
  }
  return Did::kAll;
}

Pipeline::Did Pipeline::add_span(Reading& reading) {
  ++received_;
  const Span& span = chunk_.spans().back();
  if (trace_.bad || duplicates_.seen(span.trace_id, span.span_id)) {
    losses_.add(trace_.bad ? Reason::kMalformed : Reason::kDuplicate);
    chunk_.remove_last();
    return Did::kRead;
  }
  const Size size = size_of(span);
  if (size.texts > reading.texts_left) {  // a few bytes that stand for far too many: nothing of the rest is believed
    drop_chunk(Reason::kMalformed);
    return Did::kAll;
  }
  reading.texts_left -= size.texts;
  trace_.memory += size.views + size.texts;
  if (trace_.memory < kChunkMemory) return Did::kRead;
  end_chunk(reading);
  trace_.in_pieces = true;
  trace_.chunk_begin = reading.in->offset();
  return Did::kTraded;
}

void Pipeline::end_chunk(Reading& reading) {
  if (trace_.reason) {
    drop_chunk(*trace_.reason);
  } else if (!chunk_.empty()) {
    reading.in->describe(reading.out.tracer());
    if (!chunk_.priority) chunk_.priority = trace_.priority;
    if (arrivals_ != nullptr) arrivals_->see(chunk_, reading.out.tracer());
    const Losses before = losses_;
    const bool left = ship(chunk_, reading.out, reading.now_ns);
    if (!trace_.in_pieces) trace_.priority = chunk_.priority;
    if (!trace_.in_pieces && !left) trace_.reason = reason_between(before, losses_);
  }
  clear_chunk();
  if (reading.out.bytes() >= kPartBytes) close_part(reading.out);
}

void Pipeline::drop_chunk(Reason reason) {
  losses_.add(reason, chunk_.size());
  clear_chunk();
}

// A chunk that once was large does not stay so.
void Pipeline::clear_chunk() {
  chunk_.clear();
  if (trace_.memory > kLookAtRoom && chunk_.room() > kRoomKept) chunk_ = {};
  trace_.memory = 0;
}

bool Pipeline::ship(Chunk& chunk, TracerPayload& out, std::int64_t now_ns) {
  if (chunk.empty()) return false;
  trades_.apply(chunk, out.tracer(), now_ns, losses_);
  out.add(chunk);
  return !chunk.empty();
}

void Pipeline::close_part(TracerPayload& out) {
  const std::uint64_t spans = out.spans();
  if (spans == 0) return;
  if (parts_.push(out.finish()))
    part_spans_ += spans;
  else
    losses_.add(Reason::kFull, spans);
}

std::vector<Part> Pipeline::next() {
  std::vector<Part> out;
  std::size_t bytes = 0;
  while (!parts_.empty() && (out.empty() || bytes + parts_.front().bytes.size() <= kPayloadBytesMax)) {
    out.push_back(parts_.pop());
    bytes += out.back().bytes.size();
    part_spans_ -= out.back().spans;
  }
  return out;
}

std::uint64_t Pipeline::pending_items() const {
  return part_spans_ + chunk_.size() + (reading_ ? reading_->out.spans() : 0);
}

std::uint64_t Pipeline::pending_bytes() const {
  return bodies_.bytes() + parts_.bytes() + (reading_ ? reading_->out.bytes() : 0);
}

}  // namespace traces
