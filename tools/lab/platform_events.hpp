// The records of the Telemetry API that the platform itself writes, by type. Field names as AWS documents them.
#pragma once

#include <string>
#include <vector>

#include "lab/json.hpp"

namespace lab {

// The type of error of a function that the kernel has ended since memory was out; its status is "error".
inline constexpr const char* kOutOfMemory = "Runtime.OutOfMemory";

// What an invocation came to.
struct Ending {
  std::string status = "success";  // success, error, failure, timeout
  std::string error_type;
  double duration_ms = 0;
  std::uint64_t produced_bytes = 0;
  double init_ms = -1;     // first invocation of a sandbox
  double restore_ms = -1;  // first invocation after a snapshot was restored
  unsigned memory_mb = 128, memory_used_mb = 64;
};

struct InitFacts {
  std::string type = "on-demand", phase = "init";
};

json::object init_start(const InitFacts& init);
json::object init_runtime_done(const InitFacts& init, const std::string& status);
json::object init_report(const InitFacts& init, double duration_ms);
json::object invocation_start(const std::string& id);
json::object runtime_done(const std::string& id, const Ending& ending, const std::string& response_began);
json::object report(const std::string& id, const Ending& ending);
// Of a managed instance: what it took, and nothing of memory and billing.
json::object managed_report(const std::string& id, const Ending& ending, const std::string& response_began);
json::object restore_runtime_done(const std::string& status);
json::object restore_report(const std::string& status, double duration_ms);
json::object extension_record(const std::string& name, const std::string& state,
                              const std::vector<std::string>& events);
json::object subscription_record(const std::string& name, const std::string& state,
                                 const std::vector<std::string>& types);
json::object logs_dropped(std::size_t records, std::size_t bytes);

}  // namespace lab
