// The arithmetic of the enhanced metrics: what an invocation is estimated to cost, how busy the processors were.
//
// Functions of their arguments. Called by between/enhanced.
#pragma once

#include <optional>
#include <string_view>

#include "in/proc.hpp"

namespace metrics {

// In US dollars, rounded to 12 decimals, by the public price of a request and of a GB-second; 0: no such architecture.
double estimated_cost(double billed_ms, double memory_mb, std::string_view architecture);

struct Utilisation {
  double total_percent = 0, total_cores = 0, cores = 0, busiest_percent = 0, idlest_percent = 0;
};
// Between two readings; nothing when no time has gone by.
std::optional<Utilisation> utilisation(const CpuTimes& from, const CpuTimes& to, double from_ms, double to_ms);

}  // namespace metrics
