#include "between/enhanced_formulas.hpp"

#include <algorithm>
#include <cmath>

namespace metrics {

double estimated_cost(double billed_ms, double memory_mb, std::string_view architecture) {
  constexpr double kPerRequest = 0.0000002, kPerGbSecondX86 = 0.0000166667, kPerGbSecondArm = 0.0000133334;
  const bool x86 = architecture == "x86_64";
  if (!x86 && architecture != "arm64") return 0;
  const double gb_seconds = billed_ms / 1000 * (memory_mb / 1024);
  return std::floor((kPerRequest + gb_seconds * (x86 ? kPerGbSecondX86 : kPerGbSecondArm)) * 1e12 + 0.5) / 1e12;
}

// The kernel counts idle time in ticks, uptime in hundredths: a processor can seem to have idled longer than time went
// by. What is clamped, and what is not, is as the metrics' other producers do it, so that figures compare.
std::optional<Utilisation> utilisation(const CpuTimes& from, const CpuTimes& to, double from_ms, double to_ms) {
  const double gone = to_ms - from_ms;
  const std::size_t known = std::min(from.cores_idle_ms.size(), to.cores_idle_ms.size());
  if (!(gone > 0) || known == 0) return std::nullopt;
  double least_idle = 0, most_idle = 0;
  for (std::size_t i = 0; i < known; ++i) {
    const double idle = std::max(0.0, to.cores_idle_ms[i] - from.cores_idle_ms[i]);
    least_idle = i == 0 ? idle : std::min(least_idle, idle);
    most_idle = std::max(most_idle, idle);
  }
  Utilisation out;
  out.cores = static_cast<double>(to.cores_idle_ms.size());
  const double share = std::max(0.0, (gone * out.cores - (to.idle_ms - from.idle_ms)) / (gone * out.cores));
  out.total_percent = share * 100;
  out.total_cores = share * out.cores;
  out.busiest_percent = std::max(0.0, (gone - least_idle) / gone * 100);
  out.idlest_percent = std::max(0.0, (gone - most_idle) / gone * 100);
  return out;
}

}  // namespace metrics
