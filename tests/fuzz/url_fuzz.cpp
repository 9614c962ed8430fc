// Any bytes as a URL, and around the name and password of one: nothing of them comes out, whatever the rest is.
// One that is said to stay as it is comes out so when it is taken to pieces, too.
#include <cstdint>
#include <string>
#include <string_view>

#include "between/http_url.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using traces::obfuscate_url;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::string_view before = std::string_view(text).substr(0, text.find('\0'));
  const std::string_view after = std::string_view(text).substr(before.size());
  for (const bool query : {false, true}) {
    for (const bool digits : {false, true}) {
      std::string out;
      obfuscate_url(text, {query, digits}, out);
      REQUIRE(out.size() <= 3 * size + 4);
      std::string again;
      obfuscate_url(out, {query, digits}, again);
      REQUIRE(again.size() <= 3 * out.size() + 4);
      if (traces::is_plain_url(text, {query, digits})) {
        REQUIRE(out == text);
        out.clear();
        obfuscate_url(text + '#', {query, digits}, out);  // taken to pieces, and an empty fragment goes
        REQUIRE(out == text);
      }
      if (before.find_first_of("/?#") != before.npos) continue;
      out.clear();
      obfuscate_url("http://" + std::string(before) + "Secret:Pass@h/" + std::string(after), {query, digits}, out);
      REQUIRE(out.find("Secret") == out.npos && out.find("Pass") == out.npos);
    }
  }
  return 0;
}
