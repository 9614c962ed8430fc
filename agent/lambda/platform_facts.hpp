// What a platform.* record of the Telemetry API says, as values.
//
// Reads one record, judges whether it has what its type must have, and knows nothing of batches, invocations or what
// the facts are good for. Called by lambda/telemetry_event; read by the host's invocation state. The fields, which of
// them a type must have, and the words that they may hold are those of the schemas 2022-12-13 and 2025-01-29.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lambda/text_arena.hpp"
#include "sls/codec/json.hpp"

namespace agent {

inline constexpr double kAbsent = -1;  // of every number below: the record does not say

// Views live as long as the record. Texts that the record does not have are empty.
struct PlatformFacts {
  std::size_t record = 0;  // index into TelemetryBatch::records
  std::string_view request_id, version;
  std::string_view status, error_type;  // status: success, error, failure, timeout
  std::string_view init_type, phase;    // phase: init, invoke
  std::string_view runtime_version, runtime_version_arn;
  double duration_ms = kAbsent, billed_ms = kAbsent;
  double init_duration_ms = kAbsent, restore_duration_ms = kAbsent;
  double memory_size_mb = kAbsent, max_memory_used_mb = kAbsent;
  double produced_bytes = kAbsent;
  double response_latency_ms = kAbsent, response_duration_ms = kAbsent;  // the spans of these names
  std::string_view dropped_reason;                                       // platform.logsDropped
  double dropped_records = kAbsent, dropped_bytes = kAbsent;
  bool has_metrics = false;

  // A report of a function on demand; one of a managed instance has a duration only.
  bool on_demand() const { return billed_ms >= 0 && memory_size_mb >= 0 && max_memory_used_mb >= 0; }
};

// Reads the record, an object, at the cursor, and leaves the cursor behind it; `kind` is an SLS_RECORD_* of the
// platform's. False: the JSON is malformed (cursor.failed() tells), or the record lacks what one of this kind must
// have, or has it in a wrong type or with an unknown word. What is optional and of a wrong type counts as absent. Texts
// with escapes are kept in `arena`.
bool read_platform_facts(std::uint32_t kind, sls::json::Cursor& cursor, TextArena& arena, PlatformFacts& out);

// The text of a string value: a view into its bytes, or into the arena where something is escaped.
std::string_view kept_text(const sls::json::Value& value, TextArena& arena);

}  // namespace agent
