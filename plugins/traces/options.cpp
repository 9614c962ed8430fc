#include "options.hpp"

namespace traces {

std::string receiver_address(const Options& options) {
  const bool v6 = options.bind_host.find(':') != std::string::npos && !options.bind_host.starts_with('[');
  return (v6 ? "[" + options.bind_host + "]" : options.bind_host) + ":" + std::to_string(options.port);
}

}  // namespace traces
