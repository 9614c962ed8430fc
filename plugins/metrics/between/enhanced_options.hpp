// The options of the enhanced Lambda metrics: a part of the plugin's table.
#pragma once

#include "sls/options.hpp"

namespace metrics {

struct EnhancedOptions {
  bool enabled;
  bool proc;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&EnhancedOptions::enabled>("enhanced_metrics",
                                            {.fallback = "true",
                                             .yaml = "enhanced_metrics",
                                             .env = "DD_ENHANCED_METRICS",
                                             .about = "Whether aws.lambda.enhanced.* metrics are made."}),
        sls::row<&EnhancedOptions::proc>("lambda_proc_enhanced_metrics",
                                         {.fallback = "true",
                                          .yaml = "lambda_proc_enhanced_metrics",
                                          .env = "DD_LAMBDA_PROC_ENHANCED_METRICS",
                                          .about = "Whether those of them that are read from /proc and /tmp are made: "
                                                   "processor, network, space, descriptors, threads."}));
  }
};

}  // namespace metrics
