#include "between/stats_clients.hpp"

#include <gtest/gtest.h>

#include "between/replace_setting.hpp"
#include "driven.hpp"
#include "lab/decode.hpp"

namespace {

using namespace bodies;
using driven::Plugin;

std::string binary(std::string_view bytes) {
  return std::string("\xc4") + static_cast<char>(bytes.size()) + std::string(bytes);
}

Fields group_fields() {
  return {{"Service", text("Shop Front")},
          {"Name", text("op")},
          {"Resource", text("SELECT * FROM users WHERE id = 42")},
          {"HTTPStatusCode", number(400)},
          {"Type", text("sql")},
          {"Hits", number(3)},
          {"Errors", number(1)},
          {"Duration", number(1000)},
          {"OkSummary", binary(std::string("\x0a\x00\xff", 3))},
          {"ErrorSummary", binary("")},
          {"Synthetics", "\xc2"},
          {"TopLevelHits", number(2)},
          {"SpanKind", text("client")},
          {"PeerTags", array({text("out.host:10.0.0.1:80"), text("peer.service:db")})},
          {"IsTraceRoot", number(1)},
          {"Unknown", array({number(1)})}};
}
std::string body_of(const std::vector<std::string>& groups) {
  return map({{"Hostname", text("h")},
              {"Env", text("prod")},
              {"Version", text("1")},
              {"Sequence", number(5)},
              {"RuntimeID", text("r")},
              {"Tags", array({text("a:b")})},
              {"Stats", array({map({{"Start", number(1'700'000'000'000'000'000)},
                                    {"Duration", number(10'000'000'000)},
                                    {"Stats", array(groups)}})})}});
}

TEST(ClientStatistics, GoOutAsTheyCameButForWhatTheTradesChange) {
  Plugin plugin;
  const auto answer = plugin.post(body_of({map(group_fields())}),
                                  {{"Datadog-Meta-Lang", "go"}, {"Datadog-Container-ID", "c"}}, "/v0.6/stats");
  EXPECT_EQ(answer.status, 200u);
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].path, "/api/v0.2/stats");
  EXPECT_EQ(payloads[0].items, 0u);
  const auto payload = lab::from_msgpack(payloads[0].body);
  EXPECT_EQ(payload.at("ClientComputed"), true);
  const auto& client = payload.at("Stats").at(0);
  for (const auto& [key, want] : {std::pair{"Hostname", ""},
                                  {"Env", "prod"},
                                  {"Version", "1"},
                                  {"Lang", "go"},
                                  {"RuntimeID", "r"},
                                  {"ContainerID", "c"}})
    EXPECT_EQ(client.at(key), want) << key;
  EXPECT_EQ(client.at("Tags").at(0), "a:b");
  EXPECT_EQ(client.at("Sequence").to_number<int>(), 5);
  const auto& bucket = client.at("Stats").at(0);
  EXPECT_EQ(bucket.at("Start").to_number<std::int64_t>(), 1'700'000'000'000'000'000);
  const auto& group = bucket.at("Stats").at(0);
  EXPECT_EQ(group.at("Service"), "shop_front");
  EXPECT_EQ(group.at("Resource"), "SELECT * FROM users WHERE id = ?");
  for (const auto& [key, want] : {std::pair{"HTTPStatusCode", 400},
                                  {"Hits", 3},
                                  {"Errors", 1},
                                  {"Duration", 1000},
                                  {"TopLevelHits", 2},
                                  {"IsTraceRoot", 1}})
    EXPECT_EQ(group.at(key).to_number<int>(), want) << key;
  EXPECT_EQ(std::string_view(group.at("OkSummary").as_string()), std::string_view("\x0a\x00\xff", 3));
  EXPECT_EQ(group.at("PeerTags").as_array(), (lab::json::array{"out.host:blocked-ip-address:80", "peer.service:db"}));
  EXPECT_TRUE(plugin.flush().empty());
  EXPECT_EQ(plugin.state().pending_bytes, 0u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(ClientStatistics, LoseOneGroupForOneBadFieldAndTheRestForBrokenBytes) {
  struct Row {
    const char* name;
    std::string body;
    std::size_t groups, lost;
  };
  Fields bad = group_fields();
  bad[5].second = text("many");
  const std::string good = map(group_fields()), whole = body_of({good, good});
  const Row rows[] = {
      {"a field of another type", body_of({good, map(bad), good}), 2, 1},
      {"a group that is none", body_of({good, number(1)}), 1, 1},
      {"a body that ends in its last group", whole.substr(0, whole.size() - 3), 1, 1},
      {"no buckets", map({{"Env", text("e")}}), 0, 0},
      {"buckets that are none", map({{"Stats", number(1)}}), 0, 1},
      {"nil for what is not there", map({{"Stats", "\xc0"}, {"Env", "\xc0"}}), 0, 0},
      {"more groups than a body may have", body_of(std::vector<std::string>(traces::kClientGroupsMax + 10, "\x80")),
       traces::kClientGroupsMax, 10}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Plugin plugin;
    EXPECT_EQ(plugin.post(row.body, {}, "/v0.6/stats").status, 200u);
    std::size_t groups = 0;
    for (const auto& payload : plugin.flush()) {
      const auto decoded = lab::from_msgpack(payload.body);
      groups += decoded.at("Stats").at(0).at("Stats").at(0).at("Stats").as_array().size();
    }
    EXPECT_EQ(groups, row.groups);
    EXPECT_EQ(plugin.counter("dropped.malformed"), row.lost);
    EXPECT_TRUE(plugin.ledger().balances());
  }
}

TEST(ClientStatistics, AreSubjectToTheOperatorsReplaceRules) {
  traces::Patterns patterns([](std::string&) { return sls_regex_engine_v1(); });
  traces::Findings findings;
  traces::Trades trades(
      {.replace_rules = traces::read_replace_rules({R"([{"name":"http.status_code","pattern":"400","repl":"200"},
                                  {"name":"resource.name","pattern":"users","repl":"people"}])",
                                                    "here"},
                                                   {}, patterns, findings)});
  EXPECT_TRUE(findings.all().empty());
  traces::StatsClients clients(trades);
  ASSERT_TRUE(clients.take(body_of({map(group_fields())}), {}));
  ASSERT_TRUE(clients.work("prod"));
  EXPECT_FALSE(clients.work("prod"));
  const auto payload = lab::from_msgpack(clients.next({}));
  const auto& group = payload.at("Stats").at(0).at("Stats").at(0).at("Stats").at(0);
  EXPECT_EQ(group.at("HTTPStatusCode").to_number<int>(), 200);
  EXPECT_EQ(group.at("Resource"), "SELECT * FROM people WHERE id = ?");
}

TEST(ClientStatistics, MayEndAnywhere) {
  const std::string good = map(group_fields()), whole = body_of({good, good});
  for (std::size_t n = 1; n < whole.size(); ++n) {
    traces::Arena arena;
    const std::string cut(whole, 0, n);
    const auto stats = traces::read_client_stats(cut, arena);
    EXPECT_EQ(stats.lost, 1u) << n;
    std::size_t groups = 0;
    for (const auto& bucket : stats.buckets) groups += bucket.groups.size();
    EXPECT_LE(groups, 2u) << n;
  }
}

TEST(ClientStatistics, AreRefusedInWordsWhenTheyAreNoMap) {
  Plugin plugin;
  for (const std::string& body : {std::string(), std::string("{}"), array({})})
    EXPECT_EQ(plugin.post(body, {}, "/v0.6/stats").status, 400u);
  EXPECT_EQ(plugin.counter("bodies_refused"), 3u);
}

TEST(ClientStatistics, ThatHaveNoRoomAreDroppedAndCounted) {
  Plugin plugin;
  Fields large = group_fields();
  large.emplace_back("Pad", text(std::string(1'900'000, 'x')));
  const std::string body = body_of({map(large)});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(plugin.post(body, {}, "/v0.6/stats").status, 200u);
  EXPECT_EQ(plugin.post(body, {{"Datadog-Send-Real-Http-Status", "1"}}, "/v0.6/stats").status, 429u);
  EXPECT_LE(plugin.state().pending_bytes, traces::kClientStatsWaitingBytesMax);
  EXPECT_EQ(plugin.counter("dropped.full"), 1u);
  ASSERT_EQ(plugin.flush().size(), 1u);
  EXPECT_EQ(plugin.state().pending_bytes, 0u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(ClientStatistics, AreOfferedToTracersWhichMayDropTracesWhereStatisticsAreComputed) {
  for (const bool on : {false, true}) {
    Plugin plugin({.options = {{"compute_stats", on ? "true" : "false"}}});
    const auto document = lab::json::parse(plugin.request("GET", "/info").body);
    EXPECT_EQ(document.at("client_drop_p0s"), on);
    EXPECT_EQ(document.at("span_kinds_stats_computed").as_array(),
              (lab::json::array{"client", "consumer", "producer", "server"}));
    EXPECT_EQ(document.at("peer_tags").as_array().size(), 43u);
    const auto& endpoints = document.at("endpoints").as_array();
    EXPECT_NE(std::find(endpoints.begin(), endpoints.end(), lab::json::value("/v0.6/stats")), endpoints.end());
  }
}

}  // namespace
