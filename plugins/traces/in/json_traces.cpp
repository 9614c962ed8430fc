#include "in/json_traces.hpp"

#include "in/json_span.hpp"

namespace traces {

using sls::json::Cursor;
using sls::json::Kind;

std::string_view JsonTraces::refusal(std::string_view body) {
  Cursor cursor(body);
  const Kind kind = cursor.kind();
  return kind == Kind::kArray || kind == Kind::kNull ? "" : "the body is no JSON array\n";
}

JsonTraces::JsonTraces(std::string_view body) : body_(body), cursor_(body) {
  done_ = !cursor_.enter_array();  // null: no traces
  Cursor first = cursor_;
  of_spans_ = !done_ && first.next_element() && first.kind() == Kind::kObject;
  in_trace_ = of_spans_;
}

Step JsonTraces::next(Chunk& chunk) {
  if (done_) return Step::kEnd;
  if (in_trace_) return span(chunk);
  if (!cursor_.next_element()) {
    if (cursor_.failed()) return broken();
    done_ = true;
    return Step::kEnd;
  }
  if (cursor_.kind() == Kind::kArray) {
    cursor_.enter_array();
    in_trace_ = true;
    return span(chunk);
  }
  const Cursor::Mark mark = cursor_.mark();
  if (!cursor_.skip() && !cursor_.recover(mark)) return broken();
  return Step::kBadTrace;
}

Step JsonTraces::end_of_spans() {
  if (cursor_.failed()) return broken();
  in_trace_ = false;
  done_ = of_spans_;
  return Step::kTraceEnds;
}

Step JsonTraces::span(Chunk& chunk) {
  const Cursor before = cursor_;
  if (!cursor_.next_element()) return end_of_spans();
  const Cursor::Mark mark = cursor_.mark();
  Span& span = chunk.add();
  const bool usable = take_json_span(cursor_, span, chunk.arena);
  if (!usable) {
    chunk.remove_last();
    if (!cursor_.recover(mark)) return broken();
    return Step::kBadSpan;
  }
  if (!of_spans_ || !trace_id_ || trace_id_ == span.trace_id) {
    trace_id_ = span.trace_id;
    return Step::kSpan;
  }
  // The first of the next trace: it is read once more.
  chunk.remove_last();
  cursor_ = before;
  trace_id_.reset();
  return Step::kTraceEnds;
}

}  // namespace traces
