// What a histogram or timing becomes: which figures of it leave as series of their own, made of its settings once.
//
// Settings in, a list of figures out; a word that is none costs itself and a sentence. It refuses to compute: the value
// of a figure is in out/figures. Called by plugin.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

enum class FigureKind : std::uint8_t {
  kCount,
  kGauge,
  kMembers,
  kMax,
  kMin,
  kAverage,
  kSum,
  kSamples,
  kMedian,
  kPercentile
};

struct Figure {
  FigureKind kind;
  std::uint8_t percent = 0;
  std::string suffix;  // behind the metric's name

  bool is_count() const { return kind == FigureKind::kCount || kind == FigureKind::kSamples; }
};

struct Histograms {
  std::vector<Figure> figures;
};

// `aggregates`: max, min, median, avg, sum, count; `percentiles`: shares between 0 and 1.
Histograms read_histograms(const std::vector<std::string>& aggregates, const std::vector<std::string>& percentiles,
                           std::vector<std::string>& findings);

}  // namespace metrics
