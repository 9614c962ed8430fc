#include "options.hpp"

namespace metrics {

std::string udp_address(const Options& options) {
  const bool v6 = options.bind_host.find(':') != std::string::npos && !options.bind_host.starts_with('[');
  return "udp://" + (v6 ? "[" + options.bind_host + "]" : options.bind_host) + ":" + std::to_string(options.port);
}

}  // namespace metrics
