// The variables that Lambda and an operator set for the processes of a sandbox. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lab/child_process.hpp"

namespace lab {

struct SandboxOptions {
  std::vector<std::string> agent;     // program and arguments; empty: none
  std::vector<std::string> function;  // the same; empty: whoever drives the sandbox plays the function
  Environment environment;            // for the agent, wins over what the lab sets
  std::set<std::string> unset;        // of the agent's environment
  Environment function_environment;   // below what the lab sets for the function
  std::string task_root = "/var/task";
  std::string bind_host = "127.0.0.1";  // where the agent's own ports are
  std::string function_name = "lab-function";
  std::string init_type = "on-demand";
  bool managed() const { return init_type == "lambda-managed-instances"; }
  unsigned memory_mb = 128;
  Milliseconds init_limit{10000}, function_limit{30000}, shutdown_limit{2000};
  bool json_logs = false;       // lines that are JSON objects become objects in the records
  bool report_late = true;      // platform.report of an invocation comes with the next one
  bool distinct_times = false;  // no two function lines share a millisecond, so that they can be told apart later
};

Environment agent_environment(const SandboxOptions& options, const std::string& api, const std::string& intake_url);
Environment function_environment(const SandboxOptions& options, const std::string& api);
// What of this process's environment belongs to a program at all: PATH, HOME, locale, sanitizer options.
Environment inherited_environment();

}  // namespace lab
