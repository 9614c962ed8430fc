// An array of traces, each an array of spans, in MessagePack: the shape that v0.3, v0.4 and v0.5 share.
//
// Whatever is wrong inside a span, its end is where its structure says. Used by the decoders of in/.
#pragma once

#include "in/wire.hpp"
#include "sls/codec/msgpack.hpp"

namespace traces {

class TraceWalk {
 public:
  // `reader` stands before the array.
  explicit TraceWalk(sls::msgpack::Reader reader) : reader_(reader) { broken_ = !reader_.enter_array(traces_left_); }

  // `take` reads one span; false: it is not usable, wherever the reader stands.
  template <class Take>
  Step next(Chunk& chunk, Take take) {
    Step step = Step::kEnd;
    if (!broken_ && !in_trace_ && !enter_trace(step)) return step;
    if (broken_) return broken_ = false, in_trace_ = false, traces_left_ = 0, Step::kBroken;
    if (spans_left_ == 0) return in_trace_ = false, Step::kTraceEnds;
    --spans_left_;
    const sls::msgpack::Reader before = reader_;
    if (take(reader_, chunk.add(), chunk.arena)) return Step::kSpan;
    chunk.remove_last();
    reader_ = before;
    if (reader_.skip()) return Step::kBadSpan;
    broken_ = true;
    return next(chunk, take);
  }
  std::size_t offset() const { return reader_.offset(); }

 private:
  // False: `step` happened instead.
  bool enter_trace(Step& step) {
    if (traces_left_ == 0) return step = Step::kEnd, false;
    --traces_left_;
    if (reader_.enter_array(spans_left_)) return in_trace_ = true;
    if (reader_.skip()) return step = Step::kBadTrace, false;
    return broken_ = true;
  }

  sls::msgpack::Reader reader_;
  std::size_t traces_left_ = 0, spans_left_ = 0;
  bool broken_ = false, in_trace_ = false;
};

}  // namespace traces
