#include "lab/platform_events.hpp"

#include <cmath>

namespace lab {
namespace {

json::array texts(const std::vector<std::string>& values) { return json::array(values.begin(), values.end()); }

// Three decimals, as the platform writes durations.
double rounded(double ms) { return std::round(ms * 1000) / 1000; }

}  // namespace

json::object init_start(const InitFacts& init) {
  return {{"initializationType", init.type},        {"phase", init.phase},
          {"runtimeVersion", "provided:al2023.v1"}, {"runtimeVersionArn", "arn:aws:lambda:us-east-1::runtime:lab"},
          {"functionName", "lab-function"},         {"functionVersion", "$LATEST"}};
}

json::object init_runtime_done(const InitFacts& init, const std::string& status) {
  return {{"initializationType", init.type}, {"phase", init.phase}, {"status", status}};
}

json::object init_report(const InitFacts& init, double duration_ms) {
  return {{"initializationType", init.type},
          {"phase", init.phase},
          {"status", "success"},
          {"metrics", json::object{{"durationMs", rounded(duration_ms)}}}};
}

json::object invocation_start(const std::string& id) { return {{"requestId", id}, {"version", "$LATEST"}}; }

json::object runtime_done(const std::string& id, const Ending& ending, const std::string& response_began) {
  json::object record{{"requestId", id}, {"status", ending.status}};
  if (!ending.error_type.empty()) record["errorType"] = ending.error_type;
  record["metrics"] =
      json::object{{"durationMs", rounded(ending.duration_ms)}, {"producedBytes", ending.produced_bytes}};
  record["spans"] = json::array{json::object{
      {"name", "responseLatency"}, {"start", response_began}, {"durationMs", rounded(ending.duration_ms)}}};
  return record;
}

json::object report(const std::string& id, const Ending& ending) {
  json::object metrics{{"durationMs", rounded(ending.duration_ms)},
                       {"billedDurationMs", static_cast<std::int64_t>(std::ceil(ending.duration_ms))},
                       {"memorySizeMB", ending.memory_mb},
                       {"maxMemoryUsedMB", ending.memory_used_mb}};
  if (ending.init_ms >= 0) metrics["initDurationMs"] = rounded(ending.init_ms);
  if (ending.restore_ms >= 0) metrics["restoreDurationMs"] = rounded(ending.restore_ms);
  json::object record{{"requestId", id}, {"status", ending.status}};
  if (!ending.error_type.empty()) record["errorType"] = ending.error_type;
  record["metrics"] = std::move(metrics);
  return record;
}

json::object managed_report(const std::string& id, const Ending& ending, const std::string& response_began) {
  json::object record{{"requestId", id}, {"status", ending.status}};
  if (!ending.error_type.empty()) record["errorType"] = ending.error_type;
  record["metrics"] = json::object{{"durationMs", rounded(ending.duration_ms)}};
  record["spans"] = json::array{json::object{
      {"name", "responseLatency"}, {"start", response_began}, {"durationMs", rounded(ending.duration_ms)}}};
  return record;
}

json::object restore_runtime_done(const std::string& status) { return {{"status", status}}; }

json::object restore_report(const std::string& status, double duration_ms) {
  return {{"status", status}, {"metrics", json::object{{"durationMs", rounded(duration_ms)}}}};
}

json::object extension_record(const std::string& name, const std::string& state,
                              const std::vector<std::string>& events) {
  return {{"name", name}, {"state", state}, {"events", texts(events)}};
}

json::object subscription_record(const std::string& name, const std::string& state,
                                 const std::vector<std::string>& types) {
  return {{"name", name}, {"state", state}, {"types", texts(types)}};
}

json::object logs_dropped(std::size_t records, std::size_t bytes) {
  return {{"reason", "Consumer seems to have fallen behind as it has not acknowledged receipt of logs."},
          {"droppedRecords", records},
          {"droppedBytes", bytes}};
}

}  // namespace lab
