// Any bytes as JSON to be obfuscated: whatever it is, what comes out are keys, brackets and "?", within its bounds; and
// of a text that is JSON it is JSON.
#include <cstdint>
#include <string>
#include <string_view>

#include "between/json_obfuscation.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"

namespace {

using namespace traces;

// The end of a string that begins at `i`; npos: it is open.
std::size_t end_of_string(std::string_view text, std::size_t i) {
  for (++i; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return text.npos;
}

void require_no_literal(std::string_view out) {
  const bool cut = out.ends_with("...");
  if (cut) out.remove_suffix(3);
  char before = '\0';
  for (std::size_t i = 0; i < out.size();) {
    if (out[i] == '"') {
      const std::size_t end = end_of_string(out, i);
      const bool may_be_key = before == '{' || before == ',';
      if (end == out.npos || end == out.size()) {  // where it was cut off
        REQUIRE((cut && may_be_key) || out.substr(i) == R"("?")");
        return;
      }
      REQUIRE((may_be_key && (out[end] == ':')) || out.substr(i, end - i) == R"("?")");
      before = '"';
      i = end;
      continue;
    }
    REQUIRE(std::string_view("{}[]:, \t\r\n").find(out[i]) != std::string_view::npos);
    before = out[i++];
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  SqlObfuscator sql{SqlRules{}};
  std::string out, again;
  JsonObfuscator({}, {}).obfuscate(text, sql, out);
  REQUIRE(out.size() <= 4 * size + 3);
  require_no_literal(out);
  sls::json::Value value;
  if (sls::json::parse(text, value)) {
    REQUIRE(sls::json::parse(out, value));
    JsonObfuscator({}, {}).obfuscate(out, sql, again);
    REQUIRE(again == out);
  }
  out.clear();
  JsonObfuscator({"a", "keep"}, {"s", "sql"}).obfuscate(text, sql, out);
  REQUIRE(out.size() <= 16 * size + 3);
  if (sls::json::parse(text, value)) REQUIRE(sls::json::parse(out, value));
  return 0;
}
