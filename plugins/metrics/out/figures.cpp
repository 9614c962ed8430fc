#include "out/figures.hpp"

#include <algorithm>

namespace metrics {

namespace {

// The rank is that of the agent's histograms; the value at it is the sketch's.
double at_percent(const sls::Sketch& sketch, std::int64_t percent) {
  if (sketch.count() < 2) return sketch.max();
  const std::int64_t rank = std::max<std::int64_t>((percent * sketch.count() - 1) / 100, 0);
  return sketch.quantile(static_cast<double>(rank) / static_cast<double>(sketch.count() - 1));
}

}  // namespace

std::span<const Figure> figures_of(MetricType type, const Histograms& histograms) {
  static const Figure kSingle[] = {
      {FigureKind::kCount, 0, {}}, {FigureKind::kGauge, 0, {}}, {FigureKind::kMembers, 0, {}}};
  switch (type) {
    case MetricType::kCount: return {kSingle, 1};
    case MetricType::kGauge: return {kSingle + 1, 1};
    case MetricType::kSet: return {kSingle + 2, 1};
    case MetricType::kHistogram:
    case MetricType::kTiming: return histograms.figures;
    case MetricType::kDistribution: break;
  }
  return {};
}

double value_of(const Figure& figure, const Point& point) {
  switch (figure.kind) {
    case FigureKind::kCount:
    case FigureKind::kGauge: return point.value;
    case FigureKind::kMembers: return static_cast<double>(point.members->size());
    case FigureKind::kMax: return point.sketch->max();
    case FigureKind::kMin: return point.sketch->min();
    case FigureKind::kAverage: return point.sketch->average();
    case FigureKind::kSum: return point.sketch->sum();
    case FigureKind::kSamples: return static_cast<double>(point.sketch->count());
    case FigureKind::kMedian: return at_percent(*point.sketch, 50);
    case FigureKind::kPercentile: return at_percent(*point.sketch, figure.percent);
  }
  return 0;
}

}  // namespace metrics
