#include "out/intake.hpp"

#include <string_view>

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

}  // namespace metrics
