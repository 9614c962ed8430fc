#include "between/histograms.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "in/number.hpp"

namespace metrics {

namespace {

constexpr std::pair<std::string_view, FigureKind> kAggregates[] = {
    {"max", FigureKind::kMax},     {"min", FigureKind::kMin}, {"median", FigureKind::kMedian},
    {"avg", FigureKind::kAverage}, {"sum", FigureKind::kSum}, {"count", FigureKind::kSamples}};

void add(Histograms& to, Figure figure) {
  for (const Figure& known : to.figures)
    if (known.suffix == figure.suffix) return;
  to.figures.push_back(std::move(figure));
}

std::string quoted(std::string_view word) { return "'" + std::string(word.substr(0, 80)) + "'"; }

}  // namespace

Histograms read_histograms(const std::vector<std::string>& aggregates, const std::vector<std::string>& percentiles,
                           std::vector<std::string>& findings) {
  Histograms out;
  for (const std::string& word : aggregates) {
    const auto known = std::find_if(std::begin(kAggregates), std::end(kAggregates),
                                    [&word](const auto& each) { return each.first == word; });
    if (known != std::end(kAggregates)) {
      add(out, {known->second, 0, "." + word});
      continue;
    }
    findings.push_back("histogram_aggregates: found " + quoted(word)
                       + ", wanted max, min, median, avg, sum or count; it is left out");
  }
  for (const std::string& word : percentiles) {
    double share = 0;
    if (read_number(word, share) && share > 0 && share < 1) {
      const auto percent = static_cast<std::uint8_t>(std::clamp(std::floor(share * 100 + 1e-6), 1.0, 99.0));
      add(out, {FigureKind::kPercentile, percent, "." + std::to_string(percent) + "percentile"});
      continue;
    }
    findings.push_back("histogram_percentiles: found " + quoted(word)
                       + ", wanted a share between 0 and 1, as 0.95; it is left out");
  }
  return out;
}

}  // namespace metrics
