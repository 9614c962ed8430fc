#include "between/filters.hpp"

#include <gtest/gtest.h>

#include "between/internal_spans.hpp"
#include "between/list_setting.hpp"

namespace {

using traces::Between;
using traces::Filters;
using traces::FilterSettings;
using traces::Findings;
using traces::Span;
using traces::Texts;

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }
const sls::RegexEngine* no_engine(std::string& error) { return error = "it was not shipped", nullptr; }

struct Made {
  Filters filters;
  Findings findings;
};
Made make(const FilterSettings& settings, traces::OpenEngine open = engine) {
  Made out;
  traces::Patterns patterns(open);
  out.filters = Filters(settings, patterns, out.findings);
  return out;
}

Span root(Texts tags = {}) {
  Span out;
  out.service = "shop";
  out.name = "web.request";
  out.resource = "GET /health";
  out.type = "web";
  out.meta = std::move(tags);
  return out;
}

TEST(ListSetting, IsReadHoweverItIsWritten) {
  struct Row {
    std::string_view value;
    Between between;
    std::vector<std::string> want;
  };
  const Row rows[] = {
      {"", Between::kBlanks, {}},
      {"a:b  c\td:e:f", Between::kBlanks, {"a:b", "c", "d:e:f"}},
      {R"(["a:b c","d",5])", Between::kBlanks, {"a:b c", "d", "5"}},
      {R"([{"env":"prod"},"x",[]])", Between::kBlanks, {"env:prod", "x", "[]"}},
      {"[not json", Between::kBlanks, {"[not", "json"}},
      {"GET /a, GET /b", Between::kCommas, {"GET /a", "GET /b"}},
      {R"("a,b", "say ""hi""",c)", Between::kCommas, {"a,b", "say \"hi\"", "c"}},
      {"[A-Z]+ /x{1,2}", Between::kCommas, {"[A-Z]+ /x{1", "2}"}},
      {R"(["[A-Z]+ /x{1,2}"])", Between::kCommas, {"[A-Z]+ /x{1,2}"}},
      {",,a,", Between::kCommas, {"a"}},
      {R"("open)", Between::kCommas, {"open"}},
  };
  for (const Row& row : rows) EXPECT_EQ(traces::entries_of(row.value, row.between), row.want) << row.value;
}

TEST(Filters, JudgeTheRootByItsTags) {
  struct Row {
    const char* name;
    FilterSettings settings;
    Texts tags;
    bool rejected;
  };
  const Row rows[] = {
      {"no rules", {}, {}, false},
      {"a required key is there", {.require = {"env", ""}}, {{"env", ""}}, false},
      {"a required key is missing", {.require = {"env", ""}}, {{"x", "y"}}, true},
      {"one of two required is missing", {.require = {"env x:z", ""}}, {{"env", "a"}, {"x", "y"}}, true},
      {"a required value is another", {.require = {"env:prod", ""}}, {{"env", "production"}}, true},
      {"a required pattern matches anywhere", {.regex_require = {"env:^pro", ""}}, {{"env", "production"}}, false},
      {"a required pattern does not match", {.regex_require = {"env:^dev", ""}}, {{"env", "production"}}, true},
      {"a rejected key", {.reject = {"debug", ""}}, {{"debug", "1"}}, true},
      {"a rejected value", {.reject = {"env:dev", ""}}, {{"env", "dev"}}, true},
      {"not a rejected value", {.reject = {"env:dev", ""}}, {{"env", "prod"}}, false},
      {"a rejected pattern", {.regex_reject = {R"(["u:^a b"])", ""}}, {{"u", "a bc"}}, true},
      {"a key with a colon and no value is a key", {.reject = {"debug:", ""}}, {{"debug", "x"}}, true},
      {"a value with a colon", {.reject = {"u:http://a", ""}}, {{"u", "http://a"}}, true},
      {"rejected beats required", {.require = {"a", ""}, .reject = {"a", ""}}, {{"a", "1"}}, true},
      {"name", {.reject = {"name:web.request", ""}}, {}, true},
      {"service", {.require = {"service:cart", ""}}, {}, true},
      {"resource", {.regex_reject = {"resource:health$", ""}}, {}, true},
      {"type", {.require = {"type:web", ""}}, {}, false},
      {"a tag called service counts, too", {.require = {"service:cart", ""}}, {{"service", "cart"}}, false},
  };
  for (const Row& row : rows) {
    const Made made = make(row.settings);
    EXPECT_TRUE(made.findings.all().empty()) << row.name;
    EXPECT_EQ(made.filters.rejects(root(row.tags)), row.rejected) << row.name;
  }
}

TEST(Filters, IgnoreByTheResource) {
  const Made made = make({.ignore_resources = {"(?i)^get /health, POST /x", ""}});
  Span span = root();
  EXPECT_TRUE(made.filters.ignores(span));
  span.resource = "GET /heal";
  EXPECT_FALSE(made.filters.ignores(span));
  span.resource = "a POST /xy";
  EXPECT_TRUE(made.filters.ignores(span));
  EXPECT_FALSE(made.filters.rejects(span));
}

TEST(Filters, ApplyNoRuleThatCannotBeUsedAndSaySo) {
  const Made made = make({.regex_require = {"env:( a:b", "DD_A"},
                          .regex_reject = {":x c:[", "/var/task/datadog.yaml:3:5"},
                          .ignore_resources = {"), ok", "DD_B"}});
  std::vector<std::string> texts;
  for (const traces::Finding& each : made.findings.all()) {
    EXPECT_EQ(each.level, traces::Finding::Level::kError);
    texts.push_back(each.text);
  }
  ASSERT_EQ(texts.size(), 4u);
  EXPECT_EQ(texts[0],
            "filter_tags_regex_require (DD_A): found \"env:(\", wanted key:pattern with a pattern that can be used "
            "(missing ): (); that entry is not applied");
  EXPECT_NE(texts[1].find("filter_tags_regex_reject (/var/task/datadog.yaml:3:5): found \":x\", wanted a tag's key"),
            std::string::npos)
      << texts[1];
  EXPECT_NE(texts[3].find("ignore_resources (DD_B): found \")\""), std::string::npos) << texts[3];
  EXPECT_FALSE(made.filters.rejects(root({{"a", "b"}})));  // the unusable one asks for nothing
  EXPECT_TRUE(made.filters.rejects(root({{"env", "b"}})));
}

TEST(Filters, WithoutAnEngineOnlyLiteralsWork) {
  const Made made = make({.reject = {"a:b", ""}, .regex_require = {"env:x", ""}}, no_engine);
  ASSERT_EQ(made.findings.all().size(), 1u);
  EXPECT_NE(made.findings.all()[0].text.find("it was not shipped"), std::string::npos);
  EXPECT_TRUE(made.filters.rejects(root({{"a", "b"}})));
  EXPECT_FALSE(made.filters.rejects(root()));
}

TEST(InternalSpans, AreToldFromOthers) {
  struct Row {
    const char* name;
    Texts tags;
    bool internal;
  };
  const Row rows[] = {
      {"an ordinary call", {{"http.url", "http://example.com/"}}, false},
      {"the runtime's constant address", {{"http.url", "http://127.0.0.1:9001/2018-06-01/runtime"}}, true},
      {"the runtime's real address", {{"http.url", "http://169.254.100.1:9001/2018"}}, true},
      {"start-invocation", {{"http.url", "http://127.0.0.1:8124/lambda/start-invocation"}}, true},
      {"metrics", {{"http.url", "http://127.0.0.1:8125"}}, true},
      {"a longer port", {{"http.url", "http://127.0.0.1:81240/"}}, false},
      {"traces are not left out", {{"http.url", "http://127.0.0.1:8126/v0.4/traces"}}, false},
      {"another scheme", {{"http.url", "https://127.0.0.1:8124/"}}, false},
      {"a connection", {{"tcp.remote.host", "127.0.0.1"}, {"tcp.remote.port", "8124"}}, true},
      {"a connection elsewhere", {{"tcp.remote.host", "10.0.0.1"}, {"tcp.remote.port", "8124"}}, false},
      {"half a connection", {{"tcp.remote.port", "8124"}}, false},
      {"a local name", {{"dns.address", "127.0.0.1"}}, true},
      {"X-Ray's name", {{"dns.address", "169.254.79.129"}}, true},
      {"a name", {{"dns.address", "10.0.0.1"}}, false},
  };
  const traces::InternalSpans internal("169.254.100.1:9001");
  for (const Row& row : rows) EXPECT_EQ(internal.contains(root(row.tags)), row.internal) << row.name;
}

TEST(InternalSpans, MayHaveTheirPortAmongTheMetrics) {
  Span span = root({{"tcp.remote.host", "127.0.0.1"}});
  EXPECT_FALSE(traces::InternalSpans().contains(span));
  span.metrics = {{"tcp.remote.port", 8124}};
  EXPECT_TRUE(traces::InternalSpans().contains(span));
  span.metrics = {{"tcp.remote.port", 1e300}};
  EXPECT_FALSE(traces::InternalSpans().contains(span));
}

TEST(InternalSpans, AreNamedSo) {
  Span span = root();
  for (const std::string_view resource : {"dd-tracer-serverless-span", "127.0.0.1", "0.0.0.0"}) {
    span.resource = resource;
    EXPECT_TRUE(traces::InternalSpans().contains(span)) << resource;
  }
  span.resource = "r";
  EXPECT_FALSE(traces::InternalSpans().contains(span));
  span.name = "dns.lookup";
  EXPECT_TRUE(traces::InternalSpans().contains(span));
}

}  // namespace
