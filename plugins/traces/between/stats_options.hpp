// The options of statistics: one table. Called by trade_settings and by the door.
#pragma once

#include "sls/options.hpp"

namespace traces {

struct StatisticsOptions {
  bool computes;

  static constexpr auto rows() {
    return sls::rows(sls::row<&StatisticsOptions::computes>(
        "compute_stats", {.fallback = "false",
                          .yaml = "lambda_extension_compute_stats",
                          .env = "DD_LAMBDA_EXTENSION_COMPUTE_STATS",
                          .about = "Whether statistics of spans are computed here instead of by the backend; traces "
                                   "that their priority says to drop are then not shipped."}));
  }
};

}  // namespace traces
