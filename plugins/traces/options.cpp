#include "options.hpp"

namespace traces {

bool usable_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  const std::string_view text = url;
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return false;
  const std::string_view rest = text.substr(tls ? 8 : 7);
  return !rest.empty() && rest[0] != '/' && rest.find_first_of(" \t\r\n?#@") == rest.npos;
}

std::string receiver_address(const Options& options) {
  const bool v6 = options.bind_host.find(':') != std::string::npos && !options.bind_host.starts_with('[');
  return (v6 ? "[" + options.bind_host + "]" : options.bind_host) + ":" + std::to_string(options.port);
}

}  // namespace traces
