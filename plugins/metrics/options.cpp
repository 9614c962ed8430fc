#include "options.hpp"

namespace metrics {

bool usable_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  const std::string_view text = url;
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return false;
  const std::string_view host = text.substr(tls ? 8 : 7);
  constexpr std::string_view kHostBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-[]{}";
  return !host.empty() && host.find_first_not_of(kHostBytes) == host.npos;
}

std::string socket_address(const Options& options) {
  const bool v6 = options.bind_host.find(':') != std::string::npos && !options.bind_host.starts_with('[');
  return "udp://" + (v6 ? "[" + options.bind_host + "]" : options.bind_host) + ":" + std::to_string(options.port);
}

}  // namespace metrics
