// One log between the record that it came from and the entry that it becomes: views only, valid during one call.
#pragma once

#include <cstdint>
#include <string_view>

namespace logs {

enum class Source : std::uint8_t { kFunction, kExtension, kPlatform };
enum class Status : std::uint8_t { kInfo, kTrace, kDebug, kWarn, kError, kCritical };  // info and below come first

// A platform line that says how an invocation ended.
enum class Outcome : std::uint8_t { kNone, kSuccess, kFailure };

// Of a line that was kept of many: the rule, its rate, and how many lines this one stands for.
struct Sampling {
  std::string_view rule;
  double rate = 1;
  std::uint64_t lines = 0;  // 0: not sampled
};

struct Line {
  Source source = Source::kFunction;
  Status status = Status::kInfo;
  std::int64_t time_ns = 0;  // wall clock
  std::string_view text;
  std::string_view request_id;    // empty: not known
  std::string_view tags;          // taken out of the text, for this line only; as they were written
  std::string_view execution_id;  // of a durable execution; empty: none
  std::string_view execution_name;
  std::string_view first_invocation;  // "true" or "false"; empty: not said
  std::string_view execution_status;
  std::string_view runtime_version;  // INIT_START only
  Sampling sampling;
  Outcome outcome = Outcome::kNone;
  double duration_ms = 0;  // where there is an outcome

  bool from_customer() const { return source != Source::kPlatform; }
};

}  // namespace logs
