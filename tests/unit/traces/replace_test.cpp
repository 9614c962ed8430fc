#include "between/replace_setting.hpp"

#include <gtest/gtest.h>

namespace {

using traces::AttributeValue;
using traces::Chunk;
using traces::Findings;
using traces::ReplaceRules;
using traces::Span;
using Type = AttributeValue::Type;

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }
const sls::RegexEngine* no_engine(std::string& error) { return error = "it was not shipped", nullptr; }

ReplaceRules read(std::string_view value, Findings& findings, std::string_view unreadable = {},
                  traces::OpenEngine open = engine) {
  traces::Patterns patterns(open);
  return traces::read_replace_rules({value, "DD_APM_REPLACE_TAGS"}, unreadable, patterns, findings);
}

TEST(ReplaceRules, ThatAreNotSetChangeNothing) {
  for (const std::string_view value : {"", " \n", "null", "[]", "\"[]\""}) {
    Findings findings;
    EXPECT_TRUE(read(value, findings).empty()) << value;
    EXPECT_TRUE(findings.all().empty()) << value;
  }
}

TEST(ReplaceRules, CopyNothingThatDoesNotChange) {
  Findings findings;
  ReplaceRules rules = read(R"([{"name":"*","pattern":"x","repl":"x"}])", findings);
  Chunk chunk;
  Span& span = chunk.add();
  span.resource = "axb";
  span.meta = {{"a", "x"}};
  const char* const before = span.resource.data();
  rules.apply(span, chunk.arena);
  EXPECT_EQ(span.resource.data(), before);
}

AttributeValue made(Type type) {
  AttributeValue out;
  out.type = type;
  return out;
}
AttributeValue text(std::string_view of) {
  AttributeValue out;
  out.text = of;
  return out;
}
AttributeValue integer(std::int64_t of) {
  AttributeValue out = made(Type::kInteger);
  out.integer = of;
  return out;
}
AttributeValue number(double of) {
  AttributeValue out = made(Type::kDouble);
  out.number = of;
  return out;
}
AttributeValue truth(bool of) {
  AttributeValue out = made(Type::kBool);
  out.truth = of;
  return out;
}
std::string shown(const AttributeValue& value) {
  switch (value.type) {
    case Type::kText: return "text " + std::string(value.text);
    case Type::kBool: return value.truth ? "true" : "false";
    case Type::kInteger: return "integer " + std::to_string(value.integer);
    case Type::kDouble: return "number " + std::to_string(value.number);
    case Type::kArray: break;
  }
  std::string out = "[";
  for (const AttributeValue& each : value.values) out += shown(each) + ",";
  return out + "]";
}

TEST(ReplaceRules, KeepTheTypeOfAnAttributeWhileItFits) {
  AttributeValue list = made(Type::kArray);
  list.values = {integer(17), text("a7"), truth(true)};
  struct Row {
    const char* rule;
    AttributeValue given;
    const char* want;
  };
  const Row rows[] = {
      {R"("pattern":"7","repl":"8")", text("a7"), "text a8"},
      {R"("pattern":"7","repl":"8")", integer(17), "integer 18"},
      {R"("pattern":"7","repl":".5")", integer(17), "number 1.500000"},
      {R"("pattern":"7","repl":"x")", integer(17), "text 1x"},
      {R"("pattern":"5","repl":"7")", number(2.5), "number 2.700000"},
      {R"("pattern":"\\..*","repl":"")", number(2.5), "integer 2"},
      {R"("pattern":"true","repl":"false")", truth(true), "false"},
      {R"("pattern":"true","repl":"?")", truth(true), "text ?"},
      {R"("pattern":"7|true","repl":"8")", list, "[integer 18,text a8,integer 8,]"},
      {R"("pattern":"zzz","repl":"8")", number(1e300 * 1e300), "number inf"},
  };
  for (const Row& row : rows) {
    Findings findings;
    ReplaceRules rules = read(std::string(R"([{"name":"k",)") + row.rule + "}]", findings);
    Chunk chunk;
    Span& span = chunk.add();
    span.events.emplace_back().attributes = {{"k", row.given}, {"other", row.given}};
    rules.apply(span, chunk.arena);
    EXPECT_EQ(shown(span.events[0].attributes[0].second), row.want) << row.rule;
    EXPECT_EQ(shown(span.events[0].attributes[1].second), shown(row.given)) << row.rule;
  }
}

