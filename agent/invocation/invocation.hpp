// What is known of one invocation: one record per request id, written by three mouths.
//
// The loop (INVOKE of /next), the tracer (start- and end-invocation) and the platform's events each write fields of
// their own, so that any order of them, and any loss, leaves the same record. Plain values; the transitions are in
// invocations.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace agent {

inline constexpr double kUnknown = -1.0;  // of a duration

// A request of the tracer, kept until the record closes (payloads are bounded: kInvocationPayloadBytesMax in all).
struct TracerCall {
  bool came = false;
  Wall at{};
  std::vector<std::pair<std::string, std::string>> headers;
  std::string payload;
};

struct Invocation {
  std::string request_id;

  // written by the loop
  bool invoked = false;
  Wall invoked_at{}, deadline{};
  std::string function_arn;
  bool cold_start = false, proactive_init = false;

  // written by the tracer
  TracerCall start, end;
  bool execution_incomplete = false;  // start came, end did not: what SHUTDOWN finds of an invocation that was cut off
  bool tracer_error = false;          // by the error headers of end-invocation

  // written by the platform
  bool started = false;
  Wall started_at{};
  std::string version;
  bool done = false;
  Wall done_at{};
  std::string status, error_type;
  double duration_ms = kUnknown;
  std::uint64_t produced_bytes = 0;
  bool reported = false;
  std::string report_status, report_error_type;
  double report_duration_ms = kUnknown, billed_ms = kUnknown, init_ms = kUnknown, restore_ms = kUnknown;
  std::uint32_t memory_mb = 0, memory_used_mb = 0;

  // what the plugins have been told
  bool told_invoke = false, told_done = false, told_reported = false;
};

// Facts of platform.runtimeDone and platform.report, as far as they concern an invocation. Borrowed.
struct DoneFacts {
  std::string_view status, error_type;
  double duration_ms = kUnknown;
  std::uint64_t produced_bytes = 0;
};
struct ReportFacts {
  std::string_view status, error_type;
  double duration_ms = kUnknown, billed_ms = kUnknown, init_ms = kUnknown, restore_ms = kUnknown;
  std::uint32_t memory_mb = 0, memory_used_mb = 0;
};

}  // namespace agent
