// The options of the traces plugin: one table.
//
// Read once, in the constructor; what cannot be used is a sentence for the operator and the default of that option. The
// two switches are the host's business: where the plugin is off, nothing of it runs.
#pragma once

#include <cstdint>
#include <string>

#include "sls/options.hpp"

namespace traces {

struct Options {
  bool apm_enabled, trace_enabled;
  std::uint32_t port;
  std::string bind_host;
  std::string intake_url;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::apm_enabled>("enabled", {.fallback = "true",
                                                    .yaml = "apm_config.enabled",
                                                    .env = "DD_APM_ENABLED",
                                                    .about = "Whether traces are taken.",
                                                    .flags = SLS_OPTION_ENABLES}),
        sls::row<&Options::trace_enabled>("trace_enabled", {.fallback = "true",
                                                            .env = "DD_TRACE_ENABLED",
                                                            .about = "The tracers' own switch, honoured here as well.",
                                                            .flags = SLS_OPTION_ENABLES}),
        sls::row<&Options::port>("receiver_port",
                                 {.fallback = "8126",
                                  .minimum = "0",
                                  .maximum = "65535",
                                  .yaml = "apm_config.receiver_port",
                                  .env = "DD_APM_RECEIVER_PORT",
                                  .about = "TCP port on which tracers are answered; 0 switches the receiver off."}),
        sls::row<&Options::bind_host>("bind_host", {.fallback = "127.0.0.1",
                                                    .yaml = "bind_host",
                                                    .env = "DD_BIND_HOST",
                                                    .about = "Address on which the receivers listen."}),
        sls::row<&Options::intake_url>("apm_dd_url", {.fallback = "https://trace.agent.{site}",
                                                      .yaml = "apm_config.apm_dd_url",
                                                      .env = "DD_APM_DD_URL",
                                                      .about = "Where traces are shipped to; {site} is the site."}));
  }
};

// "https://host:port" or with a path; slashes at the end are taken off. False: unusable.
bool usable_url(std::string& url);
// "127.0.0.1:8126"; an IPv6 address gets its brackets.
std::string receiver_address(const Options& options);

}  // namespace traces
