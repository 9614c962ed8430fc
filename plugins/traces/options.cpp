#include "options.hpp"

namespace traces {

std::string address_of(std::string_view host, std::uint32_t port) {
  const bool v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  std::string out(v6 ? "[" : "");
  out.append(host).append(v6 ? "]" : "");
  return out.append(":").append(std::to_string(port));
}

}  // namespace traces