TEST(ReplaceRules, ThatCannotBeUsedFailClosedAndSaySo) {
  struct Row {
    std::string_view value, found;  // the setting, a part of the sentence
    std::string_view resource, a, b;
  };
  const Row rows[] = {
      {R"([{"name":"a","pattern":"(","repl":""}])", "\"a\" is shipped as [withheld: rule a]", "r", "[withheld: rule a]",
       "2"},
      {R"([{"name":"a"}])", "a pattern that can be used: there is none", "r", "[withheld: rule a]", "2"},
      {R"([{"Name":"b","PATTERN":"","repl":"x"},{"name":"a","pattern":"1","repl":"x"}])", "rule 1", "r", "x",
       "[withheld: rule b]"},
      {R"([{"pattern":"1","repl":"x"}])", "every tag and resource is shipped", "[withheld: rule *]",
       "[withheld: rule *]", "[withheld: rule *]"},
      {R"([{"name":"resource.name","pattern":"\\C","repl":"x"}])", "cut characters apart",
       "[withheld: rule resource.name]", "1", "2"},
      {R"([{"name":"a")", "found no list of rules", "[withheld: rule *]", "[withheld: rule *]", "[withheld: rule *]"},
      {R"({"name":"a","pattern":"1","repl":"x"})", "found no list of rules", "[withheld: rule *]", "[withheld: rule *]",
       "[withheld: rule *]"},
      {R"([5,{"name":"a","pattern":"1","repl":"x"}])", "rule 1: found 5, wanted a map", "r", "x", "2"},
      {R"([{"name":"env","pattern":"1","repl":"x"}])", "never changed", "r", "1", "2"},
  };
  for (const Row& row : rows) {
    Findings findings;
    ReplaceRules rules = read(row.value, findings);
    ASSERT_EQ(findings.all().size(), 1u) << row.value;
    EXPECT_NE(findings.all()[0].text.find(row.found), std::string::npos) << findings.all()[0].text;
    Chunk chunk;
    Span& span = chunk.add();
    span.resource = "r";
    span.meta = {{"a", "1"}, {"b", "2"}, {"env", "prod"}};
    rules.apply(span, chunk.arena);
    EXPECT_EQ(span.resource, row.resource) << row.value;
    EXPECT_EQ(span.tag("a"), row.a) << row.value;
    EXPECT_EQ(span.tag("b"), row.b) << row.value;
    EXPECT_EQ(span.tag("env"), "prod") << row.value;
  }
}

TEST(ReplaceRules, FailClosedWithoutAnEngineAndWhenTheSettingCannotBeRead) {
  for (const bool unreadable : {false, true}) {
    Findings findings;
    ReplaceRules rules = unreadable ? read("", findings, "datadog.yaml is no yaml")
                                    : read(R"([{"name":"a","pattern":"1"}])", findings, "", no_engine);
    ASSERT_EQ(findings.all().size(), 1u);
    Chunk chunk;
    Span& span = chunk.add();
    span.meta = {{"a", "1"}, {"b", "1"}};
    rules.apply(span, chunk.arena);
    EXPECT_EQ(span.tag("a"), unreadable ? "[withheld: rule *]" : "[withheld: rule a]");
    EXPECT_EQ(span.tag("b"), unreadable ? "[withheld: rule *]" : "1");
  }
}

TEST(ReplaceRules, WithholdNumbersAndAttributes) {
  Findings findings;
  ReplaceRules rules = read(R"([{"name":"k","pattern":"("}])", findings);
  Chunk chunk;
  Span& span = chunk.add();
  span.metrics = {{"k", 5}, {"m", 6}, {"k", 1e300 * 1e300}};
  AttributeValue list = made(Type::kArray);
  list.values = {integer(1)};
  span.events.emplace_back().attributes = {{"k", list}};
  rules.apply(span, chunk.arena);
  EXPECT_EQ(span.metrics, (traces::Numbers{{"m", 6}}));
  EXPECT_EQ(span.tag("k"), "[withheld: rule k]");
  EXPECT_EQ(shown(span.events[0].attributes[0].second), "[text [withheld: rule k],]");
}

}  // namespace
