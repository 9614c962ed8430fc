// The options of the proxied products: where they go instead of the site's intakes.
//
// Names are the agent's. An address without a path gets the product's path; one with a path is the whole address, but
// that of telemetry, whose paths are the tracers'. Called by out/proxied.
#pragma once

#include <string>

#include "sls/options.hpp"

namespace traces {

struct ProxiedOptions {
  std::string profiles, debugger_logs, debugger, symbols, telemetry;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&ProxiedOptions::profiles>("profiling_dd_url",
                                            {.yaml = "apm_config.profiling_dd_url",
                                             .env = "DD_APM_PROFILING_DD_URL",
                                             .about = "Where profiles go instead of the site's intake."}),
        sls::row<&ProxiedOptions::debugger_logs>(
            "debugger_dd_url", {.yaml = "apm_config.debugger_dd_url",
                                .env = "DD_APM_DEBUGGER_DD_URL",
                                .about = "Where the debugger's dynamic logs go instead of the site's intake."}),
        sls::row<&ProxiedOptions::debugger>(
            "debugger_diagnostics_dd_url",
            {.yaml = "apm_config.debugger_diagnostics_dd_url",
             .env = "DD_APM_DEBUGGER_DIAGNOSTICS_DD_URL",
             .about = "Where the debugger's snapshots and diagnostics go instead of the site's intake."}),
        sls::row<&ProxiedOptions::symbols>("symdb_dd_url", {.yaml = "apm_config.symdb_dd_url",
                                                            .env = "DD_APM_SYMDB_DD_URL",
                                                            .about = "Where symbols go instead of the site's intake."}),
        sls::row<&ProxiedOptions::telemetry>(
            "telemetry_dd_url", {.yaml = "apm_config.telemetry.dd_url|apm_config.telemetry_dd_url",
                                 .env = "DD_APM_TELEMETRY_DD_URL",
                                 .about = "Where the tracers' own telemetry goes instead of the site's."}));
  }
};

}  // namespace traces
