// Which series a context becomes, and their values: one for counts, gauges and sets, several for histograms.
//
// Used by both forms of series; it writes nothing itself.
#pragma once

#include <span>

#include "between/histograms.hpp"
#include "wait.hpp"

namespace metrics {

// None for a distribution.
std::span<const Figure> figures_of(MetricType type, const Histograms& histograms);
double value_of(const Figure& figure, const Point& point);

}  // namespace metrics
