// The options of the metrics plugin: one table.
//
// Read once, in the constructor; what cannot be used is a sentence for the operator and the default of that option.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sls/options.hpp"

namespace metrics {

struct Options {
  std::uint32_t port;
  std::string bind_host;
  std::uint32_t receive_buffer_bytes;
  std::uint32_t packet_bytes_max;
  std::string intake_url;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::port>(
            "dogstatsd_port", {.fallback = "8125",
                               .minimum = "0",
                               .maximum = "65535",
                               .yaml = "dogstatsd_port",
                               .env = "DD_DOGSTATSD_PORT",
                               .about = "UDP port on which DogStatsD packets are taken; 0 switches the socket off."}),
        sls::row<&Options::bind_host>("bind_host", {.fallback = "127.0.0.1",
                                                    .yaml = "bind_host",
                                                    .env = "DD_BIND_HOST",
                                                    .about = "Address on which the receivers listen."}),
        sls::row<&Options::receive_buffer_bytes>(
            "dogstatsd_so_rcvbuf", {.fallback = "0",
                                    .yaml = "dogstatsd_so_rcvbuf",
                                    .env = "DD_DOGSTATSD_SO_RCVBUF",
                                    .about = "Bytes of the socket's receive buffer; 0 leaves the system's."}),
        sls::row<&Options::packet_bytes_max>("dogstatsd_buffer_size",
                                             {.fallback = "8192",
                                              .minimum = "1",
                                              .maximum = "65535",
                                              .yaml = "dogstatsd_buffer_size",
                                              .env = "DD_DOGSTATSD_BUFFER_SIZE",
                                              .about = "Bytes of a packet that are read; the rest is cut off."}),
        sls::row<&Options::intake_url>("dd_url", {.fallback = "https://api.{site}",
                                                  .yaml = "dd_url|url",
                                                  .env = "DD_DD_URL|DD_URL",
                                                  .about = "Where metrics are shipped to; {site} is the site."}));
  }
};

// "https://host:port" without a path; a slash at the end is taken off. False: unusable.
bool usable_url(std::string& url);
// "udp://127.0.0.1:8125"; an IPv6 address gets its brackets.
std::string socket_address(const Options& options);

}  // namespace metrics
