#include <cstring>

#include "json_escape.hpp"
#include "json_scan.hpp"
#include "json_utf8.hpp"
#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

std::uint32_t hex_digit(char c) {
  if (c <= '9') return static_cast<std::uint32_t>(c - '0');
  return static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
}

std::uint32_t hex4(const char* at) {
  return hex_digit(at[0]) << 12 | hex_digit(at[1]) << 8 | hex_digit(at[2]) << 4 | hex_digit(at[3]);
}

// The character that the escape at `at` means; moves `at` behind it. Two escapes that make a surrogate pair
// are one.
std::uint32_t read_escape(const char*& at, const char* end) {
  const char letter = at[1];
  if (letter != 'u') {
    at += 2;
    switch (letter) {
      case 'b': return '\b';
      case 'f': return '\f';
      case 'n': return '\n';
      case 'r': return '\r';
      case 't': return '\t';
      default: return static_cast<unsigned char>(letter);
    }
  }
  const std::uint32_t code = hex4(at + 2);
  at += 6;
  const bool opens_pair = code >= 0xD800 && code <= 0xDBFF && end - at >= 6 && at[0] == '\\' && at[1] == 'u';
  if (!opens_pair) return code;
  const std::uint32_t second = hex4(at + 2);
  if (second < 0xDC00 || second > 0xDFFF) return code;
  at += 6;
  return 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
}

char* copy(const char* from, const char* to, char* out) {
  std::memcpy(out, from, static_cast<std::size_t>(to - from));
  return out + (to - from);
}

// The next backslash in a string's validated content, or `end`.
const char* next_escape(const char* at, const char* end) {
  const void* const found = at == end ? nullptr : std::memchr(at, '\\', static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

// A string with its quotes, written with no more escapes than needed. Moves `at` behind it.
char* compact_string(const char*& at, const char* end, char* out) {
  const char* run = at++;
  for (;;) {
    std::uint32_t ignored = 0;
    at = scan::special(at, end, ignored);
    if (*at == '"') return copy(run, ++at, out);
    out = copy(run, at, out);
    const std::uint32_t code = read_escape(at, end);
    const bool stays_escaped = code < 0x20 || code == '"' || code == '\\';
    out = stays_escaped ? escape(static_cast<unsigned char>(code), out) : utf8::encode(code, out);
    run = at;
  }
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

std::size_t unescape(std::string_view content, char* out) {
  const char* at = content.data();
  const char* const end = at + content.size();
  char* const begin = out;
  while (at != end) {
    const char* const found = next_escape(at, end);
    out = copy(at, found, out);
    at = found;
    if (at != end) out = utf8::encode(read_escape(at, end), out);
  }
  return static_cast<std::size_t>(out - begin);
}

std::string_view text_of(const Value& value, std::string& spare) {
  if (!value.is_string()) return {};
  if (!value.has(kEscaped)) return value.content();
  spare.resize(value.raw.size());
  spare.resize(unescape(value.content(), spare.data()));
  return spare;
}

bool Value::equals_escaped(std::string_view text) const {
  std::string meant;
  return text_of(*this, meant) == text;
}

std::size_t compact(const Value& value, char* out) {
  const char* at = value.raw.data();
  const char* const end = at + value.raw.size();
  char* const begin = out;
  while (at != end) {
    if (*at == '"') {
      out = compact_string(at, end, out);
    } else {
      if (!is_blank(*at)) *out++ = *at;
      ++at;
    }
  }
  return static_cast<std::size_t>(out - begin);
}

std::string_view compact_of(const Value& value, std::string& spare) {
  if (!value.has(kLoose)) return value.raw;
  spare.resize(value.raw.size());
  spare.resize(compact(value, spare.data()));
  return spare;
}

bool valid_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = scan::non_ascii(at, end)) != end) {
    do {
      const utf8::Sequence next = utf8::sequence(at, end);
      if (!next.valid) return false;
      at += next.bytes;
    } while (at != end && static_cast<unsigned char>(*at) >= 0x80);
  }
  return true;
}

void append_repaired_utf8(std::string& out, std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* run = at;
  while ((at = scan::non_ascii(at, end)) != end) {
    const utf8::Sequence next = utf8::sequence(at, end);
    if (!next.valid) {
      out.append(run, at);
      out.append(utf8::kReplacement);
      run = at + next.bytes;
    }
    at += next.bytes;
  }
  out.append(run, end);
}

std::string_view repair_utf8(std::string_view text, std::string& spare) {
  if (valid_utf8(text)) return text;
  spare.clear();
  append_repaired_utf8(spare, text);
  return spare;
}

}  // namespace sls::json
