#include "between/trades.hpp"

#include <gtest/gtest.h>

#include <random>

#include "between/replace_setting.hpp"
#include "between/sampling.hpp"

namespace {

using traces::Chunk;
using traces::Losses;
using traces::Reason;
using traces::Span;
using traces::Tracer;
using traces::Trades;

constexpr std::int64_t kNow = 1'790'000'000'000'000'000;
const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

Span& add(Chunk& chunk, std::uint64_t id, std::uint64_t parent = 0) {
  Span& span = chunk.add();
  span.trace_id = 7;
  span.span_id = id;
  span.parent_id = parent;
  span.service = "shop";
  span.name = "web.request";
  span.resource = "GET /";
  span.start = kNow;
  return span;
}

traces::FunctionFacts facts() {
  return {.tags = {{"region", "eu-west-1"}, {"functionname", "checkout"}, {"service", "checkout-service"}},
          .service = "Checkout-Service",
          .name = "checkout"};
}

TEST(Enrichment, PutsTheFunctionsTagsOverTheTracersInOneOrder) {
  traces::Enrichment enrichment(facts());
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.meta = {{"functionname", "mine"}, {"a", "b"}, {"_dd.origin", "rum"}};
  enrichment.apply(span, false);
  EXPECT_EQ(span.meta, (traces::Texts{{"functionname", "checkout"},
                                      {"a", "b"},
                                      {"_dd.origin", "lambda"},
                                      {"region", "eu-west-1"},
                                      {"service", "checkout-service"},
                                      {"origin", "lambda"},
                                      {"_dd.compute_stats", "1"}}));
  Span& other = add(chunk, 2);
  enrichment.apply(other, true);
  EXPECT_EQ(other.meta, (traces::Texts{{"region", "eu-west-1"},
                                       {"functionname", "checkout"},
                                       {"service", "checkout-service"},
                                       {"origin", "lambda"},
                                       {"_dd.origin", "lambda"}}));
}

TEST(Enrichment, NamesTheServiceOfTheFunctionsOwnSpan) {
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.service = "aws.lambda";
  traces::Enrichment nameless(traces::FunctionFacts{});  // its texts stand in the span
  nameless.apply(span, true);
  EXPECT_EQ(span.service, "aws.lambda");
  traces::Enrichment enrichment(facts());
  enrichment.apply(span, true);
  EXPECT_EQ(span.service, "checkout-service");
}

TEST(Enrichment, GivesInferredSpansTheirBaseService) {
  struct Row {
    const char* name;
    traces::FunctionFacts facts;
    traces::Texts tags;
    std::string_view want;
  };
  const Row rows[] = {
      {"configured", facts(), {{"_inferred_span.tag_source", "self"}}, "Checkout-Service"},
      {"by the function's name", {.name = "checkout"}, {{"_inferred_span.tag_source", "self"}}, "checkout"},
      {"nothing known", {}, {{"_inferred_span.tag_source", "self"}}, "aws.lambda"},
      {"not represented",
       {.service = "x", .services_are_represented = false},
       {{"_inferred_span.tag_source", "self"}},
       "aws.lambda"},
      {"it has one", facts(), {{"_inferred_span.tag_source", "self"}, {"_dd.base_service", "y"}}, "y"},
      {"not inferred", facts(), {}, ""},
  };
  for (const Row& row : rows) {
    Chunk chunk;
    Span& span = add(chunk, 1);
    span.meta = row.tags;
    traces::Enrichment enrichment(row.facts);
    enrichment.apply(span, true);
    EXPECT_EQ(span.tag("_dd.base_service"), row.want) << row.name;
  }
}

TEST(Truncate, CutsWhatIsTooLong) {
  const std::string long_key(201, 'k'), long_value(25'001, 'v'), long_resource = std::string(4999, 'r') + "é";
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.resource = long_resource;
  span.meta = {{long_key, "x"}, {"_dd.appsec.json", long_value}, {"a", long_value}, {"b", long_value.substr(1)}};
  span.metrics = {{long_key, 1}, {"m", 2}};
  traces::truncate(span, chunk.arena);
  EXPECT_EQ(span.resource, std::string(4999, 'r'));
  EXPECT_EQ(span.meta[0].first, std::string(200, 'k') + "...");
  EXPECT_EQ(span.meta[1].second.size(), 25'001u);
  EXPECT_EQ(span.meta[2].second, std::string(25'000, 'v') + "...");
  EXPECT_EQ(span.meta[3].second.size(), 25'000u);
  EXPECT_EQ(span.metrics[0].first, std::string(200, 'k') + "...");
  EXPECT_EQ(span.metrics[1].first, "m");
}

TEST(Truncate, AllowsLongerResourcesWhereTheyAreWanted) {
  const std::string resource(15'001, 'r');
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.resource = resource;
  traces::truncate(span, chunk.arena, traces::kBigResourceBytesMax);
  EXPECT_EQ(span.resource.size(), 15'000u);
}

TEST(Sampling, DropsOnlyWhatWasCountedHere) {
  struct Row {
    std::optional<std::int32_t> priority;
    bool dropped;
  };
  for (const Row& row : {Row{std::nullopt, false}, Row{-128, false}, Row{-1, true}, Row{0, true}, Row{1, false}}) {
    Chunk chunk;
    chunk.priority = row.priority;
    EXPECT_EQ(traces::is_dropped_by_priority(chunk, true), row.dropped) << row.priority.value_or(-999);
    EXPECT_FALSE(traces::is_dropped_by_priority(chunk, false));
  }
}

Trades all_trades() {
  traces::Findings findings;
  traces::Patterns patterns(engine);
  Trades::Parts parts;
  parts.filters =
      traces::Filters({.reject = {"drop", ""}, .ignore_resources = {"^GET /health", ""}}, patterns, findings);
  parts.enrichment = traces::Enrichment(facts());
  parts.replace_rules =
      traces::read_replace_rules({R"([{"name":"*","pattern":"secret","repl":"?"}])", ""}, {}, patterns, findings);
  parts.computes_statistics = true;
  EXPECT_TRUE(findings.all().empty());
  return Trades(std::move(parts));
}

TEST(Trades, CountEachLossUnderItsReason) {
  struct Row {
    const char* name;
    void (*spoil)(Chunk& chunk);
    Reason reason;
    std::uint64_t lost;
  };
  const Row rows[] = {
      {"nothing", [](Chunk&) {}, Reason::kInvalid, 0},
      {"no trace id", [](Chunk& c) { c.spans()[1].trace_id = 0; }, Reason::kInvalid, 3},
      {"ignored", [](Chunk& c) { c.spans()[0].resource = "GET /health"; }, Reason::kIgnored, 3},
      {"ignored only by the root", [](Chunk& c) { c.spans()[1].resource = "GET /health"; }, Reason::kIgnored, 0},
      {"filtered", [](Chunk& c) { c.spans()[0].set("drop", "1"); }, Reason::kFiltered, 3},
      {"internal", [](Chunk& c) { c.spans()[2].name = "dns.lookup"; }, Reason::kInternal, 1},
      {"sampled", [](Chunk& c) { c.spans()[0].set_metric("_sampling_priority_v1", 0); }, Reason::kSampled, 3},
      {"all internal",
       [](Chunk& c) {
         for (Span& span : c.spans()) span.resource = "0.0.0.0";
       },
       Reason::kInternal, 3},
  };
  Trades trades = all_trades();
  for (const Row& row : rows) {
    Chunk chunk;
    add(chunk, 1), add(chunk, 2, 1), add(chunk, 3, 1);
    row.spoil(chunk);
    Losses losses;
    trades.apply(chunk, Tracer{}, kNow, losses);
    EXPECT_EQ(losses[row.reason], row.lost) << row.name;
    EXPECT_EQ(losses.total(), row.lost) << row.name;
    EXPECT_EQ(chunk.size(), 3 - row.lost) << row.name;
  }
}

TEST(Trades, FollowTheirOrder) {
  Trades trades = all_trades();
  Chunk chunk;
  Span& span = add(chunk, 1);
  span.service = "AWS.Lambda";  // normalised, then named by the function
  span.type = "sql";
  span.resource = "SELECT a FROM secret WHERE b = 'secret'";  // obfuscated, then replaced
  span.set("token", "my secret");
  span.set("_dd.origin", "rum");  // the chunk's, before it is overwritten
  Losses losses;
  trades.apply(chunk, Tracer{}, kNow, losses);
  ASSERT_EQ(chunk.size(), 1u);
  EXPECT_EQ(span.service, "checkout-service");
  EXPECT_EQ(span.resource, "SELECT a FROM ? WHERE b = ?");
  EXPECT_EQ(span.tag("token"), "my ?");
  EXPECT_EQ(chunk.origin, "rum");
  EXPECT_EQ(span.tag("_dd.origin"), "lambda");
  EXPECT_NE(span.find_metric("_top_level"), nullptr);
  EXPECT_EQ(span.find("_dd.compute_stats"), nullptr);
}

TEST(Trades, LoseNoSpanWithoutCountingIt) {
  static constexpr std::string_view kTexts[] = {"",           "a",  "GET /health", "0.0.0.0",
                                                "dns.lookup", "é🐨", "drop",        "secret"};
  std::mt19937 random(5);
  Trades trades = all_trades();
  for (int i = 0; i < 3000; ++i) {
    Chunk chunk;
    const std::size_t spans = random() % 6;
    for (std::size_t n = 0; n < spans; ++n) {
      Span& span = add(chunk, random() % 20, random() % 4);
      if (random() % 20 == 0) span.trace_id = random() % 2;
      span.resource = kTexts[random() % std::size(kTexts)];
      span.name = kTexts[random() % std::size(kTexts)];
      span.set(kTexts[random() % std::size(kTexts)], kTexts[random() % std::size(kTexts)]);
      if (random() % 4 == 0) span.set_metric("_sampling_priority_v1", static_cast<double>(random() % 4) - 1);
    }
    Losses losses;
    trades.apply(chunk, Tracer{}, kNow, losses);
    ASSERT_EQ(chunk.size() + losses.total(), spans);
  }
}

}  // namespace
