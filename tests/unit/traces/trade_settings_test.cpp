#include "between/trade_settings.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using traces::Chunk;
using traces::Findings;
using traces::Losses;
using traces::Reason;
using traces::Span;

constexpr std::int64_t kNow = 1'790'000'000'000'000'000;
const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

using Pairs = std::vector<sls_pair>;
sls_pairs view(const Pairs& pairs) { return {pairs.data(), pairs.size()}; }

// What a chunk of a root and its child becomes under these options.
struct Tried {
  traces::Trades trades;  // its texts stand in the chunk
  Chunk chunk;
  Losses losses;
  Findings findings;

  explicit Tried(const Pairs& options, void (*change)(Span& root) = nullptr, const Pairs& unreadable = {}) {
    const Pairs tags = {sls::pair("functionname", "checkout"), sls::pair("service", "shop-service")};
    const Pairs origins = {sls::pair("replace_tags", "DD_APM_REPLACE_TAGS")};
    sls_sandbox raw{.size = sizeof raw};
    raw.options = view(options);
    raw.origins = view(origins);
    raw.unreadable = view(unreadable);
    raw.tags = view(tags);
    raw.service = sls::str("Shop-Service");
    trades = traces::make_trades(sls::Sandbox(&raw), engine, findings);
    for (std::uint64_t id = 1; id <= 2; ++id) {
      Span& span = chunk.add();
      span.trace_id = 7;
      span.span_id = id;
      span.parent_id = id - 1;
      span.service = "shop";
      span.name = "web.request";
      span.resource = "GET /";
      span.start = kNow;
    }
    if (change != nullptr) change(chunk.spans()[0]);
    trades.apply(chunk, traces::Tracer{}, kNow, losses);
  }
};

TEST(TradeSettings, OfNothingSetGiveTheFunctionsTags) {
  const Tried tried({});
  ASSERT_EQ(tried.chunk.size(), 2u);
  EXPECT_EQ(tried.chunk.spans()[1].tag("functionname"), "checkout");
  EXPECT_EQ(tried.chunk.spans()[1].tag("service"), "shop-service");
  EXPECT_TRUE(tried.findings.all().empty());
}

TEST(TradeSettings, ReachTheTradeThatTheyNameInWhateverWay) {
  struct Row {
    const char *key, *value;
    void (*change)(Span& root);
    Reason reason;
    std::uint64_t lost;
  };
  const Row rows[] = {
      {"filter_tags_require", "team:a", nullptr, Reason::kFiltered, 2},
      {"filter_tags_reject", R"(["service:shop"])", nullptr, Reason::kFiltered, 2},
      {"filter_tags_regex_require", "service:^sh", nullptr, Reason::kFiltered, 0},
      {"filter_tags_regex_reject", "service:^sh", nullptr, Reason::kFiltered, 2},
      {"ignore_resources", "^GET /$", nullptr, Reason::kIgnored, 2},
      {"runtime_api", "10.0.0.1:77", [](Span& root) { root.set("http.url", "http://10.0.0.1:77/2018"); },
       Reason::kInternal, 1},
  };
  for (const Row& row : rows) {
    const Tried tried({sls::pair(row.key, row.value)}, row.change);
    EXPECT_EQ(tried.losses[row.reason], row.lost) << row.key;
    EXPECT_TRUE(tried.findings.all().empty()) << row.key;
  }
}

TEST(TradeSettings, OfFeaturesChangeNamesAndLengths) {
  static const std::string kLong(20'000, 'r');
  const auto change = [](Span& root) {
    root.resource = kLong;
    root.set("component", "flask");
  };
  const Tried plain({}, change), featured({sls::pair("features", "component2name, big_resource")}, change);
  EXPECT_EQ(plain.chunk.spans()[0].resource.size(), 5000u);
  EXPECT_EQ(plain.chunk.spans()[0].name, "web.request");
  EXPECT_EQ(featured.chunk.spans()[0].resource.size(), 15'000u);
  EXPECT_EQ(featured.chunk.spans()[0].name, "flask");
}

TEST(TradeSettings, OfInferredSpansSayWhatTheirBaseServiceIs) {
  const auto change = [](Span& root) { root.set("_inferred_span.tag_source", "self"); };
  EXPECT_EQ(Tried({}, change).chunk.spans()[0].tag("_dd.base_service"), "Shop-Service");
  const Tried other({sls::pair("aws_service_representation_enabled", "false")}, change);
  EXPECT_EQ(other.chunk.spans()[0].tag("_dd.base_service"), "aws.lambda");
}

TEST(TradeSettings, OfReplaceRulesFailClosed) {
  const auto change = [](Span& root) { root.set("a", "secret"); };
  const Tried good({sls::pair("replace_tags", R"([{"name":"a","pattern":"s.*t","repl":"?"}])")}, change);
  EXPECT_EQ(good.chunk.spans()[0].tag("a"), "?");
  const Tried bad({sls::pair("replace_tags", R"([{"name":"a","pattern":"("}])")}, change);
  EXPECT_EQ(bad.chunk.spans()[0].tag("a"), "[withheld: rule a]");
  ASSERT_EQ(bad.findings.all().size(), 1u);
  EXPECT_NE(bad.findings.all()[0].text.find("replace_tags (DD_APM_REPLACE_TAGS): rule 1"), std::string::npos);
  const Tried unreadable({}, change, {sls::pair("replace_tags", "datadog.yaml:3: no yaml")});
  EXPECT_EQ(unreadable.chunk.spans()[0].tag("a"), "[withheld: rule *]");
}

}  // namespace
