#include "lab/sandbox_environment.hpp"

#include <unistd.h>

#include <filesystem>

namespace lab {
namespace {

void add_platform(Environment& to, const SandboxOptions& options, const std::string& api) {
  to["AWS_LAMBDA_RUNTIME_API"] = api;
  to["AWS_LAMBDA_FUNCTION_NAME"] = options.function_name;
  to["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
  to["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(options.memory_mb);
  to["AWS_LAMBDA_INITIALIZATION_TYPE"] = options.init_type;
  to["AWS_REGION"] = to["AWS_DEFAULT_REGION"] = "us-east-1";
  to["LAMBDA_TASK_ROOT"] = options.task_root;
  to["DD_BIND_HOST"] = options.bind_host;
}

}  // namespace

Environment inherited_environment() {
  Environment out;
  for (char** row = environ; *row; ++row) {
    const std::string text = *row;
    const std::string name = text.substr(0, text.find('='));
    const bool wanted = name == "PATH" || name == "HOME" || name == "TZ" || name == "LANG" || name == "TMPDIR"
                        || name.find("SAN_OPTIONS") != std::string::npos;
    if (wanted) out[name] = text.substr(name.size() + 1);
  }
  return out;
}

Environment agent_environment(const SandboxOptions& options, const std::string& api, const std::string& intake_url) {
  Environment out = inherited_environment();
  add_platform(out, options, api);
  out["AWS_EXECUTION_ENV"] = "AWS_Lambda_provided.al2023";
  out["DD_API_KEY"] = "0123456789abcdef0123456789abcdef";
  out["DD_SITE"] = "datadoghq.com";
  out["DD_SPOOL_DIRECTORY"] = options.task_root;  // an own /tmp, as each sandbox has
  for (const char* name : {"DD_DD_URL", "DD_URL", "DD_APM_DD_URL", "DD_LOGS_CONFIG_LOGS_DD_URL",
                           "DD_APM_PROFILING_DD_URL", "DD_APM_DEBUGGER_DD_URL", "DD_APM_DEBUGGER_DIAGNOSTICS_DD_URL",
                           "DD_APM_SYMDB_DD_URL", "DD_APM_TELEMETRY_DD_URL"})
    out[name] = intake_url;
  for (const auto& [name, value] : options.environment) out[name] = value;
  for (const std::string& name : options.unset) out.erase(name);
  return out;
}

Environment function_environment(const SandboxOptions& options, const std::string& api) {
  Environment out = options.function_environment.empty() ? inherited_environment() : options.function_environment;
  const std::string own_root = out["LAMBDA_TASK_ROOT"];
  add_platform(out, options, api);
  // The function's code lies where the developer works; the agent's configuration is the lab's.
  out["LAMBDA_TASK_ROOT"] = own_root.empty() ? std::filesystem::current_path().string() : own_root;
  if (out["_HANDLER"].empty()) out["_HANDLER"] = "index.handler";
  return out;
}

}  // namespace lab
