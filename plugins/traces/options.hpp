// The options of the traces plugin: one table.
//
// Read once, in the constructor; what cannot be used is a sentence for the operator and the default of that option. The
// two switches are the host's business: where the plugin is off, nothing of it runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sls/options.hpp"

namespace traces {

struct Options {
  bool apm_enabled, trace_enabled;
  std::uint32_t port, lifecycle_port, statsd_port;
  std::string socket;  // a path; empty: none
  std::string bind_host;
  std::uint64_t payload_bytes_max;
  std::string intake_url;
  sls::Json additional_endpoints;
  std::int32_t compression_level;  // 0: the host's

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
        sls::row<&Options::socket>("receiver_socket",
                                   {.yaml = "apm_config.receiver_socket",
                                    .env = "DD_APM_RECEIVER_SOCKET",
                                    .about = "Path of a unix socket on which tracers are answered as well."}),
        sls::row<&Options::bind_host>("bind_host", {.fallback = "127.0.0.1",
                                                    .yaml = "bind_host",
                                                    .env = "DD_BIND_HOST",
                                                    .about = "Address on which the receivers listen."}),
        sls::row<&Options::lifecycle_port>("lifecycle_api_port",
                                           {.fallback = "8124",
                                            .minimum = "0",
                                            .maximum = "65535",
                                            .yaml = "lifecycle_api_port",
                                            .env = "DD_LIFECYCLE_API_PORT",
                                            .about = "The port of the agent's own routes, which the tracing libraries "
                                                     "call; 0 lets the kernel choose."}),
        sls::row<&Options::statsd_port>(
            "dogstatsd_port", {.fallback = "8125",
                               .minimum = "0",
                               .maximum = "65535",
                               .yaml = "dogstatsd_port",
                               .env = "DD_DOGSTATSD_PORT",
                               .about = "UDP port of DogStatsD: the metrics plugin listens there, tracers are told it; "
                                        "0: none."}),
        sls::row<&Options::payload_bytes_max>("max_payload_size",
                                              {.fallback = "26214400",
                                               .minimum = "1",
                                               .maximum = "26214400",
                                               .yaml = "apm_config.max_payload_size",
                                               .env = "DD_APM_MAX_PAYLOAD_SIZE",
                                               .about = "Bytes of a request's body; a larger one is answered 413."}),
        sls::row<&Options::additional_endpoints>(
            "additional_endpoints", {.yaml = "apm_config.additional_endpoints",
                                     .env = "DD_APM_ADDITIONAL_ENDPOINTS",
                                     .about = "Intakes that get a copy: {\"https://HOST\": [\"API KEY\", ...], ...}.",
                                     .type = "map",
                                     .flags = SLS_OPTION_SECRET}),
        sls::row<&Options::compression_level>("compression_level", {.fallback = "0",
                                                                    .minimum = "0",
                                                                    .maximum = "22",
                                                                    .yaml = "apm_config.compression_level",
                                                                    .env = "DD_APM_CONFIG_COMPRESSION_LEVEL",
                                                                    .about = "Of zstd; 0: the agent's."}),
        sls::row<&Options::intake_url>("apm_dd_url", {.fallback = "https://trace.agent.{site}",
                                                      .yaml = "apm_config.apm_dd_url",
                                                      .env = "DD_APM_DD_URL",
                                                      .about = "Where traces are shipped to; {site} is the site."}));
  }
};

// "127.0.0.1:8126"; an IPv6 address gets its brackets.
std::string address_of(std::string_view host, std::uint32_t port);

}  // namespace traces
