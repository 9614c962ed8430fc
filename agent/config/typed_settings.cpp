#include <algorithm>
#include <array>
#include <chrono>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "config/settings.hpp"
#include "config/shown.hpp"

namespace agent {
namespace {

constexpr std::string_view kSite = "datadoghq.com";
constexpr std::string_view kLogLevel = "info";
constexpr std::string_view kLoopback = "127.0.0.1";
constexpr std::string_view kInstalledPlugins = "/opt/serverless-agent/plugins";

bool is_site(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
           || c == ':' || c == '-';
  });
}

std::string site_of(const Resolved& host, Findings& findings) {
  const std::string_view site = trim(host.text("site"));
  if (site.empty()) return std::string(kSite);
  if (is_site(site)) return std::string(site);
  findings.add(Level::kError, cat(host.find("site")->origin.where, ": site is \"", shown_text(site),
                                  "\"; wanted a host name such as datadoghq.eu; ", kSite, " is used"));
  return std::string(kSite);
}

// A key goes into a header: what no header may hold would make every request invalid.
std::string key_of(const Resolved& host, std::string_view name, Findings& findings) {
  std::string key(trim(host.text(name)));
  std::erase(key, ' ');
  const bool sendable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (sendable) return key;
  findings.add(Level::kError, cat(host.find(name)->origin.where, ": ", name,
                                  " holds bytes that no key has (other than visible ASCII); it counts as not set"));
  return {};
}

std::string log_level_of(const Resolved& host, Findings& findings) {
  constexpr std::array<std::string_view, 8> kNames = {"off",     "critical", "error", "warn",
                                                      "warning", "info",     "debug", "trace"};
  std::string level = lower(trim(host.text("log_level")));
  if (std::find(kNames.begin(), kNames.end(), level) != kNames.end()) return level;
  findings.add(Level::kWarn, cat(host.find("log_level")->origin.where, ": log_level is \"", shown_text(level),
                                 "\"; wanted off, error, warn, info or debug; ", kLogLevel, " is used"));
  return std::string(kLogLevel);
}

// Whether it is an address of this machine is found out where it is bound.
std::string bind_host_of(const Resolved& host) {
  const std::string_view text = trim(host.text("bind_host"));
  return text.empty() || iequals(text, "localhost") ? std::string(kLoopback) : std::string(text);
}

std::vector<std::string> plugin_directories_of(const Resolved& host, std::string_view own_directory) {
  if (const std::string_view configured = trim(host.text("plugins_directory")); !configured.empty())
    return {std::string(configured)};
  return {cat(own_directory, "/plugins"), std::string(kInstalledPlugins)};
}

// `tags`, then those of `extra_tags` whose key is not among them. They stand on everything that is sent, so there is a
// limit to their number.
std::vector<std::pair<std::string, std::string>> tags_of(const Resolved& host, Findings& findings) {
  auto tags = host.pairs("tags");
  const std::size_t own = tags.size();
  for (auto& extra : host.pairs("extra_tags")) {
    const auto end = tags.begin() + static_cast<std::ptrdiff_t>(std::min(own, tags.size()));
    const bool known = std::any_of(tags.begin(), end, [&](const auto& tag) { return tag.first == extra.first; });
    if (!known) tags.push_back(std::move(extra));
  }
  if (tags.size() > limits::kUserTagsMax) {
    findings.add(Level::kWarn, cat("tags and extra_tags are ", tags.size(), "; at most ", limits::kUserTagsMax,
                                   " were wanted; the first ", limits::kUserTagsMax, " are used"));
    tags.resize(limits::kUserTagsMax);
  }
  return tags;
}

std::chrono::nanoseconds seconds_of(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace

Settings make_settings(const Resolved& host, const Sources&, std::string_view own_directory, Findings& findings) {
  Settings settings;
  settings.site = site_of(host, findings);
  settings.api_key = key_of(host, "api_key", findings);
  settings.app_key = key_of(host, "app_key", findings);
  settings.env = host.text("env");
  settings.service = lower(host.text("service"));
  settings.version = host.text("version");
  settings.tags = tags_of(host, findings);
  settings.log_level = log_level_of(host, findings);
  settings.bind_host = bind_host_of(host);
  settings.lifecycle_port = static_cast<std::uint16_t>(host.integer("lifecycle_api_port"));
  settings.flush_strategy = host.text("serverless_flush_strategy");
  settings.flush_timeout = seconds_of(host.number("flush_timeout"));
  settings.compression_level = static_cast<int>(host.integer("compression_level"));
  settings.proxy_https = trim(host.text("proxy_https"));
  settings.no_proxy = host.list("proxy_no_proxy");
  settings.tls_cert_file = trim(host.text("tls_cert_file"));
  settings.skip_ssl_validation = host.flag("skip_ssl_validation");
  settings.spool_bytes = static_cast<std::size_t>(host.integer("spool_bytes"));
  settings.spool_directory = trim(host.text("spool_directory"));
  settings.plugin_directories = plugin_directories_of(host, own_directory);
  settings.plugin_order = host.list("plugins_order");
  settings.plugins_disabled = host.list("plugins_disabled");
  return settings;
}

}  // namespace agent
