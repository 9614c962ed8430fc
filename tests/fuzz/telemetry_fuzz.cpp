// Any bytes as a body of the Telemetry API: whatever comes, the batch is consistent and its texts are UTF-8.
#include <cstdint>
#include <string_view>

#include "lambda/telemetry_event.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"

namespace {

std::string_view text_of(sls_str text) { return {text.data, text.len}; }

void check_record(const sls_record& record) {
  REQUIRE(record.kind >= SLS_RECORD_FUNCTION && record.kind <= SLS_RECORD_OTHER);
  REQUIRE(record.flags == 0);
  REQUIRE(sls::json::valid_utf8(text_of(record.type)));
  REQUIRE(sls::json::valid_utf8(text_of(record.request_id)));
  REQUIRE(sls::json::valid_utf8(text_of(record.text)));
  REQUIRE(sls::json::valid_utf8(text_of(record.json)));
  sls::json::Value value;
  REQUIRE(sls::json::parse(text_of(record.json), value));
  const bool is_log = record.kind == SLS_RECORD_FUNCTION || record.kind == SLS_RECORD_EXTENSION;
  const bool has_text = is_log && (value.is_string() || value.kind == sls::json::Kind::kObject);
  REQUIRE((record.text.data != nullptr) == has_text);
}

void check_facts(const agent::TelemetryBatch& batch) {
  std::size_t next = 0;
  for (const agent::PlatformFacts& facts : batch.facts) {
    REQUIRE(facts.record >= next && facts.record < batch.records.size());
    REQUIRE(text_of(batch.records[facts.record].request_id) == facts.request_id);
    REQUIRE(facts.duration_ms >= 0 || facts.duration_ms == agent::kAbsent);
    REQUIRE(!facts.has_metrics || facts.duration_ms >= 0);
    next = facts.record + 1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static agent::TelemetryParser parser;
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const agent::TelemetryBatch& batch = parser.parse(body, 1);
  REQUIRE(!batch.unparsable || (batch.records.empty() && batch.malformed == 0));
  for (const sls_record& record : batch.records) check_record(record);
  check_facts(batch);
  const std::size_t records = batch.records.size(), malformed = batch.malformed;
  parser.parse(body, 1);
  REQUIRE(batch.records.size() == records && batch.malformed == malformed);
  return 0;
}
