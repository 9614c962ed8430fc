// What /proc tells of the sandbox, as values.
//
// Each function reads what it is asked for at the moment at which it is asked, keeps nothing, and answers "not known"
// where a file is missing or is not what it should be. Beside /proc it reads the space of /tmp and, for the name of a
// runtime that says none itself, os-release. It refuses to judge and to compare. Asked by in/proc_usage and
// in/proc_sensors, never before the first invocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

struct NetworkBytes {
  double received = 0, sent = 0;
};
struct CpuTimes {  // since the machine's start
  double user_ms = 0, system_ms = 0, idle_ms = 0;
  std::vector<double> cores_idle_ms;
};
struct ProcessLimits {
  std::optional<std::uint64_t> descriptors, processes;
};
struct Space {
  double used_bytes = 0, total_bytes = 0;
};

// The texts of files, read.
std::optional<NetworkBytes> network_of(std::string_view net_dev);
std::optional<CpuTimes> cpu_of(std::string_view stat, double ticks_per_second);
std::optional<double> uptime_ms_of(std::string_view uptime);
ProcessLimits limits_of(std::string_view limits);
// "AWS_Lambda_nodejs20.x" -> "nodejs20.x"; empty: the environment does not say.
std::string_view runtime_of_environment(std::string_view variables);
std::string_view runtime_of_system(std::string_view os_release);  // "provided.al2023", else "unknown"

class Proc {
 public:
  struct Places {
    std::string root = "/proc", tmp = "/tmp/", os_release = "/etc/os-release";
  };
  Proc() = default;
  explicit Proc(Places places) : places_(std::move(places)) {}

  std::optional<NetworkBytes> network() const;
  std::optional<CpuTimes> cpu() const;
  std::optional<double> uptime_ms() const;
  std::optional<Space> tmp() const;

  // The processes that can be seen, at most `count_max` of them; empty: none can.
  std::vector<std::uint32_t> pids(std::size_t count_max) const;
  bool exists(std::uint32_t pid) const;
  ProcessLimits limits(std::uint32_t pid) const;
  std::optional<std::uint64_t> descriptors(std::uint32_t pid) const;
  std::optional<std::uint64_t> threads(std::uint32_t pid) const;
  // Asks at most `processes_max` processes.
  std::string runtime(std::size_t processes_max) const;

 private:
  std::string path(std::uint32_t pid, std::string_view name) const;
  std::string text(std::string_view name, std::size_t bytes_max) const;

  Places places_;
};

}  // namespace metrics
