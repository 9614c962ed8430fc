// Any bytes as JSON: the cursor says the same whichever way it goes, what it gives is valid, and what is written reads
// back.
#include <cstdint>
#include <string>
#include <string_view>

#include "require.hpp"
#include "sls/codec/json.hpp"
#include "sls/codec/json_writer.hpp"

namespace {

using namespace sls::json;

// Steps into everything instead of taking it whole; what was entered is given as if it had been taken.
bool walk(Cursor& cursor, Value& out) {
  Value key, inner;
  const Kind kind = cursor.kind();
  if (kind != Kind::kArray && kind != Kind::kObject) return cursor.take(out);
  const Cursor::Start start = cursor.begin_value();
  if (kind == Kind::kArray) {
    if (!cursor.enter_array()) return false;
    while (cursor.next_element()) {
      if (!walk(cursor, inner)) return false;
    }
  } else {
    if (!cursor.enter_object()) return false;
    while (cursor.next_member(key)) {
      if (!walk(cursor, inner)) return false;
    }
  }
  if (cursor.failed()) return false;
  out = cursor.end_value(start);
  return true;
}

void check_value(const Value& value) {
  std::string spare, mended, again;
  const std::string_view text = text_of(value, spare);
  REQUIRE(text.size() <= value.raw.size());
  REQUIRE(value.has(kNonAscii) || valid_utf8(text));
  REQUIRE(valid_utf8(repair_utf8(text, mended)));
  std::int64_t i;
  std::uint64_t u;
  double d;
  const bool is_number = to_int64(value, i) || to_uint64(value, u) || to_double(value, d);
  REQUIRE(value.kind == Kind::kNumber || !is_number);

  const std::string tight(compact_of(value, again));
  REQUIRE(tight.size() <= value.raw.size());
  Value reread;
  REQUIRE(parse(tight, reread));
  REQUIRE(reread.kind == value.kind);
  REQUIRE(compact_of(reread, again) == tight);
  std::string other;
  REQUIRE(text_of(reread, other) == text);
}

void check_elements(std::string_view bytes) {
  Cursor cursor(bytes);
  if (!cursor.enter_array()) return;
  Cursor::Mark mark = cursor.mark();
  std::size_t steps = 0;
  for (;;) {
    REQUIRE(++steps <= 2 * bytes.size() + 2);
    if (cursor.next_element()) {
      mark = cursor.mark();
      Value element;
      if (cursor.take(element)) {
        Value alone;
        REQUIRE(parse(element.raw, alone) && alone.raw == element.raw && alone.traits == element.traits);
        continue;
      }
    } else if (!cursor.failed()) {
      return;
    }
    if (!cursor.recover(mark)) return;
  }
}

void check_writer(std::string_view bytes) {
  std::string out, spare, mended;
  append_quoted(out, bytes);
  Value value;
  REQUIRE(parse(out, value));
  REQUIRE(valid_utf8(out));
  REQUIRE(text_of(value, spare) == repair_utf8(bytes, mended));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  Value whole, walked;
  const bool valid = parse(text, whole);
  Cursor cursor(text);
  REQUIRE((walk(cursor, walked) && cursor.at_end()) == valid);
  REQUIRE(!valid || (walked.raw == whole.raw && walked.traits == whole.traits && walked.kind == whole.kind));
  if (valid) check_value(whole);
  check_elements(text);
  check_writer(text);
  return 0;
}
