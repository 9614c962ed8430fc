#include "net/http_client.hpp"

#include <charconv>

#include "base/text.hpp"

namespace agent {
namespace {

Error unusable(std::string_view why) { return {ErrorCode::kInvalid, cat("not a usable URL: ", why)}; }

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  for (const char c : host)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || c == '\\')
      return false;
  return true;
}

// "host", "host:port", "[::1]:port" after the user part was taken off.
Status parse_authority(std::string_view text, Url& url) {
  std::string_view port;
  bool has_port = false;
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return unusable("the bracket of the IPv6 address is not closed");
    url.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    has_port = !port.empty();
    if (has_port && port.front() != ':') return unusable("wanted \":PORT\" after the IPv6 address");
    if (has_port) port.remove_prefix(1);
  } else {
    const auto colon = text.find(':');
    has_port = colon != std::string_view::npos;
    url.host = text.substr(0, colon);
    if (has_port) port = text.substr(colon + 1);
  }
  if (!is_host(url.host)) return unusable("it has no host name, or one with forbidden characters");
  url.port = url.tls ? 443 : 80;
  if (!has_port || port.empty()) return {};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (error != std::errc() || end != port.data() + port.size() || url.port == 0)
    return unusable("the port is no number from 1 to 65535");
  return {};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  Url url;
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return unusable("wanted http:// or https:// in front");
  const std::string_view scheme = text.substr(0, scheme_end);
  url.tls = iequals(scheme, "https");
  if (!url.tls && !iequals(scheme, "http")) return unusable("wanted http:// or https:// in front");
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto path = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, path);
  if (path != std::string_view::npos)
    url.path = rest[path] == '/' ? std::string(rest.substr(path)) : cat("/", rest.substr(path));
  for (const char c : url.path)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return unusable("the path has blanks or control characters");
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.user_info = percent_decoded(authority.substr(0, at));
    authority = authority.substr(at + 1);
  }
  if (const Status fine = parse_authority(authority, url); !fine) return fine.error();
  return url;
}

std::string Url::origin() const {
  const bool v6 = host.find(':') != std::string::npos;
  return cat(tls ? "https://" : "http://", v6 ? "[" : "", host, v6 ? "]" : "", ":", port);
}

std::string Url::host_header() const {
  const bool v6 = host.find(':') != std::string::npos;
  const std::string name = cat(v6 ? "[" : "", host, v6 ? "]" : "");
  return port == (tls ? 443 : 80) ? name : cat(name, ":", port);
}

}  // namespace agent
