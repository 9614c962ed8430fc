// The agent's own log: one JSON object per line on stdout, {"status":"WARN","message":"DD_EXTENSION | WARN | …"}.
//
// WARN: unexpected, nothing lost. ERROR: something lost, or an operator must act. INFO: start and stop only. The
// platform hands these lines back as telemetry, so no statement may be reachable from the path of a log record.
// A line never blocks: when nobody reads stdout it is dropped and counted (lines_dropped). Lines are cut at 4 KiB, the
// size up to which a pipe takes a write as a whole. The key is "status", since the platform filters by "level".
//
// What a line says may come from an operator's settings or from a plugin: it goes through a scrubber, which the wiring
// sets (config/shown), before it is cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace agent {

enum class Level : std::int32_t { kOff = 0, kError, kWarn, kInfo, kDebug };  // numbers are SLS_LOG_*

class Log {
 public:
  static void set_level(Level level) { level_ = static_cast<std::int32_t>(level); }
  static bool wants(Level level) { return static_cast<std::int32_t>(level) <= level_; }
  static const std::int32_t* level_address() { return &level_; }  // for sls_host.log_level
  static void write(Level level, std::string_view text);
  using Scrub = std::string (*)(std::string_view text);
  static void set_scrub(Scrub scrub) { scrub_ = scrub; }  // null: lines go out as they are
  static std::uint64_t lines_dropped() { return lines_dropped_; }

  // "error", "WARN", …; false and no change for anything else.
  static bool set_level(std::string_view name);

 private:
  static inline std::int32_t level_ = static_cast<std::int32_t>(Level::kInfo);
  static inline std::uint64_t lines_dropped_ = 0;
  static inline Scrub scrub_ = nullptr;
};

template <class... Parts>
void log_error(const Parts&... parts) {
  if (Log::wants(Level::kError)) Log::write(Level::kError, cat(parts...));
}
template <class... Parts>
void log_warn(const Parts&... parts) {
  if (Log::wants(Level::kWarn)) Log::write(Level::kWarn, cat(parts...));
}
template <class... Parts>
void log_info(const Parts&... parts) {
  if (Log::wants(Level::kInfo)) Log::write(Level::kInfo, cat(parts...));
}
template <class... Parts>
void log_debug(const Parts&... parts) {
  if (Log::wants(Level::kDebug)) Log::write(Level::kDebug, cat(parts...));
}

}  // namespace agent
