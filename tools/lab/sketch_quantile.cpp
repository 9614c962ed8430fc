#include "lab/sketch_quantile.hpp"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

// The values of a key lie around its bound: half a bin below and above.
double middle_of(std::int32_t key) {
  if (key < 0) return -middle_of(-key);
  return key == 0 ? 0 : std::pow(1.015625, key - 1338);
}

}  // namespace

double quantile(const SketchPoint& sketch, double q) {
  const double rank = std::nearbyint(q * static_cast<double>(sketch.count - 1));
  double below = 0;
  for (std::size_t i = 0; i < sketch.keys.size(); ++i) {
    below += sketch.counts[i];
    if (below > rank) return std::clamp(middle_of(sketch.keys[i]), sketch.min, sketch.max);
  }
  return sketch.max;
}

}  // namespace lab
