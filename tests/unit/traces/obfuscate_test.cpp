// What becomes of whole spans. How single texts come out is in the vectors.
#include "between/obfuscate.hpp"

#include <gtest/gtest.h>

#include "between/json_obfuscation.hpp"
#include "sls/testing.hpp"

namespace {

using namespace traces;

// What the options are when nothing is set.
ObfuscationSettings defaults() {
  ObfuscationSettings out{};
  for (const auto& row : ObfuscationSettings::rows()) {
    const sls::Text fallback(row.option.fallback);
    if (!fallback.empty()) row.assign(out, fallback);
  }
  return out;
}

struct Case {
  std::string_view type;
  Texts meta;
  std::string_view key, expected;
};

std::string_view tag_after(const ObfuscationSettings& settings, const Case& one, Span& span, Arena& arena) {
  span.clear();
  span.type = one.type;
  span.meta = one.meta;
  Obfuscator(settings).apply(span, arena);
  return span.tag(one.key);
}

void expect_tags(const ObfuscationSettings& settings, std::span<const Case> cases) {
  Span span;
  Arena arena;
  for (const Case& one : cases)
    EXPECT_EQ(tag_after(settings, one, span, arena), one.expected)
        << one.type << " " << one.key << " " << one.meta.back().second;
}

TEST(Obfuscate, TreatsEverythingByDefault) {
  const Case cases[] = {
      {"sql", {{"sql.query", "SELECT 'x'"}}, "sql.query", "SELECT ?"},
      {"redis", {{"redis.raw_command", "SET k v"}}, "redis.raw_command", "SET k ?"},
      {"valkey", {{"valkey.raw_command", "SET k v"}}, "valkey.raw_command", "SET k ?"},
      {"memcached", {{"memcached.command", "set k 0 0 1\r\nv"}}, "memcached.command", ""},
      {"mongodb", {{"mongodb.query", R"({"a":1})"}}, "mongodb.query", R"({"a":"?"})"},
      {"elasticsearch", {{"elasticsearch.body", R"({"a":1})"}}, "elasticsearch.body", R"({"a":"?"})"},
      {"opensearch", {{"opensearch.body", R"({"a":1})"}}, "opensearch.body", R"({"a":"?"})"},
      {"http", {{"http.url", "http://ann:pw@h/1?q=2"}}, "http.url", "http://h/1?q=2"},
      {"custom", {{"note", "4111 1111 1111 1111"}}, "note", "?"},
      {"custom", {{"_dd.note", "4111 1111 1111 1111"}}, "_dd.note", "4111 1111 1111 1111"},
      {"custom", {{"error.stack", "at main"}}, "error.stack", "at main"},
  };
  expect_tags(defaults(), cases);
}

TEST(Obfuscate, LeavesAloneWhatIsSwitchedOff) {
  const Case cases[] = {
      {"redis", {{"redis.raw_command", "SET k v"}}, "redis.raw_command", "SET k v"},
      {"valkey", {{"valkey.raw_command", "SET k v"}}, "valkey.raw_command", "SET k v"},
      {"memcached", {{"memcached.command", "set k\r\nv"}}, "memcached.command", "set k\r\nv"},
      {"mongodb", {{"mongodb.query", R"({"a":1})"}}, "mongodb.query", R"({"a":1})"},
      {"opensearch", {{"opensearch.body", R"({"a":1})"}}, "opensearch.body", R"({"a":1})"},
      {"custom", {{"note", "4111 1111 1111 1111"}}, "note", "4111 1111 1111 1111"},
  };
  expect_tags(ObfuscationSettings{}, cases);
}

TEST(Obfuscate, ReadsStatementsInTheLanguageOfTheirSystem) {
  const Case cases[] = {
      {"sql", {{"db.statement", "SELECT 'x'"}}, "db.statement", "SELECT ?"},
      {"custom", {{"db.query.text", "SELECT 'x'"}}, "db.query.text", "SELECT ?"},
      {"web", {{"db.system", "redis"}, {"db.statement", "SET k v"}}, "db.statement", "SET k ?"},
      {"redis", {{"db.statement", "SET k v"}}, "db.statement", "SET k ?"},
      {"custom", {{"db.system", "mongodb"}, {"db.statement", R"({"a":1})"}}, "db.statement", R"({"a":"?"})"},
      {"custom", {{"db.system", "postgresql"}, {"db.statement", "SELECT a ->> 'x'"}}, "db.statement", "SELECT a ->> ?"},
      {"custom", {{"db.statement", "SELECT 'open"}}, "db.statement", kNonParsable},
      {"custom", {{"sql.query", "SELECT 'open"}}, "sql.query", kNonParsable},
  };
  expect_tags(defaults(), cases);
}

TEST(Obfuscate, TreatsEveryOneOfEqualKeys) {
  Span span;
  Arena arena;
  span.type = "sql";
  span.meta = {{"sql.query", "SELECT 'a'"}, {"sql.query", "SELECT 'b'"}};
  Obfuscator(defaults()).apply(span, arena);
  for (const auto& [key, value] : span.meta) EXPECT_EQ(value, "SELECT ?");
}

TEST(Obfuscate, ReplacesResourcesByType) {
  struct {
    std::string_view type, resource, expected;
  } constexpr kCases[] = {
      {"sql", "SELECT 'x'", "SELECT ?"},
      {"cassandra", "SELECT 'x'", "SELECT ?"},
      {"sql", "SELECT 'open", kNonParsable},
      {"sql", "", ""},
      {"redis", "SET k v", "SET"},
      {"valkey", "get k\nset k v", "GET SET"},
      {"web", "GET /users/4111111111111111", "GET /users/4111111111111111"},
      {"SQL", "SELECT 'x'", "SELECT 'x'"},
  };
  Obfuscator obfuscator(defaults());
  Arena arena;
  for (const auto& each : kCases) {
    Span span;
    span.type = each.type;
    span.resource = each.resource;
    obfuscator.apply(span, arena);
    EXPECT_EQ(span.resource, each.expected);
    EXPECT_EQ(obfuscator.obfuscate_resource(each.type, {}, each.resource, arena), each.expected);
  }
}

TEST(Obfuscate, GivesATagThatRepeatsTheResourceTheSameText) {
  Span span;
  Arena arena;
  span.type = "sql";
  span.resource = "SELECT 'x' FROM t";
  span.meta = {{"db.type", "mysql"}, {"sql.query", span.resource}};
  Obfuscator(defaults()).apply(span, arena);
  EXPECT_EQ(span.tag("sql.query").data(), span.resource.data());
}

TEST(Obfuscate, NamesTheTablesWhereAsked) {
  ObfuscationSettings settings = defaults();
  settings.features = "big_resource, table_names";
  Span span;
  Arena arena;
  span.type = "sql";
  span.resource = "SELECT * FROM a JOIN b ON a.x = b.x";
  Obfuscator obfuscator(settings);
  obfuscator.apply(span, arena);
  EXPECT_EQ(span.tag("sql.tables"), "a,b");
  span.clear();
  span.type = "sql";
  obfuscator.apply(span, arena);
  EXPECT_EQ(span.find("sql.tables"), nullptr);
}

TEST(Obfuscate, RemovesStackTracesWhereAsked) {
  ObfuscationSettings settings = defaults();
  settings.remove_stack_traces = true;
  const Case cases[] = {{"custom", {{"error.stack", "at main"}}, "error.stack", "?"}};
  expect_tags(settings, cases);
}

TEST(Obfuscate, FindsCardNumbersInEventsAndTheirArrays) {
  using Type = AttributeValue::Type;
  const auto value = [](Type type) {
    AttributeValue out;
    out.type = type;
    return out;
  };
  Span span;
  auto& attributes = span.events.emplace_back().attributes;
  attributes.emplace_back("text", value(Type::kText)).second.text = "4111111111111111";
  attributes.emplace_back("integer", value(Type::kInteger)).second.integer = 4111111111111111;
  attributes.emplace_back("double", value(Type::kDouble)).second.number = 4111111111111111.0;
  attributes.emplace_back("bool", value(Type::kBool)).second.truth = true;
  attributes.emplace_back("version", value(Type::kInteger)).second.integer = 4111111111111111;
  auto& elements = attributes.emplace_back("array", value(Type::kArray)).second.values;
  elements.push_back(value(Type::kText));
  elements.back().text = "harmless";
  elements.push_back(value(Type::kInteger));
  elements.back().integer = 4111111111111111;
  Arena arena;
  Obfuscator(defaults()).apply(span, arena);
  for (const std::size_t i : {0u, 1u, 2u}) {
    EXPECT_EQ(attributes[i].second.type, Type::kText) << attributes[i].first;
    EXPECT_EQ(attributes[i].second.text, "?") << attributes[i].first;
  }
  EXPECT_EQ(attributes[3].second.type, Type::kBool);
  EXPECT_EQ(attributes[4].second.integer, 4111111111111111);
  EXPECT_EQ(elements[0].text, "harmless");
  EXPECT_EQ(elements[1].text, "?");
}

TEST(Obfuscate, StripsCredentialsFromWhatIsNoUrl) {
  const Case cases[] = {
      {"web", {{"http.url", "http://ann:p%w@h/"}}, "http.url", "?"},
      {"web", {{"http.url", "http://h/%zz"}}, "http.url", "http://h/%zz"},
      {"web", {{"url.full", "http://ann:pw@h/"}}, "url.full", "http://h/"},
      {"serverless", {{"http.url", "http://ann:pw@h/"}}, "http.url", "http://h/"},
      {"serverless", {{"http.url", "http://h/a b"}}, "http.url", "http://h/a b"},
      {"web", {{"http.url", "ann:pw@h/x"}}, "http.url", "ann:h/x"},
  };
  expect_tags(defaults(), cases);
}

TEST(Obfuscate, SaysWhichModeItDoesNotKnow) {
  ObfuscationSettings settings = defaults();
  EXPECT_EQ(finding_in(settings), "");
  settings.sql_obfuscation_mode = "obfuscate_only";
  EXPECT_EQ(finding_in(settings), "");
  settings.sql_obfuscation_mode = "on";
  EXPECT_NE(finding_in(settings).find("found 'on', wanted obfuscate_only"), std::string::npos);
  EXPECT_EQ(sql_rules(settings).mode, SqlMode::kLegacy);
}

TEST(JsonObfuscation, NeverKeepsALiteralOutsideOfTheKeysThatAreKept) {
  struct {
    std::string_view text, expected;
  } constexpr kCases[] = {
      {R"("a" "b")", R"("?" "?")"},
      {R"({"x":1} "secret")", R"({"x":"?"} "?")"},
      {R"({"keep":"a","x":"b"} {"x":"c"})", R"({"keep":"a","x":"?"} {"x":"?"})"},
      {R"({"keep":{"x":[1]},"y":[{"keep":2,"z":3}]})", R"({"keep":{"x":[1]},"y":[{"keep":2,"z":"?"}]})"},
      {R"({"sql":"SELECT 'a\u0027 secret'"})", R"({"sql":"Non-parsable SQL query"})"},
      {R"({"sql":"SELECT \"x\" FROM t WHERE y = 'secret'"})", R"({"sql":"SELECT x FROM t WHERE y = ?"})"},
      {R"({"sql":["SELECT 'a'"],"sql":7})", R"({"sql":["?"],"sql":"?"})"},
  };
  const JsonObfuscator json({"keep"}, {"sql"});
  SqlObfuscator sql{SqlRules{}};
  for (const auto& each : kCases) {
    std::string out;
    json.obfuscate(each.text, sql, out);
    EXPECT_EQ(out, each.expected) << each.text;
  }
}

TEST(JsonObfuscation, UnderstandsNothingThatIsNestedTooDeeply) {
  const JsonObfuscator json({}, {});
  SqlObfuscator sql{SqlRules{}};
  std::string out;
  json.obfuscate(std::string(1'000'000, '['), sql, out);
  EXPECT_EQ(out, std::string(JsonObfuscator::kDepthMax, '[') + "...");
}

}  // namespace
