#include "in/json_span.hpp"

#include <limits>

#include "in/msgpack_span.hpp"
#include "in/texts.hpp"
#include "in/wire.hpp"
#include "sls/codec/base64.hpp"

namespace traces {
namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

// False: not base64.
bool decode_base64(std::string_view text, Arena& arena, std::string_view& out) {
  char* const place = arena.take(sls::base64_room(text.size()));
  const std::size_t bytes = sls::base64_decode(text, place);
  if (bytes == sls::kNotBase64) return false;
  out = {place, bytes};
  return true;
}

class SpanReader {
 public:
  SpanReader(Cursor& cursor, Arena& arena) : cursor_(cursor), arena_(arena) {}

  bool span(Span& out) {
    return object([&](const Value& key) { return field(key, out); });
  }

 private:
  template <class Member>
  bool object(Member member) {
    Value key;
    if (!cursor_.enter_object()) return false;
    while (cursor_.next_member(key))
      if (!member(key)) return false;
    return !cursor_.failed();
  }
  template <class Element, class Each>
  bool array(std::vector<Element>& out, Each each) {
    if (cursor_.kind() == Kind::kNull) return cursor_.skip();
    if (!cursor_.enter_array()) return false;
    while (cursor_.next_element())
      if (!has_room(room_, out) || !each(out.emplace_back())) return false;
    return !cursor_.failed();
  }
  // A map of `out`'s pairs; `value` reads what stands at a key.
  template <class Pairs, class Each>
  bool map(Pairs& out, Each each) {
    if (cursor_.kind() == Kind::kNull) return cursor_.skip();
    return object([&](const Value& key) {
      if (!has_room(room_, out)) return false;
      auto& [name, value] = out.emplace_back();
      name = meant(key);
      return each(value);
    });
  }

  std::string_view meant(const Value& string) {
    const std::string_view content = string.content();
    if (!string.has(sls::json::kEscaped)) return mended(content, arena_);
    char* const place = arena_.take(content.size());
    return mended({place, sls::json::unescape(content, place)}, arena_);
  }
  bool text(std::string_view& out) {
    Value value;
    if (!cursor_.take(value)) return false;
    if (value.is_string()) out = meant(value);
    return value.is_string() || value.kind == Kind::kNull;
  }
  bool texts(Texts& out) {
    const bool ok = map(out, [&](std::string_view& value) { return text(value); });
    keep_last_of_equal_keys(out);
    return ok;
  }
  bool bytes(std::string_view& out) {
    Value value;
    if (!cursor_.take(value)) return false;
    if (value.kind == Kind::kNull) return true;
    std::string_view coded;
    return value.is_string() && (coded = meant(value), decode_base64(coded, arena_, out));
  }
  bool number(std::uint64_t& out) {
    Value value;
    return cursor_.take(value) && (value.kind == Kind::kNull || sls::json::to_uint64(value, out));
  }
  bool number(std::int64_t& out) {
    Value value;
    return cursor_.take(value) && (value.kind == Kind::kNull || sls::json::to_int64(value, out));
  }
  bool number(double& out) {
    Value value;
    return cursor_.take(value) && (value.kind == Kind::kNull || sls::json::to_double(value, out));
  }
  bool error(std::int32_t& out) {
    std::int64_t wide = 0;
    if (!number(wide)) return false;
    out = static_cast<std::int32_t>(wide);
    return out == wide;
  }
  bool duration(std::int64_t& out) {
    Value value;
    if (!cursor_.take(value)) return false;
    if (!sls::json::to_int64(value, out)) out = 0;
    return true;
  }
  bool truth(bool& out) {
    Value value;
    if (!cursor_.take(value)) return false;
    out = value.kind == Kind::kTrue;
    return out || value.kind == Kind::kFalse || value.kind == Kind::kNull;
  }

  bool link(SpanLink& out) {
    const bool ok = object([&](const Value& key) {
      if (key.equals("trace_id")) return number(out.trace_id);
      if (key.equals("trace_id_high")) return number(out.trace_id_high);
      if (key.equals("span_id")) return number(out.span_id);
      if (key.equals("flags")) return number(out.flags);
      if (key.equals("tracestate")) return text(out.tracestate);
      if (key.equals("attributes")) return texts(out.attributes);
      return cursor_.skip();
    });
    return ok && out.flags <= std::numeric_limits<std::uint32_t>::max();
  }

  bool value(AttributeValue& out, bool in_array) {
    return object([&](const Value& key) {
      if (key.equals("type")) {
        std::uint64_t type = 0;
        if (!number(type) || type > (in_array ? 3 : 4)) return false;
        out.type = static_cast<AttributeValue::Type>(type);
        return true;
      }
      if (key.equals("string_value")) return text(out.text);
      if (key.equals("bool_value")) return truth(out.truth);
      if (key.equals("int_value")) return number(out.integer);
      if (key.equals("double_value")) return number(out.number);
      if (key.equals("array_value") && !in_array) return values(out.values);
      return cursor_.skip();
    });
  }
  bool values(std::vector<AttributeValue>& out) {
    if (cursor_.kind() == Kind::kNull) return cursor_.skip();
    return object([&](const Value& key) {
      if (!key.equals("values")) return cursor_.skip();
      return array(out, [&](AttributeValue& each) { return value(each, true); });
    });
  }
  bool event(SpanEvent& out) {
    return object([&](const Value& key) {
      if (key.equals("time_unix_nano")) return number(out.time_ns);
      if (key.equals("name")) return text(out.name);
      if (key.equals("attributes")) return map(out.attributes, [&](AttributeValue& of) { return value(of, false); });
      return cursor_.skip();
    });
  }

  bool field(const Value& key, Span& out) {
    if (key.equals("service")) return text(out.service);
    if (key.equals("name")) return text(out.name);
    if (key.equals("resource")) return text(out.resource);
    if (key.equals("type")) return text(out.type);
    if (key.equals("trace_id")) return number(out.trace_id);
    if (key.equals("span_id")) return number(out.span_id);
    if (key.equals("parent_id")) return number(out.parent_id);
    if (key.equals("start")) return number(out.start);
    if (key.equals("duration")) return duration(out.duration);
    if (key.equals("error")) return error(out.error);
    if (key.equals("meta")) return texts(out.meta);
    if (key.equals("span_links")) return array(out.links, [&](SpanLink& each) { return link(each); });
    if (key.equals("span_events")) return array(out.events, [&](SpanEvent& each) { return event(each); });
    if (key.equals("metrics")) {
      const bool ok = map(out.metrics, [&](double& of) { return number(of); });
      keep_last_of_equal_keys(out.metrics);
      return ok;
    }
    if (key.equals("meta_struct")) {
      const bool ok = map(out.meta_struct, [&](std::string_view& of) { return bytes(of); });
      keep_last_of_equal_keys(out.meta_struct);
      return ok;
    }
    return cursor_.skip();
  }

  Cursor& cursor_;
  Arena& arena_;
  std::size_t room_ = kSpanMemoryMax;
};

}  // namespace

bool take_json_span(Cursor& cursor, Span& span, Arena& arena) { return SpanReader(cursor, arena).span(span); }

}  // namespace traces
