#include <sls/options.hpp>

#include <gtest/gtest.h>

#include <sls/testing.hpp>

namespace {

struct Options {
  std::int64_t port;
  bool on;
  double rate;
  std::uint64_t bytes;
  std::string host, key;
  std::vector<std::string> patterns;
  sls::KeyValues labels;
  std::chrono::milliseconds timeout;
  std::chrono::microseconds margin;
  sls::Json rules;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::port>("port", {.fallback = "8125", .minimum = "0", .maximum = "65535", .about = "Port."}),
        sls::row<&Options::on>("on", {.fallback = "true", .yaml = "x.on", .env = "DD_ON", .flags = SLS_OPTION_ENABLES}),
        sls::row<&Options::rate>("rate", {.fallback = "0.5", .minimum = "0", .maximum = "1"}),
        sls::row<&Options::bytes>("bytes", {.fallback = "100"}),
        sls::row<&Options::host>("host", {.fallback = "127.0.0.1"}),
        sls::row<&Options::key>("key", {.minimum = "1", .type = "string_or_int", .flags = SLS_OPTION_SECRET}),
        sls::row<&Options::patterns>("patterns", {.fallback = "a,b"}),
        sls::row<&Options::labels>("labels", {.fallback = "k:v"}),
        sls::row<&Options::timeout>("timeout", {.fallback = "1.5", .maximum = "60"}),
        sls::row<&Options::margin>("margin", {.fallback = "1500"}), sls::row<&Options::rules>("rules", {}));
  }
};

class Reading : public testing::Test {
 protected:
  sls::OptionsRead<Options> read(const sls::testing::Strings& given) {
    std::vector<sls_pair> pairs, origins;
    for (const auto& [key, value] : given) {
      pairs.push_back(sls::pair(key, value));
      origins.push_back(sls::pair(key, "datadog.yaml:3:1"));
    }
    sls_sandbox sandbox{.size = sizeof sandbox};
    sandbox.options = {pairs.data(), pairs.size()};
    sandbox.origins = {origins.data(), origins.size()};
    return sls::read_options<Options>(sls::Sandbox(&sandbox));
  }
};

TEST_F(Reading, TakesEveryFallbackWhenNothingIsGiven) {
  const auto [options, findings] = read({});
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(options.port, 8125);
  EXPECT_TRUE(options.on);
  EXPECT_EQ(options.rate, 0.5);
  EXPECT_EQ(options.bytes, 100u);
  EXPECT_EQ(options.host, "127.0.0.1");
  EXPECT_EQ(options.patterns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(options.labels, (sls::KeyValues{{"k", "v"}}));
  EXPECT_EQ(options.timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(options.margin, std::chrono::microseconds(1500));
  EXPECT_EQ(options.rules.text, "");
}

TEST_F(Reading, TakesTheHostsCanonicalTexts) {
  const auto [options, findings] = read({{"port", "0"},
                                         {"on", "false"},
                                         {"patterns", R"([ "a\"\\\n" , "\u00e9\ud83d\ude00" , 7 ])"},
                                         {"labels", R"(["team:a:b","bare"])"},
                                         {"timeout", "0.25"},
                                         {"rules", R"([{"a":1}])"}});
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(options.port, 0);
  EXPECT_FALSE(options.on);
  EXPECT_EQ(options.patterns, (std::vector<std::string>{"a\"\\\n", "é😀", "7"}));
  EXPECT_EQ(options.labels, (sls::KeyValues{{"team", "a:b"}, {"bare", ""}}));
  EXPECT_EQ(options.timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(options.rules.text, R"([{"a":1}])");
}

TEST_F(Reading, KeepsTheFallbackOfWhatItCannotUse) {
  const sls::testing::Strings bad = {{"port", "65536"},    {"on", "yes"},          {"rate", "1.01"},
                                     {"bytes", "-1"},      {"patterns", "[\"a\""}, {"labels", "[[1]]"},
                                     {"timeout", "1e300"}, {"margin", "1.5"}};
  const auto [options, findings] = read(bad);
  EXPECT_EQ(findings.size(), bad.size());
  EXPECT_EQ(options.port, 8125);
  EXPECT_TRUE(options.on);
  EXPECT_EQ(options.rate, 0.5);
  EXPECT_EQ(options.bytes, 100u);
  EXPECT_EQ(options.patterns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(options.labels, (sls::KeyValues{{"k", "v"}}));
  EXPECT_EQ(options.timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(options.margin, std::chrono::microseconds(1500));
  EXPECT_EQ(
      findings[0],
      "option port (datadog.yaml:3:1): found '65536', wanted int of at least 0, at most 65535; the default '8125' "
      "is used");
}

TEST_F(Reading, RefusesBrokenListsWithoutReadingBeyondThem) {
  for (std::string_view bad : {"[", "[\"", "[\"\\", "[\"\\u12", "[\"\\ud800\"]", "[1,", "[1 2]", "[]x", "[{}]", "[,]"})
    EXPECT_EQ(read({{"patterns", std::string(bad)}}).findings.size(), 1u) << bad;
}

TEST_F(Reading, NeverShowsASecret) {
  struct Secret {
    std::int64_t pin;
    static constexpr auto rows() {
      return sls::rows(sls::row<&Secret::pin>("pin", {.fallback = "0", .flags = SLS_OPTION_SECRET}));
    }
  };
  const sls_pair given[] = {sls::pair("pin", "hunter2")};
  sls_sandbox sandbox{.size = sizeof sandbox};
  sandbox.options = {given, 1};
  const auto read = sls::read_options<Secret>(sls::Sandbox(&sandbox));
  ASSERT_EQ(read.findings.size(), 1u);
  EXPECT_EQ(read.findings[0].find("hunter2"), std::string::npos);
}

TEST(OptionTable, HasOneRowPerFieldWithTheTypeOfTheField) {
  constexpr std::span<const sls_option> table = sls::option_table<Options>();
  const char* types[] = {"int", "bool",       "float",      "uint",        "string", "string_or_int",
                         "csv", "key_values", "duration_s", "duration_us", "json"};
  ASSERT_EQ(table.size(), std::size(types));
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table[i].size, sizeof(sls_option));
    EXPECT_EQ(sls::Text(table[i].type), types[i]) << sls::Text(table[i].key);
  }
  EXPECT_EQ(sls::Text(table[1].yaml), "x.on");
  EXPECT_EQ(sls::Text(table[1].env), "DD_ON");
  EXPECT_EQ(table[1].flags, static_cast<std::uint32_t>(SLS_OPTION_ENABLES));
}

TEST(OptionTable, OfSeveralAggregatesHoldsTheRowsOfEachInTheirOrder) {
  struct More {
    bool loud;
    static constexpr auto rows() { return sls::rows(sls::row<&More::loud>("loud", {.fallback = "false"})); }
  };
  constexpr std::span<const sls_option> one = sls::option_table<Options>();
  constexpr std::span<const sls_option> both = sls::option_table<Options, More>();
  ASSERT_EQ(both.size(), one.size() + 1);
  EXPECT_EQ(sls::Text(both.front().key), sls::Text(one.front().key));
  EXPECT_EQ(sls::Text(both.back().key), "loud");
}

}  // namespace
