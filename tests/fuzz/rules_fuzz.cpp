// Any bytes as processing rules and a log text: nothing is lost uncounted, every entry is valid JSON within its limit,
// and masking gives what a slow, obvious loop of searches gives.
//
// The bytes are cut at zeros: the setting, the text; or, when the setting begins with '/', a pattern behind it, a
// replacement text, the text.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "between/rules_setting.hpp"
#include "pipeline.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"

namespace {

using namespace logs;

std::string_view cut(std::string_view& rest) {
  const std::size_t zero = std::min(rest.find('\0'), rest.size());
  const std::string_view piece = rest.substr(0, zero);
  rest.remove_prefix(std::min(zero + 1, rest.size()));
  return piece;
}

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

void check_pipeline(std::string_view setting, std::string_view text) {
  Findings findings;
  Options options{};
  options.buffer_bytes = 1 << 20;
  const sls_sandbox sandbox{};
  Pipeline pipeline(options, read_processing_rules({setting, "here", {}, {}}, engine, findings), sandbox);
  sls_record records[2]{};
  for (sls_record& record : records) {
    record.kind = SLS_RECORD_FUNCTION;
    record.text = {text.empty() ? "" : text.data(), text.size()};
  }
  records[1].request_id = {"id", 2};
  pipeline.on_telemetry({sizeof(sls_telemetry), sizeof(sls_record), 2, records, 0});
  std::size_t shipped = 0;
  for (const sls_part& part : pipeline.next_batch(true)) {
    const std::string_view entry(part.bytes.data, part.bytes.len);
    sls::json::Value value;
    REQUIRE(sls::json::parse(entry, value));
    REQUIRE(sls::json::valid_utf8(entry));
    REQUIRE(entry.size() <= kEntryBytesMax);
    ++shipped;
  }
  const Counts& counts = pipeline.counts();
  REQUIRE(counts.received == 2);
  REQUIRE(shipped + counts.dropped_rule_excluded == 2);
  REQUIRE(pipeline.pending() == 0);
}

// The text with every match that counts replaced by `[]`, by searches one after another.
std::string masked_slowly(const sls::Regex& regex, std::string_view text) {
  std::string out;
  std::ptrdiff_t last_end = -1;
  std::size_t written = 0;
  for (std::size_t from = 0; from <= text.size();) {
    sls::RegexGroup span;
    if (!regex.search(text, from, {&span, 1})) break;
    REQUIRE(span.begin >= static_cast<std::ptrdiff_t>(from) && span.end >= span.begin);
    if (span.begin != span.end || span.begin != last_end) {
      out.append(text, written, static_cast<std::size_t>(span.begin) - written);
      out += "[]";
      written = static_cast<std::size_t>(span.end);
    }
    last_end = span.end;
    from = static_cast<std::size_t>(span.end);
    if (span.begin != span.end) continue;
    do ++from;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80);
  }
  return out.append(text, written, std::string_view::npos);
}

void check_mask(std::string_view pattern, std::string_view placeholder, std::string_view given) {
  std::string error, spare, out;
  const std::string_view text = sls::json::repair_utf8(given, spare);
  const sls::Regex regex = sls::Regex::compile(*sls_regex_engine_v1(), pattern, error, 1 << 20);
  REQUIRE(static_cast<bool>(regex) == error.empty());
  if (!regex) return;
  const sls::Replacement fixed("[]", regex);
  REQUIRE((fixed.replace_all(regex, text, out) ? out : std::string(text)) == masked_slowly(regex, text));
  const sls::Replacement replacement(placeholder, regex);
  replacement.replace_all(regex, text, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  const std::string_view first = cut(rest);
  if (first.starts_with('/')) {
    const std::string_view placeholder = cut(rest);
    check_mask(first.substr(1), placeholder, rest);
  } else {
    check_pipeline(first, rest);
  }
  return 0;
}
