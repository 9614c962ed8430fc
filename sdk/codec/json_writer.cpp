#include "sls/codec/json_writer.hpp"

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

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
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
