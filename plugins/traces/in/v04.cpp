#include "in/v04.hpp"

#include "in/msgpack_span.hpp"

namespace traces {

using sls::msgpack::Reader;

V04::V04(std::string_view body) : reader_(body) { broken_ = !reader_.enter_array(traces_left_); }

std::string_view V04::refusal(std::string_view body) {
  std::size_t count = 0;
  if (body.empty()) return "the body is empty";
  if (!Reader(body).enter_array(count)) return "the body is no MessagePack array of traces";
  return {};
}

// True: `step` says what happened instead of entering a trace.
bool V04::next_trace(Step& step) {
  if (traces_left_ == 0) return step = Step::kEnd, true;
  --traces_left_;
  if (reader_.enter_array(spans_left_)) return in_trace_ = true, false;
  if (reader_.skip()) return step = Step::kBadTrace, true;
  return broken_ = true, step = Step::kBroken, true;
}

Step V04::next(Chunk& chunk) {
  Step step = Step::kEnd;
  if (broken_) return broken_ = false, traces_left_ = 0, in_trace_ = false, Step::kBroken;
  if (!in_trace_ && next_trace(step)) return step == Step::kBroken ? next(chunk) : step;
  if (spans_left_ == 0) return in_trace_ = false, Step::kTraceEnds;
  --spans_left_;
  // Whatever is wrong inside a span, its end is where its structure says.
  const Reader before = reader_;
  if (take_span(reader_, chunk.add(), chunk.arena)) return Step::kSpan;
  chunk.remove_last();
  reader_ = before;
  if (reader_.skip()) return Step::kBadSpan;
  broken_ = true;
  return next(chunk);
}

}  // namespace traces
