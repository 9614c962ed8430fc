// The host's own settings, one row each. docs/settings.md and configs/datadog.full.yaml are made from this
// table and from those of the plugins.
#include <array>

#include "config/settings.hpp"

namespace agent {
namespace {

constexpr sls_str s(std::string_view text) { return {text.data(), text.size()}; }

struct Names {
  std::string_view key, yaml, env, type;
};

struct Bounds {
  std::string_view fallback, minimum, maximum;
};

constexpr sls_option row(Names names, Bounds bounds, std::string_view about, std::uint32_t flags = 0) {
  return {sizeof(sls_option), flags,         s(names.key),       s(names.yaml),
          s(names.env),       s(names.type), s(bounds.fallback), s(bounds.minimum),
          s(bounds.maximum),  s(about)};
}

constexpr std::array kRows = {
    row({"api_key", "api_key", "DD_API_KEY", "string"}, {},
        "The Datadog API key. Without one the agent runs, answers its routes and sends nothing.", SLS_OPTION_SECRET),
    row({"app_key", "app_key", "DD_APP_KEY|DD_APPLICATION_KEY", "string"}, {},
        "The Datadog application key, for plugins whose intake asks for one.", SLS_OPTION_SECRET),
    row({"site", "site", "DD_SITE", "string"}, {"datadoghq.com"},
        "The Datadog site: the last part of every intake's host name."),
    row({"env", "env", "DD_ENV", "string_or_int"}, {}, "The env tag of everything that is sent."),
    row({"service", "service", "DD_SERVICE", "string_or_int"}, {},
        "The service tag of everything that is sent; in lower case."),
    row({"version", "version", "DD_VERSION", "string_or_int"}, {},
        "The version tag of everything that is sent, as it is spelt here: 1.10 stays 1.10."),
    row({"tags", "tags", "DD_TAGS", "key_values"}, {}, "Further tags of everything that is sent, as key:value."),
    row({"extra_tags", "extra_tags", "DD_EXTRA_TAGS", "key_values"}, {},
        "Tags in addition to those of `tags`; the two lists are joined."),
    row({"log_level", "log_level", "DD_LOG_LEVEL", "string"}, {"info"},
        "What the agent says about itself: off, error, warn, info or debug."),
    row({"bind_host", "bind_host", "DD_BIND_HOST", "string"}, {"127.0.0.1"},
        "The address on which the agent's own routes listen."),
    row({"lifecycle_api_port", "lifecycle_api_port", "DD_LIFECYCLE_API_PORT", "uint"}, {"8124", "0", "65535"},
        "The port of the agent's own routes, which the tracing libraries call; 0 lets the kernel choose."),
    row({"serverless_flush_strategy", "serverless_flush_strategy", "DD_SERVERLESS_FLUSH_STRATEGY", "string"},
        {"default"}, "When data is sent: default, end, end,MS, periodically,MS or continuously,MS."),
    row({"flush_timeout", "flush_timeout", "DD_FLUSH_TIMEOUT", "duration_s"}, {"30", "0.001", "3600"},
        "The longest that one request to an intake may take, in seconds."),
    row({"compression_level", "compression_level", "DD_COMPRESSION_LEVEL", "int"}, {"1", "1", "22"},
        "The level of zstd and gzip (which stops at 9). Small sandboxes have a fraction of a core: level 1 "
        "takes less "
        "than half of the time of level 3, for bodies that are a little larger."),
    row({"proxy_https", "proxy.https", "DD_PROXY_HTTPS|HTTPS_PROXY", "string"}, {},
        "The proxy for HTTPS to Datadog, as http://host:port; a user and password in it are shown nowhere."),
    row({"proxy_no_proxy", "proxy.no_proxy", "DD_PROXY_NO_PROXY|NO_PROXY", "csv"}, {},
        "Hosts to which the proxy is not used."),
    row({"tls_cert_file", "tls_cert_file", "DD_TLS_CERT_FILE", "string"}, {},
        "A PEM file with further certificates of authorities to trust."),
    row({"skip_ssl_validation", "skip_ssl_validation", "DD_SKIP_SSL_VALIDATION", "bool"}, {"false"},
        "Sends to Datadog without verifying its certificates; for tests only."),
    row({"spool_bytes", "spool_bytes", "DD_SPOOL_BYTES", "uint"}, {"4194304", "0", "4194304"},
        "How much of what could not be sent before the sandbox's process ended is kept in a file for the next start in "
        "the same sandbox; 0 keeps nothing."),
    row({"spool_directory", "spool_directory", "DD_SPOOL_DIRECTORY", "string"}, {"/tmp"},
        "The folder of that file, serverless-agent.spool."),
    row({"plugins_directory", "plugins.directory", "DD_PLUGINS_DIRECTORY", "string"}, {},
        "Where the plugins are; by default `plugins` beside the agent's file, then "
        "/opt/serverless-agent/plugins."),
    row({"plugins_order", "plugins.order", "DD_PLUGINS_ORDER", "csv"}, {},
        "The ids of the plugins that come first, in this order; the others follow by id."),
    row({"plugins_disabled", "plugins.disabled", "DD_PLUGINS_DISABLED", "csv"}, {},
        "The ids of plugins that are not opened at all."),
};

}  // namespace

const OptionTable& host_table() {
  static const OptionTable table("host", kRows.data(), kRows.size());
  return table;
}

}  // namespace agent
