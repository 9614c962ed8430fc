// The products that tracers send through the agent: one row each, from which the plugin's interests, `/info` and the
// way upstream come.
//
// A row knows no bytes of its product: what comes in on `path` leaves to `upstream` as it is. Read by the door and by
// out/proxied. Who adds a product adds its row here; an exact path stands before the prefix that it falls under.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace traces {

struct ProxiedRoute {
  enum class Limit : std::uint8_t { kSmall, kEvp, kTraces };
  // Whose setting names another address.
  enum class Override : std::uint8_t {
    kNone,
    kTraces,
    kProfiles,
    kDebuggerLogs,
    kDebugger,
    kSymbols,
    kTelemetry,
    kCount
  };

  std::string_view path;      // served; "/*" at its end: everything below
  std::string_view context;   // named in the acknowledgement
  std::string_view upstream;  // empty: the request names a subdomain of the site
  std::string_view target;    // the path there; empty: what stands behind the prefix
  Limit limit = Limit::kSmall;
  Override override = Override::kNone;
  std::string_view evp_origin{};  // DD-EVP-ORIGIN
};

// Bodies; none may be larger than `max_payload_size`.
inline constexpr std::size_t kProxiedBytesMax = 2 << 20;
inline constexpr std::size_t kEvpBytesMax = 5 << 20;

inline constexpr std::string_view kProxiedMethods = "POST|PUT";
inline constexpr ProxiedRoute kProxiedRoutes[] = {
    {"/profiling/v1/input", "profiling", "https://intake.profile.{site}", "/api/v2/profile",
     ProxiedRoute::Limit::kTraces, ProxiedRoute::Override::kProfiles},
    {"/v0.1/pipeline_stats", "DSM", "https://trace.agent.{site}", "/api/v0.1/pipeline_stats",
     ProxiedRoute::Limit::kSmall, ProxiedRoute::Override::kTraces},
    {"/evp_proxy/v2/api/intake/llm-obs/v1/eval-metric", "llm_obs_eval_metric", "https://api.{site}",
     "/api/intake/llm-obs/v1/eval-metric", ProxiedRoute::Limit::kEvp},
    {"/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric", "llm_obs_eval_metric", "https://api.{site}",
     "/api/intake/llm-obs/v2/eval-metric", ProxiedRoute::Limit::kEvp},
    {"/evp_proxy/v2/api/v2/llmobs", "llm_obs_spans", "https://llmobs-intake.{site}", "/api/v2/llmobs",
     ProxiedRoute::Limit::kEvp},
    {"/evp_proxy/v1/*", "evp_proxy", "", "", ProxiedRoute::Limit::kEvp},
    {"/evp_proxy/v2/*", "evp_proxy", "", "", ProxiedRoute::Limit::kEvp},
    {"/evp_proxy/v3/*", "evp_proxy", "", "", ProxiedRoute::Limit::kEvp},
    {"/evp_proxy/v4/*", "evp_proxy", "", "", ProxiedRoute::Limit::kEvp},
    {"/debugger/v1/input", "debugger_logs", "https://http-intake.logs.{site}", "/api/v2/logs",
     ProxiedRoute::Limit::kSmall, ProxiedRoute::Override::kDebuggerLogs, "agent-debugger"},
    {"/debugger/v2/input", "debugger", "https://debugger-intake.{site}", "/api/v2/debugger",
     ProxiedRoute::Limit::kSmall, ProxiedRoute::Override::kDebugger, "agent-debugger"},
    {"/debugger/v1/diagnostics", "debugger", "https://debugger-intake.{site}", "/api/v2/debugger",
     ProxiedRoute::Limit::kSmall, ProxiedRoute::Override::kDebugger, "agent-debugger"},
    {"/symdb/v1/input", "symdb", "https://debugger-intake.{site}", "/api/v2/debugger", ProxiedRoute::Limit::kTraces,
     ProxiedRoute::Override::kSymbols, "agent-symdb"},
    {"/telemetry/proxy/*", "instrumentation", "https://instrumentation-telemetry-intake.{site}", "",
     ProxiedRoute::Limit::kSmall, ProxiedRoute::Override::kTelemetry},
    {"/openlineage/api/v1/lineage", "lineage", "https://data-obs-intake.{site}", "/api/v1/lineage"}};

// What the EVP proxy passes on, as `/info` says it. It passes on more; clients ask for these before they rely on them.
inline constexpr std::string_view kEvpHeaders[] = {"Content-Type",         "Accept-Encoding",     "Content-Encoding",
                                                   "User-Agent",           "DD-CI-PROVIDER-NAME", "DD-EVP-ORIGIN",
                                                   "DD-EVP-ORIGIN-VERSION"};

// As `/info` names it: "/evp_proxy/v2/*" is "/evp_proxy/v2/".
constexpr std::string_view listed_path(const ProxiedRoute& route) {
  return route.path.ends_with('*') ? route.path.substr(0, route.path.size() - 1) : route.path;
}

constexpr std::uint64_t body_bytes_max(const ProxiedRoute& route, std::uint64_t payload_bytes_max) {
  if (route.limit == ProxiedRoute::Limit::kTraces) return payload_bytes_max;
  const std::uint64_t own = route.limit == ProxiedRoute::Limit::kEvp ? kEvpBytesMax : kProxiedBytesMax;
  return own < payload_bytes_max ? own : payload_bytes_max;
}

}  // namespace traces
