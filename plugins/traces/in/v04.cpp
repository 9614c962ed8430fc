#include "in/v04.hpp"

#include <limits>

namespace traces {

namespace {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

// Each takes one value into its field; nil leaves the field as it is. False: not usable.
bool take(Reader& reader, std::string_view& out) {
  return reader.take_string(out) || reader.take_binary(out) || reader.take_nil();
}
bool take(Reader& reader, std::uint64_t& out) {
  std::int64_t negative = 0;
  if (reader.take_unsigned(out) || reader.take_nil()) return true;
  return reader.take_signed(negative) && (out = static_cast<std::uint64_t>(negative), true);
}
bool take(Reader& reader, std::int64_t& out) { return reader.take_signed(out) || reader.take_nil(); }
bool take(Reader& reader, std::int32_t& out) {
  std::int64_t wide = 0;
  if (!take(reader, wide)) return false;
  out = static_cast<std::int32_t>(wide);
  return out == wide;
}
bool take(Reader& reader, double& out) { return reader.take_number(out) || reader.take_nil(); }
bool take_bytes(Reader& reader, std::string_view& out) { return reader.take_binary(out) || reader.take_nil(); }

// A map from texts to what `value` takes; a nil value leaves its key out.
template <class Pairs, class Value>
bool take_map(Reader& reader, Pairs& out, Value value) {
  std::size_t count = 0;
  if (reader.take_nil()) return true;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    typename Pairs::value_type entry{};
    if (!take(reader, entry.first)) return false;
    if (reader.take_nil()) continue;
    if (!value(reader, entry.second)) return false;
    out.push_back(entry);
  }
  return true;
}
bool take_texts(Reader& reader, Texts& out) {
  return take_map(reader, out, [](Reader& r, std::string_view& value) { return take(r, value); });
}

bool take_link(Reader& reader, SpanLink& link) {
  std::size_t count = 0;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::string_view key;
    if (!take(reader, key)) return false;
    const bool ok = key == "trace_id"        ? take(reader, link.trace_id)
                    : key == "trace_id_high" ? take(reader, link.trace_id_high)
                    : key == "span_id"       ? take(reader, link.span_id)
                    : key == "flags"         ? take(reader, link.flags)
                    : key == "tracestate"    ? take(reader, link.tracestate)
                    : key == "attributes"    ? take_texts(reader, link.attributes)
                                             : reader.skip();
    if (!ok) return false;
  }
  return link.flags <= std::numeric_limits<std::uint32_t>::max();
}
bool take_links(Reader& reader, std::vector<SpanLink>& out) {
  std::size_t count = 0;
  if (reader.take_nil()) return true;
  if (!reader.enter_array(count)) return false;
  for (; count != 0; --count)
    if (!take_link(reader, out.emplace_back())) return false;
  return true;
}

bool take_field(Reader& reader, std::string_view key, Span& span) {
  if (key == "service") return take(reader, span.service);
  if (key == "name") return take(reader, span.name);
  if (key == "resource") return take(reader, span.resource);
  if (key == "type") return take(reader, span.type);
  if (key == "trace_id") return take(reader, span.trace_id);
  if (key == "span_id") return take(reader, span.span_id);
  if (key == "parent_id") return take(reader, span.parent_id);
  if (key == "start") return take(reader, span.start);
  if (key == "duration") return take(reader, span.duration);
  if (key == "error") return take(reader, span.error);
  if (key == "meta") return take_texts(reader, span.meta);
  if (key == "metrics") return take_map(reader, span.metrics, [](Reader& r, double& value) { return take(r, value); });
  if (key == "meta_struct") return take_map(reader, span.meta_struct, take_bytes);
  if (key == "span_links") return take_links(reader, span.links);
  // Their content is not read yet; that they were there is counted.
  if (key == "span_events" && reader.kind() != Kind::kNil) span.events.emplace_back();
  return reader.skip();
}

bool take_span(Reader& reader, Span& span) {
  span.clear();
  std::size_t count = 0;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::string_view key;
    if (!take(reader, key) || !take_field(reader, key, span)) return false;
  }
  return true;
}

}  // namespace

V04Body::V04Body(std::string_view bytes) : reader_(bytes) { broken_ = !reader_.enter_array(traces_left_); }

// True: `step` says what happened instead of entering a trace.
bool V04Body::next_trace(Step& step) {
  if (traces_left_ == 0) return step = Step::kEnd, true;
  --traces_left_;
  if (reader_.enter_array(spans_left_)) return in_trace_ = true, false;
  if (reader_.skip()) return step = Step::kBadTrace, true;
  return broken_ = true, step = Step::kBroken, true;
}

Step V04Body::next(Span& span) {
  Step step = Step::kEnd;
  if (broken_) return broken_ = false, traces_left_ = 0, in_trace_ = false, Step::kBroken;
  if (!in_trace_ && next_trace(step)) return step == Step::kBroken ? next(span) : step;
  if (spans_left_ == 0) return in_trace_ = false, Step::kTraceEnds;
  --spans_left_;
  // Whatever is wrong inside a span, its end is where its structure says.
  const Reader before = reader_;
  if (take_span(reader_, span)) return Step::kSpan;
  reader_ = before;
  if (reader_.skip()) return Step::kBadSpan;
  broken_ = true;
  return next(span);
}

bool V04Body::plausible(std::string_view bytes) {
  std::size_t count = 0;
  return Reader(bytes).enter_array(count);
}

std::uint64_t V04Body::count_spans(std::string_view bytes) {
  Reader reader(bytes);
  std::size_t traces = 0, spans = 0;
  std::uint64_t out = 0;
  if (!reader.enter_array(traces)) return 0;
  for (; traces != 0; --traces) {
    if (!reader.enter_array(spans)) return out;
    for (; spans != 0; --spans, ++out)
      if (!reader.skip()) return out;
  }
  return out;
}

}  // namespace traces
