#include "sls/codec/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "json_escape.hpp"
#include "json_scan.hpp"
#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

// A run without anything that must be escaped; looked through for what is not UTF-8 only when it has such
// bytes.
void append_run(std::string& out, const char* from, const char* to, bool non_ascii) {
  const std::string_view run(from, static_cast<std::size_t>(to - from));
  if (non_ascii && !valid_utf8(run)) {
    append_repaired_utf8(out, run);
  } else {
    out.append(run);
  }
}

constexpr std::size_t kPieceBytes = 256;  // escaped at once, on the stack

// Copies and escapes in one pass: what is looked through is written at the same time.
char* escape_into(char* to, const char* at, const char* end) {
#if defined(__SSE2__)
  for (; end - at >= 16;) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
    const std::uint32_t hits = scan::special_bits(block);
    const int clean = hits == 0 ? 16 : std::countr_zero(hits);
    at += clean;
    to += clean;
    if (hits != 0) to = escape(static_cast<unsigned char>(*at++), to);
  }
#endif
  for (; at != end; ++at) {
    if (scan::is_special(*at)) {
      to = escape(static_cast<unsigned char>(*at), to);
    } else {
      *to++ = *at;
    }
  }
  return to;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  if (scan::non_ascii(text.data(), text.data() + text.size()) == text.data() + text.size() || valid_utf8(text)) {
    for (; !text.empty(); text.remove_prefix(std::min(kPieceBytes, text.size()))) {
      char escaped[kPieceBytes * 6 + 16];  // a block may be written beyond its clean part
      const char* const end = text.data() + std::min(kPieceBytes, text.size());
      out.append(escaped, escape_into(escaped, text.data(), end));
    }
    return;
  }
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    std::uint32_t non_ascii = 0;
    const char* const special = scan::special(at, end, non_ascii);
    append_run(out, at, special, non_ascii != 0);
    if (special == end) return;
    char escaped[6];
    out.append(escaped, escape(static_cast<unsigned char>(*special), escaped));
    at = special + 1;
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  append_escaped(out, text);
  out.push_back('"');
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  append_quoted(out_, text);
  return *this;
}

Writer& Writer::integer(std::int64_t number) {
  separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  return *this;
}

Writer& Writer::integer(std::uint64_t number) {
  separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  return *this;
}

Writer& Writer::number(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  char digits[32];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace sls::json
