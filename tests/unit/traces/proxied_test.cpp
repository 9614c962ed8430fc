#include "in/proxied_routes.hpp"

#include "driven.hpp"
#include "out/proxied.hpp"
#include "routes.hpp"

namespace {

using driven::HandedOut;
using driven::Plugin;
using sls::testing::find;
using sls::testing::Strings;

struct Product {
  std::string_view path, context, url, target;
  std::uint64_t body_bytes_max;
  std::string_view evp_origin;
};
constexpr std::uint64_t kMiB = 1 << 20;
constexpr Product kProducts[] = {
    {"/profiling/v1/input", "profiling", "https://intake.profile.{site}", "/api/v2/profile", 25 * kMiB, ""},
    {"/v0.1/pipeline_stats", "DSM", "https://trace.agent.{site}", "/api/v0.1/pipeline_stats", 2 * kMiB, ""},
    {"/evp_proxy/v2/api/intake/llm-obs/v1/eval-metric", "llm_obs_eval_metric", "https://api.{site}",
     "/api/intake/llm-obs/v1/eval-metric", 5 * kMiB, ""},
    {"/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric", "llm_obs_eval_metric", "https://api.{site}",
     "/api/intake/llm-obs/v2/eval-metric", 5 * kMiB, ""},
    {"/evp_proxy/v2/api/v2/llmobs", "llm_obs_spans", "https://llmobs-intake.{site}", "/api/v2/llmobs", 5 * kMiB, ""},
    {"/evp_proxy/v1/api/v2/x", "evp_proxy", "https://event-platform.{site}", "/api/v2/x", 5 * kMiB, ""},
    {"/evp_proxy/v2/api/v2/x", "evp_proxy", "https://event-platform.{site}", "/api/v2/x", 5 * kMiB, ""},
    {"/evp_proxy/v3/api/v2/x", "evp_proxy", "https://event-platform.{site}", "/api/v2/x", 5 * kMiB, ""},
    {"/evp_proxy/v4/api/v2/llmobs", "evp_proxy", "https://event-platform.{site}", "/api/v2/llmobs", 5 * kMiB, ""},
    {"/debugger/v1/input", "debugger_logs", "https://http-intake.logs.{site}", "/api/v2/logs", 2 * kMiB,
     "agent-debugger"},
    {"/debugger/v2/input", "debugger", "https://debugger-intake.{site}", "/api/v2/debugger", 2 * kMiB,
     "agent-debugger"},
    {"/debugger/v1/diagnostics", "debugger", "https://debugger-intake.{site}", "/api/v2/debugger", 2 * kMiB,
     "agent-debugger"},
    {"/symdb/v1/input", "symdb", "https://debugger-intake.{site}", "/api/v2/debugger", 25 * kMiB, "agent-symdb"},
    {"/telemetry/proxy/api/v2/apmtelemetry", "instrumentation", "https://instrumentation-telemetry-intake.{site}",
     "/api/v2/apmtelemetry", 2 * kMiB, ""},
    {"/openlineage/api/v1/lineage", "lineage", "https://data-obs-intake.{site}", "/api/v1/lineage", 2 * kMiB, ""}};

const Strings kEvp = {{"X-Datadog-EVP-Subdomain", "event-platform"}};

TEST(Proxied, AcknowledgesEachProductAndHandsItOutAsItCame) {
  static_assert(std::size(kProducts) == std::size(traces::kProxiedRoutes));
  for (const Product& each : kProducts) {
    Plugin plugin;
    Strings headers = kEvp;
    headers.insert(headers.end(), {{"Content-Type", "x/y"}, {"Content-Encoding", "gzip"}});
    const auto answer = plugin.request("POST", std::string(each.path) + "?a=1&b=2", "bytes", headers);
    EXPECT_EQ(answer.status, 200u) << each.path;
    EXPECT_EQ(answer.body, "Acknowledged request for " + std::string(each.context));
    const auto payloads = plugin.flush();
    ASSERT_EQ(payloads.size(), 1u) << each.path;
    const HandedOut& out = payloads[0];
    EXPECT_EQ(out.url, each.url) << each.path;
    EXPECT_EQ(out.path, std::string(each.target) + "?a=1&b=2");
    EXPECT_EQ(out.method, "POST");
    EXPECT_EQ(out.body, "bytes");
    EXPECT_EQ(out.content_type, "x/y");
    EXPECT_EQ(find(out.headers, "Content-Encoding"), "gzip");
    EXPECT_EQ(find(out.headers, "X-Datadog-Additional-Tags"), "_dd.origin:lambda,functionname:demo");
    EXPECT_EQ(find(out.headers, "DD-EVP-ORIGIN"), each.evp_origin) << each.path;
    EXPECT_EQ(out.compress, sls::Compress::none);
    EXPECT_EQ(out.auth, sls::Auth::api_key);
    EXPECT_EQ(out.parts.size(), 1u);
    EXPECT_EQ(out.items, 1u);
    EXPECT_TRUE(plugin.ledger().balances());
    EXPECT_TRUE(plugin.faults().empty());
  }
}

TEST(Proxied, PassesOnTheHeadersThatItNames) {
  Plugin plugin;
  sls::testing::Strings headers = {{"X-Datadog-EVP-Subdomain", "some-intake"}};
  for (const std::string_view name : traces::kEvpHeaders) headers.emplace_back(name, "of " + std::string(name));
  EXPECT_EQ(plugin.request("POST", "/evp_proxy/v4/api/v2/x", "{}", headers).status, 200u);
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  for (const std::string_view name : traces::kEvpHeaders) {
    const std::string value = "of " + std::string(name);
    const bool as_type = name == "Content-Type" && payloads[0].content_type == value;
    EXPECT_TRUE(as_type || sls::testing::find(payloads[0].headers, name) == value) << name;
  }
}

TEST(Proxied, AsksForTheLimitOfEachProductAndListsIt) {
  Plugin plugin;
  const std::string document = plugin.request("GET", "/info").body;
  for (std::size_t i = 0; i < std::size(kProducts); ++i) {
    const traces::ProxiedRoute& row = traces::kProxiedRoutes[i];
    EXPECT_TRUE(kProducts[i].path.starts_with(listed_path(row))) << row.path;
    EXPECT_NE(document.find("\"" + std::string(listed_path(row)) + "\""), std::string::npos) << row.path;
    std::size_t asked = 0;
    for (const auto& route : plugin.routes()) {
      if (route.path != row.path) continue;
      ++asked;
      EXPECT_EQ(route.body_bytes_max, kProducts[i].body_bytes_max) << row.path;
      EXPECT_EQ(route.method, "POST|PUT");
    }
    EXPECT_EQ(asked, 1u) << row.path;
  }
  Plugin small({.options = {{"max_payload_size", "1000"}}});
  for (const auto& route : small.routes()) {
    if (route.path == traces::kContextPath) continue;
    EXPECT_EQ(route.body_bytes_max, 1000u) << route.path;
  }
}

TEST(Proxied, KeepsHeadersButThoseOfTheConnectionAndTheKeys) {
  Plugin plugin;
  plugin.request("PUT", "/profiling/v1/input", "x",
                 {{"Host", "127.0.0.1:8126"},
                  {"content-length", "1"},
                  {"Connection", "close, X-Mine"},
                  {"X-Mine", "1"},
                  {"Keep-Alive", "1"},
                  {"TE", "trailers"},
                  {"Trailer", "x"},
                  {"Transfer-Encoding", "chunked"},
                  {"Upgrade", "h2c"},
                  {"Expect", "100-continue"},
                  {"Proxy-Authorization", "x"},
                  {"Proxy-Authenticate", "x"},
                  {"Proxy-Connection", "x"},
                  {"dd-api-key", "theirs"},
                  {"DD-APPLICATION-KEY", "theirs"},
                  {"x-datadog-additional-tags", "theirs"},
                  {"Dd-Evp-Origin", "profiler"},
                  {"Cookie", "a"},
                  {"X-Empty", ""},
                  {"X-Twice", "1"},
                  {"X-Twice", "2"}});
  const HandedOut out = plugin.flush().at(0);
  const Strings wanted = {{"Dd-Evp-Origin", "profiler"},
                          {"Cookie", "a"},
                          {"X-Empty", ""},
                          {"X-Twice", "1"},
                          {"X-Twice", "2"},
                          {"X-Datadog-Additional-Tags", "_dd.origin:lambda,functionname:demo"}};
  EXPECT_EQ(out.headers, wanted);
  EXPECT_EQ(out.method, "PUT");
  EXPECT_EQ(out.content_type, "");
}

TEST(Proxied, LeavesTheOriginThatAClientNames) {
  Plugin plugin;
  plugin.request("POST", "/debugger/v1/input", "x", {{"dd-evp-origin", "mine"}});
  const HandedOut out = plugin.flush().at(0);
  EXPECT_EQ(find(out.headers, "dd-evp-origin"), "mine");
  EXPECT_EQ(find(out.headers, "DD-EVP-ORIGIN"), "");
}

TEST(Proxied, NamesTheFunctionAsItIsKnownWhenTheRequestLeaves) {
  Plugin plugin({.function_name = ""});
  plugin.request("POST", "/v0.1/pipeline_stats", "x");
  EXPECT_EQ(find(plugin.flush().at(0).headers, "X-Datadog-Additional-Tags"), "_dd.origin:lambda");
  plugin.request("POST", "/v0.1/pipeline_stats", "x");
  plugin.learn([](auto& setup) { setup.function_name = "late"; });
  EXPECT_EQ(find(plugin.flush().at(0).headers, "X-Datadog-Additional-Tags"), "_dd.origin:lambda,functionname:late");
}

TEST(Proxied, RefusesAnEvpRequestWhoseTargetIsNotClear) {
  struct Case {
    std::string_view subdomain, target, words;
  };
  const Case cases[] = {{"", "/evp_proxy/v4/api", "X-Datadog-EVP-Subdomain: "},
                        {"a/b", "/evp_proxy/v4/api", "X-Datadog-EVP-Subdomain: "},
                        {"evil.com#", "/evp_proxy/v1/api", "X-Datadog-EVP-Subdomain: "},
                        {"a@b", "/evp_proxy/v1/api", "X-Datadog-EVP-Subdomain: "},
                        {"{site}", "/evp_proxy/v1/api", "X-Datadog-EVP-Subdomain: "},
                        {".a", "/evp_proxy/v3/api", "X-Datadog-EVP-Subdomain: "},
                        {"a.", "/evp_proxy/v3/api", "X-Datadog-EVP-Subdomain: "},
                        {"a..b", "/evp_proxy/v3/api", "X-Datadog-EVP-Subdomain: "},
                        {"a", "/evp_proxy/v2/../api", "the path "},
                        {"a", "/evp_proxy/v2/%2e", "the path "},
                        {"a", "/evp_proxy/v2/api?x=<", "the query "}};
  Plugin plugin;
  for (const Case& each : cases) {
    const auto answer =
        plugin.request("POST", each.target, "x", {{"X-Datadog-EVP-Subdomain", std::string(each.subdomain)}});
    EXPECT_EQ(answer.status, 502u) << each.subdomain << " " << each.target;
    EXPECT_TRUE(answer.body.starts_with(each.words)) << answer.body;
  }
  EXPECT_EQ(plugin.counter("bodies_refused"), std::size(cases));
  EXPECT_EQ(plugin.ledger().received, 0u);
  EXPECT_TRUE(plugin.flush().empty());
}

TEST(Proxied, TakesOnlySoManyDifferentSubdomains) {
  Plugin plugin;
  const auto send = [&](std::size_t n) {
    return plugin.request("POST", "/evp_proxy/v4/x", "", {{"X-Datadog-EVP-Subdomain", "s" + std::to_string(n)}}).status;
  };
  for (std::size_t i = 0; i < traces::kSubdomainsMax; ++i) EXPECT_EQ(send(i), 200u);
  EXPECT_EQ(send(traces::kSubdomainsMax), 502u);
  EXPECT_EQ(send(0), 200u);
  const auto out = plugin.flush();
  ASSERT_EQ(out.size(), traces::kSubdomainsMax + 1);
  for (std::size_t i = 0; i < traces::kSubdomainsMax; ++i)
    EXPECT_EQ(out[i].url, "https://s" + std::to_string(i) + ".{site}");
  EXPECT_EQ(out.back().url, "https://s0.{site}");
}

TEST(Proxied, AsksForTheApplicationKeyOnlyWhereTheEvpProxyIsAskedForIt) {
  struct Case {
    std::string_view path, needs;
    sls::Auth auth;
  };
  const Case cases[] = {{"/evp_proxy/v4/x", "true", sls::Auth::api_and_app_key},
                        {"/evp_proxy/v4/x", "false", sls::Auth::api_key},
                        {"/profiling/v1/input", "true", sls::Auth::api_key}};
  Plugin plugin;
  for (const Case& each : cases) {
    plugin.request("POST", each.path, "",
                   {{"X-Datadog-EVP-Subdomain", "a"}, {"X-Datadog-NeedsAppKey", std::string(each.needs)}});
    EXPECT_EQ(plugin.flush().at(0).auth, each.auth) << each.path << each.needs;
  }
}

TEST(Proxied, GoesWhereTheOperatorSays) {
  struct Case {
    std::string_view option, value, path, url, target;
  };
  const Case cases[] = {
      {"profiling_dd_url", "https://p", "/profiling/v1/input", "https://p", "/api/v2/profile?q=1"},
      {"profiling_dd_url", "https://p/x/", "/profiling/v1/input", "https://p/x", "?q=1"},
      {"debugger_dd_url", "http://d:1", "/debugger/v1/input", "http://d:1", "/api/v2/logs?q=1"},
      {"debugger_diagnostics_dd_url", "http://d:1", "/debugger/v2/input", "http://d:1", "/api/v2/debugger?q=1"},
      {"debugger_diagnostics_dd_url", "http://d:1/y", "/debugger/v1/diagnostics", "http://d:1/y", "?q=1"},
      {"symdb_dd_url", "https://s", "/symdb/v1/input", "https://s", "/api/v2/debugger?q=1"},
      {"telemetry_dd_url", "https://t/base", "/telemetry/proxy/api/v2/apmtelemetry", "https://t/base",
       "/api/v2/apmtelemetry?q=1"},
      {"apm_dd_url", "https://a/base", "/v0.1/pipeline_stats", "https://a/base", "/api/v0.1/pipeline_stats?q=1"}};
  for (const Case& each : cases) {
    Plugin plugin({.options = {{std::string(each.option), std::string(each.value)}}});
    plugin.request("POST", std::string(each.path) + "?q=1", "x");
    const HandedOut out = plugin.flush().at(0);
    EXPECT_EQ(out.url, each.url) << each.option << " " << each.value;
    EXPECT_EQ(out.path, each.target) << each.option << " " << each.value;
    EXPECT_TRUE(plugin.logs().empty());
  }
}

TEST(Proxied, StaysWithTheSitesIntakeWhereAnAddressIsNotUsable) {
  Plugin plugin({.options = {{"profiling_dd_url", "intake.example"}, {"symdb_dd_url", "https://s"}}});
  ASSERT_EQ(plugin.logs().size(), 1u);
  EXPECT_EQ(plugin.logs()[0].text,
            "option profiling_dd_url (test): wanted http(s)://HOST[:PORT][/PATH]; the site's intake is used");
  plugin.request("POST", "/profiling/v1/input", "x");
  plugin.request("POST", "/symdb/v1/input", "x");
  const auto out = plugin.flush();
  EXPECT_EQ(out.at(0).url, "https://intake.profile.{site}");
  EXPECT_EQ(out.at(1).url, "https://s");
}

// The further endpoints are intakes of traces.
TEST(Proxied, GivesNoCopyToFurtherEndpointsOfTraces) {
  Plugin plugin({.options = {{"additional_endpoints", R"({"https://b":["k"]})"}}});
  plugin.request("POST", "/profiling/v1/input", "x");
  EXPECT_EQ(plugin.intakes().at(plugin.flush().at(0).intake).size(), 1u);
}

TEST(Proxied, CountsRequestsInTheSameLedgerAsSpans) {
  using namespace bodies;
  Plugin plugin;
  plugin.post(array({array({span(1), span(2)})}));
  plugin.request("POST", "/v0.1/pipeline_stats", "abc");
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_GT(plugin.state().pending_bytes, 0u);
  plugin.work();
  EXPECT_EQ(plugin.ledger().received, 3u);
  EXPECT_EQ(plugin.ledger().pending, 3u);
  const auto out = plugin.flush();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].path, "/api/v0.2/traces");  // spans leave first
  EXPECT_EQ(out[1].items, 1u);
  EXPECT_EQ(plugin.ledger().handed_out, 3u);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_EQ(plugin.state().pending_bytes, 0u);
  plugin.deliver(out[1], sls::Outcome::rejected, 400);
  EXPECT_EQ(plugin.counter("rejected_by_intake"), 1u);
}

TEST(Proxied, DropsAndCountsWhatHasNoRoomAndTakesTheNextAfterAFlush) {
  Plugin plugin;
  const std::string large(10 << 20, 'p');
  const auto send = [&](const Strings& headers = {}) {
    return plugin.request("POST", "/profiling/v1/input", large, headers).status;
  };
  EXPECT_EQ(send(), 200u);
  EXPECT_EQ(send(), 200u);
  EXPECT_EQ(send(), 200u);
  EXPECT_EQ(send({{"Datadog-Send-Real-Http-Status", "true"}}), 429u);
  EXPECT_EQ(plugin.counter("dropped.full"), 2u);
  EXPECT_EQ(plugin.ledger().received, 4u);
  EXPECT_EQ(plugin.ledger().pending, 2u);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_LE(plugin.state().pending_bytes, traces::kProxiedBytesWaitingMax);
  EXPECT_EQ(plugin.flush().size(), 2u);
  EXPECT_EQ(send({{"Datadog-Send-Real-Http-Status", "true"}}), 200u);
  EXPECT_EQ(plugin.flush().size(), 1u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Proxied, HasRoomForTheLargestBody) {
  Plugin plugin;
  plugin.request("POST", "/profiling/v1/input", std::string(25 << 20, 'p'), {{"X-Large", std::string(60 << 10, 'h')}});
  EXPECT_EQ(plugin.counter("dropped.full"), 0u);
  EXPECT_EQ(plugin.flush().at(0).body.size(), 25u << 20);
}

TEST(Proxied, BoundsRequestsWithoutABodyToo) {
  Plugin plugin;
  plugin.request("POST", "/v0.1/pipeline_stats");
  EXPECT_GT(plugin.state().pending_bytes, sizeof(std::string));
  for (int i = 0; i < 500; ++i)
    plugin.request("POST", "/v0.1/pipeline_stats", "", {{"X-Large", std::string(60 << 10, 'h')}});
  EXPECT_GT(plugin.counter("dropped.full"), 0u);
  EXPECT_LE(plugin.state().pending_bytes, traces::kProxiedBytesWaitingMax);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Proxied, RefusesWhatAWebPageSends) {
  Plugin plugin;
  EXPECT_EQ(plugin.request("POST", "/profiling/v1/input", "x", {{"Sec-Fetch-Site", "cross-site"}}).status, 403u);
  EXPECT_EQ(plugin.request("GET", "/profiling/v1/input").status, 404u);  // the host says 405
  EXPECT_TRUE(plugin.flush().empty());
}

}  // namespace
