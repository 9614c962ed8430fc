#include "in/msgpack_span.hpp"

#include <limits>

#include "equals.hpp"
#include "in/texts.hpp"
#include "in/wire.hpp"

namespace traces {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

namespace {

[[gnu::always_inline]] inline bool take_one_text(Reader& reader, Arena& arena, std::string_view& out) {
  std::string_view text;
  if (!reader.take_string(text) && !reader.take_binary(text)) return reader.take_nil();
  out = mended(text, arena);
  return true;
}

// A map of texts to what `take` takes. Most maps have no key twice, which is seen on the way.
template <class Value, class Take>
bool take_map(Reader& reader, Arena& arena, std::size_t& room, std::vector<std::pair<std::string_view, Value>>& out,
              Take take) {
  std::size_t count = 0;
  if (reader.take_nil()) return true;
  if (!reader.enter_map(count)) return false;
  KeySet keys;
  bool all_new = out.empty();
  for (; count != 0; --count) {
    if (!has_room(room, out)) return false;
    std::string_view key;
    Value value{};
    if (!take_one_text(reader, arena, key) || !take(value)) return false;
    all_new = keys.add(key) && all_new;
    out.emplace_back(key, value);
  }
  if (!all_new) keep_last_of_equal_keys(out);
  return true;
}

}  // namespace

bool take_text(Reader& reader, Arena& arena, std::string_view& out) { return take_one_text(reader, arena, out); }
bool take_number(Reader& reader, std::uint64_t& out) {
  std::int64_t negative = 0;
  if (reader.take_unsigned(out)) return true;
  return (reader.take_signed(negative) && (out = static_cast<std::uint64_t>(negative), true)) || reader.take_nil();
}
bool take_number(Reader& reader, std::int64_t& out) { return reader.take_signed(out) || reader.take_nil(); }
bool take_number(Reader& reader, std::int32_t& out) {
  std::int64_t wide = 0;
  if (!take_number(reader, wide)) return false;
  out = static_cast<std::int32_t>(wide);
  return out == wide;
}
bool take_number(Reader& reader, double& out) { return reader.take_number(out) || reader.take_nil(); }
bool take_truth(Reader& reader, bool& out) { return reader.take_boolean(out) || reader.take_nil(); }
bool take_duration(Reader& reader, std::int64_t& out) { return take_number(reader, out) || reader.skip(); }
bool take_texts(Reader& reader, Arena& arena, std::size_t& room, Texts& out) {
  return take_map(reader, arena, room, out,
                  [&](std::string_view& value) { return take_one_text(reader, arena, value); });
}

namespace {

class SpanReader {
 public:
  SpanReader(Reader& reader, Arena& arena) : reader_(reader), arena_(arena) {}

  bool span(Span& out) {
    return map([&](std::string_view key) { return field(key, out); });
  }

 private:
  bool text(std::string_view& out) { return take_one_text(reader_, arena_, out); }
  bool texts(Texts& out) { return take_texts(reader_, arena_, room_, out); }

  // `value` is called behind each key. Keys are texts.
  template <class Value>
  bool map(Value value) {
    std::size_t count = 0;
    if (!reader_.enter_map(count)) return false;
    for (; count != 0; --count) {
      std::string_view key;
      if (!reader_.take_string(key) && !reader_.take_binary(key) && !reader_.take_nil()) return false;
      if (!value(key)) return false;
    }
    return true;
  }
  template <class Element, class Value>
  bool array(std::vector<Element>& out, Value value) {
    std::size_t count = 0;
    if (reader_.take_nil()) return true;
    if (!reader_.enter_array(count)) return false;
    for (; count != 0; --count)
      if (!has_room(room_, out) || !value(out.emplace_back())) return false;
    return true;
  }

  bool metrics(Numbers& out) {
    return take_map(reader_, arena_, room_, out, [&](double& value) { return take_number(reader_, value); });
  }
  bool meta_struct(Texts& out) {
    return take_map(reader_, arena_, room_, out,
                    [&](std::string_view& value) { return reader_.take_binary(value) || reader_.take_nil(); });
  }

