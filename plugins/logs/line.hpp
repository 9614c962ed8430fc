// One log between the record that it came from and the entry that it becomes: views only, valid during one call.
#pragma once

#include <cstdint>
#include <string_view>

namespace logs {

enum class Source : std::uint8_t { kFunction, kExtension, kPlatform };
enum class Status : std::uint8_t { kInfo, kTrace, kDebug, kWarn, kError, kCritical };

struct Line {
  Source source = Source::kFunction;
  Status status = Status::kInfo;
  std::int64_t time_ns = 0;  // wall clock
  std::string_view text;
  std::string_view request_id;    // empty: not known
  std::string_view tags;          // taken out of the text, for this line only; as they were written
  std::string_view execution_id;  // of a durable execution; empty: none
  std::string_view execution_name;

  bool from_customer() const { return source != Source::kPlatform; }
};

}  // namespace logs
