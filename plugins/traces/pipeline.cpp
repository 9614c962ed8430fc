#include "pipeline.hpp"

#include <utility>

namespace traces {
namespace {

constexpr std::size_t kTradeAlone = kWorkBytes / 2;  // a larger chunk is a unit of work of its own
constexpr std::size_t kLookAtRoom = 64 << 10;        // of a chunk's views: then it may hold more than it should
constexpr std::size_t kRoomKept = 2 * kChunkMemory;  // of a chunk between traces

std::size_t memory_of(const Texts& texts) { return texts.size() * sizeof(Texts::value_type); }

std::size_t memory_of(const Span& span) {
  std::size_t out = sizeof(Span) + memory_of(span.meta) + memory_of(span.meta_struct)
                    + span.metrics.size() * sizeof(Numbers::value_type);
  for (const SpanLink& link : span.links) out += sizeof link + memory_of(link.attributes);
  for (const SpanEvent& event : span.events) {
    out += sizeof event;
    for (const auto& attribute : event.attributes)
      out += sizeof attribute + attribute.second.values.size() * sizeof(AttributeValue);
  }
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

void Pipeline::take(Body body) {
  if (bodies_.has_room(body.bytes.size())) {
    bodies_.push(std::move(body));
    return;
  }
  const std::uint64_t spans = count_spans(body.format, body.bytes);
  received_ += spans;
  losses_.add(Reason::kFull, spans);
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
    reading_.emplace(Reading{open_wire(body.format, body.bytes), TracerPayload(body.tracer), body.now_ns});
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
  trace_.memory += memory_of(span);
  if (trace_.memory < kChunkMemory && reading.in->offset() - trace_.chunk_begin < kChunkBytes) return Did::kRead;
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
