#include "forward/intake.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace agent {
namespace {

constexpr std::string_view kSite = "{site}";

bool ends_with_domain(std::string_view host, std::string_view domain) {
  if (domain.empty() || host.size() < domain.size()) return false;
  if (!iequals(host.substr(host.size() - domain.size()), domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

// "name:8080" -> "name"; `port` is 0 where there is none. An IPv6 address has more than one colon and keeps them.
std::string_view split_port(std::string_view text, std::uint16_t& port) {
  port = 0;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) return text;
  const std::string_view digits = text.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return text.substr(0, colon);
}

bool is_under(const Url& url, std::string_view site) {
  std::uint16_t port = 0;
  const std::string_view domain = split_port(site, port);
  return ends_with_domain(url.host, domain) && (port == 0 || port == url.port);
}

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

bool is_token(char c) {
  return is_visible(c) && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

}  // namespace

Result<Address> resolve_address(std::string_view text, std::string_view site) {
  std::string whole(trim(text));
  bool has_site = false;
  for (std::size_t at = whole.find(kSite); at != std::string::npos; at = whole.find(kSite, at + site.size())) {
    whole.replace(at, kSite.size(), site);
    has_site = true;
  }
  Result<Url> url = Url::parse(whole);
  if (!url) return url.error();
  Address address;
  address.key_allowed = !has_site || is_under(*url, site);
  address.url = *std::move(url);
  return address;
}

std::string request_target(std::string_view base, std::string_view path) {
  const std::size_t question = base.find('?');
  std::string_view folder = base.substr(0, question);
  const std::string_view query = question == std::string_view::npos ? std::string_view() : base.substr(question);
  if (!path.empty())
    while (!folder.empty() && folder.back() == '/') folder.remove_suffix(1);
  std::string target(folder);
  if (!path.empty() && path.front() != '/' && path.front() != '?') target += '/';
  target += path;
  if (target.empty() || target.front() != '/') target.insert(target.begin(), '/');
  if (!query.empty()) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += query.substr(1);
  }
  return std::all_of(target.begin(), target.end(), is_visible) ? target : std::string();
}

bool bypasses_proxy(const Url& url, std::span<const std::string> no_proxy) {
  for (const std::string& text : no_proxy) {
    std::uint16_t port = 0;
    std::string_view entry = split_port(trim(text), port);
    if (entry == "*") return true;
    if (!entry.empty() && entry.front() == '.') entry.remove_prefix(1);
    if (ends_with_domain(url.host, entry) && (port == 0 || port == url.port)) return true;
  }
  return false;
}

Result<Url> parse_proxy(std::string_view text) {
  text = trim(text);
  if (text.find("://") != std::string_view::npos) return Url::parse(text);
  return Url::parse(cat("http://", text));
}

bool is_header_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) || c == ' ' || c == '\t'; });
}

bool is_own_header(std::string_view name, std::string_view value, bool with_key) {
  static constexpr std::string_view kHosts[] = {
      "host",    "content-length", "transfer-encoding",   "connection",      "keep-alive", "te", "trailer",
      "upgrade", "expect",         "proxy-authorization", "proxy-connection"};
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token)) return false;
  if (std::any_of(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; })) return false;
  for (const std::string_view host : kHosts)
    if (iequals(name, host)) return false;
  return !(with_key && (iequals(name, "dd-api-key") || iequals(name, "dd-application-key")));
}

}  // namespace agent
