#include "in/msgpack_span.hpp"

#include <limits>

#include "in/texts.hpp"
#include "in/wire.hpp"

namespace traces {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

bool take_text(Reader& reader, Arena& arena, std::string_view& out) {
  std::string_view text;
  if (!reader.take_string(text) && !reader.take_binary(text)) return reader.take_nil();
  out = mended(text, arena);
  return true;
}
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
  std::size_t count = 0;
  if (reader.take_nil()) return true;
  if (!reader.enter_map(count)) return false;
  for (; count != 0; --count) {
    if (!has_room(room, out)) return false;
    auto& [key, value] = out.emplace_back();
    if (!take_text(reader, arena, key) || !take_text(reader, arena, value)) return false;
  }
  keep_last_of_equal_keys(out);
  return true;
}

namespace {

class SpanReader {
 public:
  SpanReader(Reader& reader, Arena& arena) : reader_(reader), arena_(arena) {}

  bool span(Span& out) {
    return map([&](std::string_view key) { return field(key, out); });
  }

 private:
  bool text(std::string_view& out) { return take_text(reader_, arena_, out); }
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
    if (reader_.take_nil()) return true;
    std::size_t count = 0;
    if (!reader_.enter_map(count)) return false;
    for (; count != 0; --count) {
      if (!has_room(room_, out)) return false;
      auto& [key, value] = out.emplace_back();
      if (!text(key) || !take_number(reader_, value)) return false;
    }
    keep_last_of_equal_keys(out);
    return true;
  }
  bool meta_struct(Texts& out) {
    if (reader_.take_nil()) return true;
    std::size_t count = 0;
    if (!reader_.enter_map(count)) return false;
    for (; count != 0; --count) {
      if (!has_room(room_, out)) return false;
      auto& [key, value] = out.emplace_back();
      if (!text(key) || !(reader_.take_binary(value) || reader_.take_nil())) return false;
    }
    keep_last_of_equal_keys(out);
    return true;
  }

  bool link(SpanLink& out) {
    const bool ok = map([&](std::string_view key) {
      if (key == "trace_id") return take_number(reader_, out.trace_id);
      if (key == "trace_id_high") return take_number(reader_, out.trace_id_high);
      if (key == "span_id") return take_number(reader_, out.span_id);
      if (key == "flags") return take_number(reader_, out.flags);
      if (key == "tracestate") return text(out.tracestate);
      if (key == "attributes") return texts(out.attributes);
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
      if (key == "type") return type(out.type, in_array ? 3 : 4);
      if (key == "string_value") return text(out.text);
      if (key == "bool_value") return take_truth(reader_, out.truth);
      if (key == "int_value") return take_number(reader_, out.integer);
      if (key == "double_value") return number(out.number);
      if (key == "array_value" && !in_array) return values(out.values);
      return reader_.skip();
    });
  }
  bool values(std::vector<AttributeValue>& out) {
    if (reader_.take_nil()) return true;
    return map([&](std::string_view key) {
      if (key != "values") return reader_.skip();
      return array(out, [&](AttributeValue& each) { return value(each, true); });
    });
  }
  bool event(SpanEvent& out) {
    return map([&](std::string_view key) {
      if (key == "time_unix_nano") return take_number(reader_, out.time_ns);
      if (key == "name") return text(out.name);
      if (key == "attributes") return attributes(out);
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
        if (key == "name") return text(out.name);
        if (key == "type") return text(out.type);
        if (key == "meta") return texts(out.meta);
        break;
      case 5:
        if (key == "start") return take_number(reader_, out.start);
        if (key == "error") return take_number(reader_, out.error);
        break;
      case 7:
        if (key == "service") return text(out.service);
        if (key == "span_id") return take_number(reader_, out.span_id);
        if (key == "metrics") return metrics(out.metrics);
        break;
      case 8:
        if (key == "resource") return text(out.resource);
        if (key == "trace_id") return take_number(reader_, out.trace_id);
        if (key == "duration") return take_duration(reader_, out.duration);
        break;
      case 9:
        if (key == "parent_id") return take_number(reader_, out.parent_id);
        break;
      case 10:
        if (key == "span_links") return array(out.links, [&](SpanLink& each) { return link(each); });
        break;
      case 11:
        if (key == "meta_struct") return meta_struct(out.meta_struct);
        if (key == "span_events") return array(out.events, [&](SpanEvent& each) { return event(each); });
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
