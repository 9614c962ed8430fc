#include "in/v05.hpp"

#include "in/msgpack_span.hpp"
#include "in/texts.hpp"

namespace traces {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

namespace {

constexpr std::size_t kSpanFields = 12;

// Steps over the dictionary; `see` is told where each string stands. Null: `reader` is before the traces.
template <class See>
const char* read_dictionary(Reader& reader, See see) {
  std::size_t count = 0;
  if (!reader.enter_array(count) || count != 2) return "the body is no MessagePack array of two\n";
  if (!reader.enter_array(count)) return "the body does not begin with a dictionary\n";
  if (count > kStringsMax) return "the dictionary has too many strings\n";
  for (; count != 0; --count) {
    const Kind kind = reader.kind();
    if (kind != Kind::kString && kind != Kind::kBinary) return "the dictionary holds what is no string\n";
    see(reader.offset());
    if (!reader.skip()) return "the dictionary is cut off\n";
  }
  return nullptr;
}

Reader behind_dictionary(std::string_view body, StringTable& strings) {
  Reader reader(body);
  read_dictionary(reader, [&](std::size_t offset) { strings.add(offset); });
  return reader;
}

}  // namespace

std::string_view V05::refusal(std::string_view body) {
  Reader reader(body);
  if (const char* why = read_dictionary(reader, [](std::size_t) {})) return why;
  return reader.kind() == Kind::kArray ? "" : "no array of traces follows the dictionary\n";
}

V05::V05(std::string_view body) : strings_(body), walk_(behind_dictionary(body, strings_)) {}

// A number of few bytes may stand for a long string, so its length takes of the room as well.
bool V05::take_text(Reader& reader, Arena& arena, std::size_t& room, std::string_view& out) const {
  std::uint64_t number = 0;
  std::string_view text;
  if (!reader.take_unsigned(number) || !strings_.get(number, text) || text.size() > room) return false;
  room -= text.size();
  out = mended(text, arena);
  return true;
}

bool V05::take_span(Reader& reader, Span& span, Arena& arena) const {
  std::size_t count = 0;
  std::size_t room = kSpanMemoryMax;
  if (!reader.enter_array(count) || count != kSpanFields) return false;
  const auto text = [&](std::string_view& out) { return take_text(reader, arena, room, out); };
  if (!text(span.service) || !text(span.name) || !text(span.resource)) return false;
  if (!take_number(reader, span.trace_id) || !take_number(reader, span.span_id) || !take_number(reader, span.parent_id))
    return false;
  if (!take_number(reader, span.start) || !take_duration(reader, span.duration) || !take_number(reader, span.error))
    return false;
  const auto map = [&](auto& out, auto value) {
    std::size_t entries = 0;
    if (!reader.enter_map(entries)) return false;
    for (; entries != 0; --entries) {
      if (!has_room(room, out)) return false;
      auto& [key, of] = out.emplace_back();
      if (!text(key) || !value(of)) return false;
    }
    keep_last_of_equal_keys(out);
    return true;
  };
  return map(span.meta, text) && map(span.metrics, [&](double& out) { return take_number(reader, out); })
         && text(span.type);
}

Step V05::next(Chunk& chunk) {
  return walk_.next(chunk, [this](Reader& reader, Span& span, Arena& arena) { return take_span(reader, span, arena); });
}

}  // namespace traces
