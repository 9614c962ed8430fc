#include "in/v10_values.hpp"

#include <charconv>
#include <limits>

#include "in/msgpack_span.hpp"
#include "in/texts.hpp"
#include "sls/codec/json_writer.hpp"

namespace traces {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

namespace {

// What follows the key of an attribute.
constexpr std::uint64_t kText = 1, kBool = 2, kDouble = 3, kInteger = 4, kBytes = 5, kArray = 6, kKeyValues = 7;
constexpr unsigned kDepthMax = 16;  // of arrays and key-value lists inside one another; deeper is not usable
constexpr std::size_t kTraceIdBytes = 16;

std::string_view number_text(Arena& arena, auto number) {
  char digits[40];
  const char* end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return arena.keep({digits, static_cast<std::size_t>(end - digits)});
}

}  // namespace

bool take_trace_id(Reader& reader, std::uint64_t& high, std::uint64_t& low) {
  std::string_view bytes;
  if (!reader.take_binary(bytes) || bytes.size() != kTraceIdBytes) return false;
  high = low = 0;
  for (std::size_t i = 0; i < kTraceIdBytes; ++i) {
    std::uint64_t& half = i < kTraceIdBytes / 2 ? high : low;
    half = half << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return true;
}

struct V10Values::Value {
  std::uint64_t type = 0;
  std::string_view text;  // of a text, of bytes, and the JSON of lists
  bool truth = false;
  double number = 0;
  std::int64_t integer = 0;
};

bool V10Values::text(std::string_view& out) {
  const std::size_t at = reader_.offset();
  std::uint64_t number = 0;
  std::string_view found;
  if (reader_.take_string(found)) {
    if (!found.empty() && !strings_.add(at)) return false;
  } else if (!reader_.take_unsigned(number) || (number != 0 && !strings_.get(number, found))) {
    return false;
  }
  if (found.size() > room_) return false;
  room_ -= found.size();
  out = mended(found, arena_);
  return true;
}

bool V10Values::skip() {
  for (std::uint64_t owed = 1; owed != 0; --owed) {
    std::size_t count = 0;
    const Kind kind = reader_.kind();
    if (kind == Kind::kArray || kind == Kind::kMap) {
      if (kind == Kind::kArray ? !reader_.enter_array(count) : !reader_.enter_map(count)) return false;
      owed += kind == Kind::kArray ? count : 2 * count;
    } else if (kind == Kind::kString) {
      std::string_view ignored;
      const std::size_t at = reader_.offset();
      if (!reader_.take_string(ignored) || (!ignored.empty() && !strings_.add(at))) return false;
    } else if (!reader_.skip()) {
      return false;
    }
  }
  return true;
}

// A flat array of key, type, value; `each` reads what follows the key.
template <class Each>
bool V10Values::triplets(Each each) {
  std::size_t count = 0;
  if (reader_.take_nil()) return true;
  if (!reader_.enter_array(count) || count % 3 != 0) return false;
  for (; count != 0; count -= 3) {
    std::string_view key;
    if (!text(key) || !each(key)) return false;
  }
  return true;
}

bool V10Values::value(Value& out) {
  if (!reader_.take_unsigned(out.type)) return false;
  switch (out.type) {
    case kText: return text(out.text);
    case kBool: return reader_.take_boolean(out.truth);
    case kDouble: return reader_.take_number(out.number);
    case kInteger: return reader_.take_signed(out.integer);
    case kBytes: return reader_.take_binary(out.text);
    case kArray:
    case kKeyValues: {
      std::string written;
      if (!json(written, out.type, 0) || written.size() > room_) return false;
      room_ -= written.size();
      out.text = arena_.keep(written);
      return true;
    }
    default: return false;
  }
}

bool V10Values::scalar_json(std::string& out, std::uint64_t type) {
  sls::json::Writer writer(out);
  std::string_view found;
  bool truth = false;
  double number = 0;
  std::int64_t integer = 0;
  switch (type) {
    case kText: return text(found) && (writer.string(found), true);
    case kBool: return reader_.take_boolean(truth) && (out.append(truth ? "true" : "false"), true);
    case kDouble: return reader_.take_number(number) && (writer.number(number), true);
    case kInteger: return reader_.take_signed(integer) && (writer.integer(integer), true);
    case kBytes: return reader_.take_binary(found) && (writer.string(found), true);
    default: return false;
  }
}

bool V10Values::json(std::string& out, std::uint64_t type, unsigned depth) {
  if (type < kArray) return scalar_json(out, type);
  const std::size_t step = type == kArray ? 2 : 3;
  std::size_t count = 0;
  if (type > kKeyValues || depth == kDepthMax) return false;
  if (!reader_.enter_array(count) || count % step != 0) return false;
  out.push_back(type == kArray ? '[' : '{');
  for (bool first = true; count != 0; count -= step, first = false) {
    std::string_view key;
    std::uint64_t inner = 0;
    if (!first) out.push_back(',');
    if (type == kKeyValues) {
      if (!text(key)) return false;
      sls::json::append_quoted(out, key);
      out.push_back(':');
    }
    if (!reader_.take_unsigned(inner) || !json(out, inner, depth + 1) || out.size() > room_) return false;
  }
  out.push_back(type == kArray ? ']' : '}');
  return true;
}

std::string_view V10Values::text_of(const Value& value) {
  switch (value.type) {
    case kBool: return value.truth ? "true" : "false";
    case kDouble: return number_text(arena_, value.number);
    case kInteger: return number_text(arena_, value.integer);
    case kBytes: return mended(value.text, arena_);
    default: return value.text;
  }
}

bool V10Values::attributes(Span& out) {
  const bool ok = triplets([&](std::string_view key) {
    Value found;
    if (!has_room(room_, out.meta) || !value(found)) return false;
    if (found.type == kDouble)
      out.metrics.emplace_back(key, found.number);
    else if (found.type == kInteger)
      out.metrics.emplace_back(key, static_cast<double>(found.integer));
    else if (found.type == kBytes)
      out.meta_struct.emplace_back(key, found.text);
    else
      out.meta.emplace_back(key, text_of(found));
    return true;
  });
  keep_last_of_equal_keys(out.meta);
  keep_last_of_equal_keys(out.metrics);
  keep_last_of_equal_keys(out.meta_struct);
  return ok;
}

bool V10Values::attributes(Texts& out) {
  const bool ok = triplets([&](std::string_view key) {
    Value found;
    if (!has_room(room_, out) || !value(found)) return false;
    out.emplace_back(key, text_of(found));
    return true;
  });
  keep_last_of_equal_keys(out);
  return ok;
}

// One of an event: what a span event cannot hold is a text.
bool V10Values::element(AttributeValue& out) {
  Value found;
  if (!value(found)) return false;
  using Type = AttributeValue::Type;
  out.type = found.type == kBool      ? Type::kBool
             : found.type == kInteger ? Type::kInteger
             : found.type == kDouble  ? Type::kDouble
                                      : Type::kText;
  out.truth = found.truth;
  out.integer = found.integer;
  out.number = found.number;
  if (out.type == Type::kText) out.text = text_of(found);
  return true;
}

bool V10Values::attributes(SpanEvent& out) {
  return triplets([&](std::string_view key) {
    if (!has_room(room_, out.attributes)) return false;
    auto& [name, of] = out.attributes.emplace_back();
    name = key;
    const Reader before = reader_;
    std::uint64_t type = 0;
    if (!reader_.take_unsigned(type) || type != kArray) return reader_ = before, element(of);
    std::size_t count = 0;
    if (!reader_.enter_array(count) || count % 2 != 0) return false;
    of.type = AttributeValue::Type::kArray;
    for (; count != 0; count -= 2)
      if (!has_room(room_, of.values) || !element(of.values.emplace_back())) return false;
    return true;
  });
}

bool V10Values::link(SpanLink& out) {
  std::size_t count = 0;
  if (!reader_.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::uint64_t key = 0;
    if (!reader_.take_unsigned(key)) return false;
    const bool ok = key == 1   ? take_trace_id(reader_, out.trace_id_high, out.trace_id)
                    : key == 2 ? take_number(reader_, out.span_id)
                    : key == 3 ? attributes(out.attributes)
                    : key == 4 ? text(out.tracestate)
                    : key == 5 ? take_number(reader_, out.flags)
                               : skip();
    if (!ok) return false;
  }
  return out.flags <= std::numeric_limits<std::uint32_t>::max();
}

bool V10Values::event(SpanEvent& out) {
  std::size_t count = 0;
  if (!reader_.enter_map(count)) return false;
  for (; count != 0; --count) {
    std::uint64_t key = 0;
    if (!reader_.take_unsigned(key)) return false;
    const bool ok = key == 1   ? take_number(reader_, out.time_ns)
                    : key == 2 ? text(out.name)
                    : key == 3 ? attributes(out)
                               : skip();
    if (!ok) return false;
  }
  return true;
}

bool V10Values::links(std::vector<SpanLink>& out) {
  std::size_t count = 0;
  if (reader_.take_nil()) return true;
  if (!reader_.enter_array(count)) return false;
  for (; count != 0; --count)
    if (!has_room(room_, out) || !link(out.emplace_back())) return false;
  return true;
}
bool V10Values::events(std::vector<SpanEvent>& out) {
  std::size_t count = 0;
  if (reader_.take_nil()) return true;
  if (!reader_.enter_array(count)) return false;
  for (; count != 0; --count)
    if (!has_room(room_, out) || !event(out.emplace_back())) return false;
  return true;
}

}  // namespace traces
