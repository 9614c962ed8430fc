// A line as the logs intake takes it: one JSON object, written once, straight to where it waits.
//
//   {"message":{"message":TEXT,"lambda":{"arn":ARN,"request_id":ID|null},"timestamp":MS,"status":STATUS},
//    "hostname":ARN,"service":SERVICE,"ddtags":TAGS,"ddsource":"lambda"}
//
// Keys in this order, no blanks; the shape is that of the official extension. What is the same in every entry is
// escaped once, when a fact of the sandbox changes. It refuses to send, to wait and to drop: an entry that would exceed
// kEntryBytesMax is cut, with a marker. Called by the pipeline.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "line.hpp"
#include "sls/plugin.h"

namespace logs {

inline constexpr std::size_t kEntryBytesMax = 1 << 20;      // the intake's; a longer text is cut there and marked
inline constexpr std::size_t kLineTagsBytesMax = 64 << 10;  // tags taken out of one text; cut behind the last that fits
inline constexpr std::size_t kIdBytesMax = 1 << 10;         // request and execution ids, which a function may invent
inline constexpr std::string_view kTruncatedMarker = "...TRUNCATED...";

class LogEntryWriter {
 public:
  explicit LogEntryWriter(const sls_sandbox& sandbox) { adopt(sandbox); }
  // Facts of the sandbox that every entry shows.
  void adopt(const sls_sandbox& sandbox);

  // Appends the entry. True: something was cut.
  bool append(std::string& out, const Line& line);
  // Never less than what append() adds.
  std::size_t bytes_max(const Line& line) const;

 private:
  void begin_end(std::string_view request_id);

  std::string after_text_, after_status_;  // the fixed stretches between what changes
  std::string request_id_, with_id_;       // the last id, and the stretch with it: lines of an invocation come together
  std::string end_;                        // what follows the text; reused
  bool has_tags_ = false;
};

}  // namespace logs
