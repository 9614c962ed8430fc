// Any bytes through the scrubber, as each kind of document: what is yaml or JSON stays so, what was hidden stays hidden
// when it is scrubbed again, and a secret that stands under a name for secrets is never in what comes out.
//
// The first byte chooses the mode.
#include <cstdint>
#include <string>
#include <string_view>

#include "config/scrubbed.hpp"
#include "config/yaml_source.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"

namespace {

constexpr std::string_view kSecret = "hunter2hunter2";

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

sls::Scrubber& scrubber() {
  static auto& one = *new sls::Scrubber(engine);
  return one;
}

void check_text(std::string_view text) {
  scrubber().line(text);
  scrubber().value(text);
  // A line of its own is hidden whatever stands around it; the same bytes in the text around would be no secret.
  if (text.find(kSecret) != std::string_view::npos || text.find("-----") != std::string_view::npos) return;
  const std::string with = std::string(text) + "\nauth_token: " + std::string(kSecret) + "\n" + std::string(text);
  REQUIRE(scrubber().text(with).find(kSecret) == std::string::npos);
}

void check_yaml(std::string_view text) {
  const auto before = agent::parse_yaml(text);
  const std::string out = agent::scrubbed_yaml(scrubber(), text);
  if (!before || before->empty() || before->more_documents()) return;
  REQUIRE(agent::parse_yaml(out));
}

void check_json(std::string_view text) {
  sls::json::Value value;
  std::string spare;
  const bool is_json = sls::json::parse(sls::json::repair_utf8(text, spare), value);
  const std::string out = agent::scrubbed_json(scrubber(), text);
  if (!is_json || out.find('\n') == std::string::npos) return;  // too deep or too large for a tree: then as text
  const std::string again = agent::scrubbed_json(scrubber(), out);
  REQUIRE(!again.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0 || size > 65536) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  switch (bytes[0] % 3) {
    case 0: check_text(text); break;
    case 1: check_yaml(text); break;
    default: check_json(text); break;
  }
  REQUIRE(scrubber().problem().empty());
  return 0;
}