  bool link(SpanLink& out) {
    const bool ok = map([&](std::string_view key) {
      if (equals(key, "trace_id")) return take_number(reader_, out.trace_id);
      if (equals(key, "trace_id_high")) return take_number(reader_, out.trace_id_high);
      if (equals(key, "span_id")) return take_number(reader_, out.span_id);
      if (equals(key, "flags")) return take_number(reader_, out.flags);
      if (equals(key, "tracestate")) return text(out.tracestate);
      if (equals(key, "attributes")) return texts(out.attributes);
      return reader_.skip();
    });
    return ok && out.flags <= std::numeric_limits<std::uint32_t>::max();
  }

  bool type(AttributeValue::Type& out, std::uint64_t most) {
    std::uint64_t number = 0;
    if (!take_number(reader_, number) || number > most) return false;
    out = static_cast<AttributeValue::Type>(number);
    return true;
  }
  // An integer where a double belongs is refused, as the agent does: the type says what it is.
  bool number(double& out) {
    return (reader_.kind() == Kind::kFloat && reader_.take_number(out)) || reader_.take_nil();
  }
  bool value(AttributeValue& out, bool in_array) {
    return map([&](std::string_view key) {
      if (equals(key, "type")) return type(out.type, in_array ? 3 : 4);
      if (equals(key, "string_value")) return text(out.text);
      if (equals(key, "bool_value")) return take_truth(reader_, out.truth);
      if (equals(key, "int_value")) return take_number(reader_, out.integer);
      if (equals(key, "double_value")) return number(out.number);
      if (equals(key, "array_value") && !in_array) return values(out.values);
      return reader_.skip();
    });
  }
  bool values(std::vector<AttributeValue>& out) {
    if (reader_.take_nil()) return true;
    return map([&](std::string_view key) {
      if (!equals(key, "values")) return reader_.skip();
      return array(out, [&](AttributeValue& each) { return value(each, true); });
    });
  }
  bool event(SpanEvent& out) {
    return map([&](std::string_view key) {
      if (equals(key, "time_unix_nano")) return take_number(reader_, out.time_ns);
      if (equals(key, "name")) return text(out.name);
      if (equals(key, "attributes")) return attributes(out);
      return reader_.skip();
    });
  }
  bool attributes(SpanEvent& out) {
    if (reader_.take_nil()) return true;
    return map([&](std::string_view key) {
      if (!has_room(room_, out.attributes)) return false;
      auto& [name, of] = out.attributes.emplace_back();
      name = mended(key, arena_);
      return value(of, false);
    });
  }

  bool field(std::string_view key, Span& out) {
    switch (key.size()) {
      case 4:
        if (equals(key, "name")) return text(out.name);
        if (equals(key, "type")) return text(out.type);
        if (equals(key, "meta")) return texts(out.meta);
        break;
      case 5:
        if (equals(key, "start")) return take_number(reader_, out.start);
        if (equals(key, "error")) return take_number(reader_, out.error);
        break;
      case 7:
        if (equals(key, "service")) return text(out.service);
        if (equals(key, "span_id")) return take_number(reader_, out.span_id);
        if (equals(key, "metrics")) return metrics(out.metrics);
        break;
      case 8:
        if (equals(key, "resource")) return text(out.resource);
        if (equals(key, "trace_id")) return take_number(reader_, out.trace_id);
        if (equals(key, "duration")) return take_duration(reader_, out.duration);
        break;
      case 9:
        if (equals(key, "parent_id")) return take_number(reader_, out.parent_id);
        break;
      case 10:
        if (equals(key, "span_links")) return array(out.links, [&](SpanLink& each) { return link(each); });
        break;
      case 11:
        if (equals(key, "meta_struct")) return meta_struct(out.meta_struct);
        if (equals(key, "span_events")) return array(out.events, [&](SpanEvent& each) { return event(each); });
        break;
      default: break;
    }
    return reader_.skip();
  }

  Reader& reader_;
  Arena& arena_;
  std::size_t room_ = kSpanMemoryMax;
};

}  // namespace

bool take_span(Reader& reader, Span& span, Arena& arena) { return SpanReader(reader, arena).span(span); }

}  // namespace traces
