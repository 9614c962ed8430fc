// What the enhanced metrics need to know of a platform record, of an end-invocation and of a log line.
//
// Readers of borrowed bytes into plain values: nothing is kept, what is missing or of a wrong type is absent. They
// refuse to judge what a fact is good for. Called by between/enhanced_feed; read by between/enhanced.
#pragma once

#include <cstdint>
#include <string_view>

#include "sls/text.hpp"

namespace metrics {

enum class PlatformKind : std::uint8_t { kInitStart, kInitReport, kStart, kRuntimeDone, kReport, kRestoreReport };
enum class Ending : std::uint8_t { kUnknown, kSuccess, kError, kTimeout };

inline constexpr double kAbsent = -1;

struct PlatformFacts {
  PlatformKind kind = PlatformKind::kStart;
  std::int64_t time_ns = 0;
  Ending ending = Ending::kUnknown;
  bool out_of_memory = false;    // by the type of the error
  bool durable = false;          // the runtime is one of durable functions
  std::string_view init_type{};  // as the tag spells it; a literal
  double duration_ms = kAbsent, billed_ms = kAbsent, init_ms = kAbsent;
  double memory_mb = kAbsent, memory_used_mb = kAbsent, produced_bytes = kAbsent;
  double response_latency_ms = kAbsent, response_duration_ms = kAbsent;
};

// The "record" member of a platform event, into `out`; its kind and time are the caller's.
void read_platform_record(std::string_view json, PlatformFacts& out);

// Whether an end-invocation says that the invocation failed: by one of its headers, or by a response with a status
// of 500 to 599.
bool says_error(sls::Pairs headers, std::string_view response);

// Whether a line is a runtime's last word before it dies for want of memory.
bool says_out_of_memory(std::string_view line);

}  // namespace metrics
