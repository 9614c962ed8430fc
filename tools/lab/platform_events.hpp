// The records of the Telemetry API that the platform itself writes, by type. Field names as AWS documents them.
#pragma once

#include <string>
#include <vector>

#include "lab/json.hpp"

namespace lab {

// What an invocation came to.
struct Ending {
  std::string status = "success";  // success, error, failure, timeout
  std::string error_type;
  double duration_ms = 0;
  std::uint64_t produced_bytes = 0;
  double init_ms = -1;  // first invocation of a sandbox
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
json::object extension_record(const std::string& name, const std::string& state,
                              const std::vector<std::string>& events);
json::object subscription_record(const std::string& name, const std::string& state,
                                 const std::vector<std::string>& types);
json::object logs_dropped(std::size_t records, std::size_t bytes);

}  // namespace lab
