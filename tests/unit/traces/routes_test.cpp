#include "routes.hpp"

#include "driven.hpp"
#include "in/proxied_routes.hpp"

namespace {

using namespace bodies;
using driven::decode;
using driven::Plugin;
using sls::testing::find;
using sls::testing::Strings;
using traces::Format;

const traces::Route& route(std::string_view path) {
  for (const traces::Route& each : traces::kRoutes)
    if (each.path == path) return each;
  throw std::out_of_range("no such route");
}

TEST(TraceRoutes, NameTheFormatByTheContentTypeAndElseByTheBody) {
  struct Case {
    std::string_view path, type, body;
    Format format;
  };
  const Case cases[] = {
      {"/v0.4/traces", "application/msgpack", "[]", Format::kV04},
      {"/v0.4/traces", " Application/MsgPack; x=y", "[]", Format::kV04},
      {"/v0.4/traces", "application/json", "\x90", Format::kJson},
      {"/v0.4/traces", "text/json; charset=utf-8", "[]", Format::kJson},
      {"/v0.4/traces", "", "\x90", Format::kV04},
      {"/v0.4/traces", "", " \n[", Format::kJson},
      {"/v0.4/traces", "", "null", Format::kJson},
      {"/v0.4/traces", "application/octet-stream", "\x90", Format::kV04},
      {"/v0.4/traces", ";;;", "[]", Format::kJson},
      {"/v0.3/traces", "application/msgpack", "\x90", Format::kV04},
      {"/v0.3/traces", "application/json", "[]", Format::kJson},
      {"/v0.2/traces", "application/msgpack", "\x90", Format::kCount},
      {"/v0.2/traces", "application/json", "[]", Format::kJson},
      {"/v0.1/spans", "application/msgpack", "\x90", Format::kCount},
      {"/spans", "", "[]", Format::kJson},
      {"/v0.5/traces", "application/json", "[]", Format::kV05},
      {"/v0.7/traces", "", "", Format::kV07},
      {"/v1.0/traces", "text/plain", "", Format::kV10},
  };
  for (const Case& each : cases)
    EXPECT_EQ(traces::format_of(route(each.path), each.type, each.body), each.format)
        << each.path << " " << each.type << " " << each.body;
}

TEST(TraceRoutes, ReadTruthsAndCountsOfHeaders) {
  for (const std::string_view no : {"", "0", "f", "F", "false", "False", "FALSE"}) EXPECT_FALSE(traces::is_true(no));
  for (const std::string_view yes : {"1", "t", "true", "yes", "fAlse", " false", "no"})
    EXPECT_TRUE(traces::is_true(yes)) << yes;
  EXPECT_EQ(traces::count_in("12"), 12u);
  for (const std::string_view none : {"", "-1", "1.5", "x", "12 ", "99999999999999999999"})
    EXPECT_EQ(traces::count_in(none), 0u) << none;
}

TEST(TraceRoutes, AnswerEachVersionInItsOwnWords) {
  struct Case {
    std::string_view path, type, body, answer;
  };
  const Case cases[] = {{"/v0.4/traces", "application/msgpack", "\x90", R"({"rate_by_service":{}})"},
                        {"/v0.4/traces", "application/json", "[]", R"({"rate_by_service":{}})"},
                        {"/v0.5/traces", "application/msgpack", "\x92\x90\x90", R"({"rate_by_service":{}})"},
                        {"/v0.7/traces", "application/msgpack", "\x80", R"({"rate_by_service":{}})"},
                        {"/v1.0/traces", "application/msgpack", "\x80", R"({"rate_by_service":{}})"},
                        {"/v0.3/traces", "application/json", "[]", "OK\n"},
                        {"/v0.2/traces", "application/json", "[]", "OK\n"},
                        {"/v0.1/traces", "application/json", "null", "OK\n"},
                        {"/v0.1/spans", "application/json", "[]", "OK\n"},
                        {"/spans", "application/json", "[]", "OK\n"},
                        {"/services", "application/json", "{}", "OK\n"},
                        {"/v0.1/services", "", "", "OK\n"},
                        {"/v0.4/services", "application/msgpack", "nonsense", "OK\n"}};
  Plugin plugin;
  for (const Case& each : cases) {
    const auto answer = plugin.request("PUT", each.path, each.body, {{"Content-Type", std::string(each.type)}});
    EXPECT_EQ(answer.status, 200u) << each.path;
    EXPECT_EQ(answer.body, each.answer) << each.path;
    EXPECT_EQ(find(answer.headers, "Datadog-Agent-Version"), "0.1.0");
    EXPECT_EQ(find(answer.headers, "Content-Type"),
              answer.body == "OK\n" ? "text/plain; charset=utf-8" : "application/json");
  }
  EXPECT_EQ(plugin.ledger().received, 0u);
  EXPECT_TRUE(plugin.faults().empty());
}

TEST(TraceRoutes, RefuseWithWords) {
  struct Case {
    std::string_view path, type, body;
    std::uint32_t status;
    std::string_view words;
  };
  const Case cases[] = {
      {"/v0.4/traces", "application/msgpack", "", 400, "the body is empty\n"},
      {"/v0.4/traces", "application/msgpack", "[]", 400, "the body is no MessagePack array of traces\n"},
      {"/v0.4/traces", "application/json", "\x90", 400, "the body is no JSON array\n"},
      {"/v0.3/traces", "application/json", "{}", 400, "the body is no JSON array\n"},
      {"/v0.2/traces", "application/msgpack", "\x90", 415, "this version takes application/json only\n"},
      {"/spans", "application/msgpack", "\x90", 415, "this version takes application/json only\n"},
      {"/v0.5/traces", "application/msgpack", "\x90", 400, "the body is no MessagePack array of two\n"},
      {"/v0.5/traces", "application/msgpack", "\x92\x80\x90", 400, "the body does not begin with a dictionary\n"},
      {"/v0.5/traces", "application/msgpack", "\x92\x91\x01\x90", 400, "the dictionary holds what is no string\n"},
      {"/v0.5/traces", "application/msgpack", "\x92\x91\xa5x", 400, "the dictionary is cut off\n"},
      {"/v0.5/traces", "application/msgpack", "\x92\x90\x01", 400, "no array of traces follows the dictionary\n"},
      {"/v0.5/traces", "application/msgpack", "\x92\xdd\x01\x00\x00\x00", 400,
       "the body does not begin with a dictionary\n"},
      {"/v0.7/traces", "application/msgpack", "\x90", 400, "the body is no MessagePack map\n"},
      {"/v1.0/traces", "application/msgpack", "\x01", 400, "the body is no MessagePack map\n"}};
  Plugin plugin;
  for (const Case& each : cases) {
    const auto answer = plugin.request("POST", each.path, each.body, {{"Content-Type", std::string(each.type)}});
    EXPECT_EQ(answer.status, each.status) << each.path << " " << each.words;
    EXPECT_EQ(answer.body, each.words) << each.path;
  }
  EXPECT_EQ(plugin.counter("bodies_refused"), std::size(cases));
}

TEST(TraceRoutes, RefuseWhatAWebPageSends) {
  Plugin plugin;
  const auto answer = plugin.post("\x90", {{"Sec-Fetch-Site", "cross-site"}});
  EXPECT_EQ(answer.status, 403u);
  EXPECT_EQ(answer.body, "cross-site request rejected\n");
  EXPECT_EQ(plugin.post("\x90", {{"Sec-Fetch-Site", "same-origin"}}).status, 200u);
}

TEST(TraceRoutes, SayThatTheRatesAreThoseThatTheTracerKnows) {
  Plugin plugin;
  const auto first = plugin.post("\x90", {{"Datadog-Rates-Payload-Version", "0"}});
  EXPECT_EQ(first.body, R"({"rate_by_service":{}})");
  const std::string version(find(first.headers, "Datadog-Rates-Payload-Version"));
  ASSERT_FALSE(version.empty());
  EXPECT_EQ(plugin.post("\x90", {{"Datadog-Rates-Payload-Version", version}}).body, "{}");
  EXPECT_EQ(find(plugin.post("\x90").headers, "Datadog-Rates-Payload-Version"), "");
}

TEST(TraceRoutes, TellATracerWhoWantsToKnowThatThereIsNoRoom) {
  Plugin plugin;
  const auto large = [](std::uint64_t id) {
    return array({array({span(id, 0, {{"meta", map({{"p", text(std::string(20 << 20, 'p'))}})}})})});
  };
  EXPECT_EQ(plugin.post(large(1), {{"Datadog-Send-Real-Http-Status", "true"}}).status, 200u);
  EXPECT_EQ(plugin.post(large(2)).status, 200u);
  EXPECT_EQ(plugin.post(large(3), {{"Datadog-Send-Real-Http-Status", "true"}}).status, 429u);
  EXPECT_EQ(plugin.counter("dropped.full"), 2u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(TraceRoutes, NameInTheirDocumentWhatIsThere) {
  Plugin plugin({.options = {{"receiver_port", "9126"},
                             {"receiver_socket", "/run/t"},
                             {"dogstatsd_port", "9125"},
                             {"max_payload_size", "1000"}},
                 .env = "prod \"1\""});
  const auto answer = plugin.request("GET", "/info");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(find(answer.headers, "Content-Type"), "application/json");
  EXPECT_EQ(answer.body.substr(0, answer.body.find(R"(,"peer_tags")")),
            R"({"version":"0.1.0","endpoints":["/v0.4/traces","/v0.5/traces","/v0.7/traces","/v0.3/traces",)"
            R"("/v0.6/stats","/v0.4/services","/v0.3/services","/info","/profiling/v1/input","/v0.1/pipeline_stats",)"
            R"("/evp_proxy/v2/api/intake/llm-obs/v1/eval-metric","/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric",)"
            R"("/evp_proxy/v2/api/v2/llmobs","/evp_proxy/v1/","/evp_proxy/v2/","/evp_proxy/v3/","/evp_proxy/v4/",)"
            R"("/debugger/v1/input","/debugger/v2/input","/debugger/v1/diagnostics","/symdb/v1/input",)"
            R"("/telemetry/proxy/","/openlineage/api/v1/lineage"],"client_drop_p0s":false,"span_meta_structs":true,)"
            R"("long_running_spans":true,"span_events":true,)"
            R"("evp_proxy_allowed_headers":["Content-Type","Accept-Encoding","Content-Encoding","User-Agent",)"
            R"("DD-CI-PROVIDER-NAME","DD-EVP-ORIGIN","DD-EVP-ORIGIN-VERSION"],"config":{"default_env":"prod \"1\"",)"
            R"("receiver_port":9126,"receiver_socket":"/run/t","statsd_port":9125,"max_request_bytes":1000})");
  EXPECT_EQ(find(answer.headers, "Datadog-Agent-State").size(), 64u);
  EXPECT_NE(find(answer.headers, "Datadog-Agent-State"),
            find(Plugin().request("GET", "/info").headers, "Datadog-Agent-State"));
}

// Every listed path is one that was asked for.
TEST(TraceRoutes, ListNothingThatIsNotServed) {
  Plugin plugin;
  for (const traces::Route& each : traces::kRoutes) {
    bool served = false;
    for (const auto& wanted : plugin.routes()) served = served || wanted.path == each.path;
    EXPECT_TRUE(served) << each.path;
  }
}

TEST(TraceRoutes, AreThoseOfTheSocketAloneWhereThePortIsOff) {
  Plugin plugin({.options = {{"receiver_port", "0"}, {"receiver_socket", "/run/t"}}});
  std::size_t at_socket = 0;
  for (const auto& wanted : plugin.routes()) {
    EXPECT_TRUE(wanted.address == "unix:///run/t" || wanted.path == traces::kContextPath) << wanted.address;
    if (wanted.address == "unix:///run/t") ++at_socket;
  }
  EXPECT_EQ(at_socket, std::size(traces::kRoutes) + std::size(traces::kProxiedRoutes));
  EXPECT_EQ(plugin.post(array({array({span(1)})})).body, R"({"rate_by_service":{}})");
  EXPECT_EQ(plugin.flush().size(), 1u);
  Plugin both({.options = {{"receiver_socket", "/run/t"}}});
  EXPECT_EQ(both.routes().size(), 2 * at_socket + 1);
}

TEST(TraceRoutes, PassOnWhatTracersKeptBackOnce) {
  Plugin plugin;
  plugin.post("\x90", {{"Datadog-Client-Dropped-P0-Traces", "3"}, {"Datadog-Client-Dropped-P0-Spans", "40"}});
  plugin.post(array({array({span(1)})}), {{"Datadog-Meta-Lang", "go"},
                                          {"Datadog-Client-Dropped-P0-Traces", "2"},
                                          {"Datadog-Client-Dropped-P0-Spans", "x"}});
  plugin.post(array({array({span(2)})}), {{"Datadog-Meta-Lang", "php"}});
  plugin.post(array({array({span(3)})}), {{"Datadog-Meta-Lang", "go"}});
  const auto first = plugin.flush().at(0);
  EXPECT_EQ(find(first.headers, "Datadog-Client-Dropped-P0-Traces"), "5");
  EXPECT_EQ(find(first.headers, "Datadog-Client-Dropped-P0-Spans"), "40");
  EXPECT_EQ(find(first.headers, "X-Datadog-Reported-Languages"), "go|php");
  plugin.post(array({array({span(4)})}));
  const auto second = plugin.flush().at(0);
  EXPECT_EQ(find(second.headers, "Datadog-Client-Dropped-P0-Traces"), "");
  EXPECT_EQ(find(second.headers, "X-Datadog-Reported-Languages"), "");
}

TEST(TraceRoutes, SendCopiesToFurtherEndpoints) {
  Plugin plugin({.options = {{"additional_endpoints",
                              R"({"https://trace.agent.datadoghq.eu/":["k1","k2"],"http://[::1]:1/x":"k3"})"}}});
  const auto& endpoints = plugin.intakes().at(0);
  ASSERT_EQ(endpoints.size(), 4u);
  EXPECT_EQ(endpoints[0].url, "https://trace.agent.{site}");
  EXPECT_EQ(endpoints[0].api_key, "");
  EXPECT_EQ(endpoints[1].url, "https://trace.agent.datadoghq.eu");
  EXPECT_EQ(endpoints[1].api_key, "k1");
  EXPECT_EQ(endpoints[2].api_key, "k2");
  EXPECT_EQ(endpoints[3].url, "http://[::1]:1/x");
  EXPECT_EQ(endpoints[3].api_key, "k3");
}

TEST(TraceRoutes, LeaveOutFurtherEndpointsThatAreNotUsableAndShowNoKey) {
  struct Case {
    std::string_view json;
    std::size_t usable;
  };
  const Case cases[] = {{R"({"trace.agent":["SECRET"],"https://a":["k"]})", 1},
                        {R"({"https://a":[],"https://b":["k"]})", 1},
                        {R"({"https://a":[{"SECRET":1}],"https://b":["k"]})", 1},
                        {R"({"https://a":["SECRET",7],"https://b":["k"]})", 1},
                        {R"({"https://a":7})", 0},
                        {R"({"https://b":["k"],"https://a":["SECRET")", 1},
                        {R"(["SECRET"])", 0},
                        {R"("SECRET")", 0}};
  for (const Case& each : cases) {
    Plugin plugin({.options = {{"additional_endpoints", std::string(each.json)}}});
    EXPECT_EQ(plugin.intakes().at(0).size(), 1 + each.usable) << each.json;
    ASSERT_EQ(plugin.logs().size(), 1u) << each.json;
    EXPECT_EQ(plugin.logs()[0].text.find("SECRET"), std::string::npos) << plugin.logs()[0].text;
  }
}

TEST(TraceRoutes, CompressAtTheLevelThatWasAskedFor) {
  Plugin plugin({.options = {{"compression_level", "7"}}});
  plugin.post(array({array({span(1)})}));
  EXPECT_EQ(plugin.flush().at(0).level, 7);
}

}  // namespace
