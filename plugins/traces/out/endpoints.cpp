#include "out/endpoints.hpp"

#include <string_view>

namespace traces {

bool usable_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  const std::string_view text = url;
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return false;
  const std::string_view rest = text.substr(tls ? 8 : 7);
  return !rest.empty() && rest[0] != '/' && rest.find_first_of(" \t\r\n?#@") == rest.npos;
}

}  // namespace traces
