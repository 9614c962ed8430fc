#include "pipeline.hpp"

#include <utility>

namespace traces {

bool Pipeline::take(std::string_view body, Tracer tracer) {
  if (!V04Body::plausible(body)) return false;
  if (bodies_.has_room(body.size())) return bodies_.push({std::string(body), std::move(tracer)});
  const std::uint64_t spans = V04Body::count_spans(body);
  received_ += spans;
  losses_.full += spans;
  return true;
}

bool Pipeline::work() {
  if (!reading_) {
    if (bodies_.empty()) return false;
    reading_.emplace(Reading{V04Body(bodies_.front().bytes), TracerPayload(bodies_.front().tracer)});
  }
  const std::size_t begin = reading_->in.offset();
  while (reading_->in.offset() - begin < kWorkBytes) {
    if (step(*reading_)) continue;
    close_part(*reading_);
    reading_.reset();
    bodies_.pop();
    break;
  }
  return true;
}

// One span or end of a trace. False: the body is read.
bool Pipeline::step(Reading& reading) {
  switch (reading.in.next(span_)) {
    case Step::kSpan:
      ++received_;
      losses_.without_events += span_.events.empty() ? 0 : 1;
      if (reading.bad_trace)
        ++losses_.malformed;
      else
        reading.out.add(span_);
      return true;
    case Step::kBadSpan:
      ++received_;
      losses_.malformed += 1 + reading.out.abandon_chunk();
      reading.bad_trace = true;
      return true;
    case Step::kBadTrace:
      ++received_;
      ++losses_.malformed;
      return true;
    case Step::kTraceEnds: end_trace(reading); return true;
    case Step::kBroken:
      ++received_;
      losses_.malformed += 1 + reading.out.abandon_chunk();
      return true;
    case Step::kEnd: break;
  }
  return false;
}

void Pipeline::end_trace(Reading& reading) {
  if (!reading.bad_trace) reading.out.end_chunk();
  reading.bad_trace = false;
  if (reading.out.bytes() >= kPartBytes) close_part(reading);
}

void Pipeline::close_part(Reading& reading) {
  const std::uint64_t spans = reading.out.spans();
  if (spans == 0) return;
  if (parts_.push({reading.out.finish(), spans}))
    part_spans_ += spans;
  else
    losses_.full += spans;
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
  return part_spans_ + (reading_ ? reading_->out.spans() + reading_->out.open_spans() : 0);
}

std::uint64_t Pipeline::pending_bytes() const {
  return bodies_.bytes() + parts_.bytes() + (reading_ ? reading_->out.bytes() : 0);
}

}  // namespace traces
