#include "in/json_text.hpp"

#include <gtest/gtest.h>

namespace logs {
namespace {

struct Read {
  std::string text, tags;
  Status status;
};

Read read(std::string_view text) {
  JsonTextReader reader;
  Line line;
  line.text = text;
  reader.read(line);
  return {std::string(line.text), std::string(line.tags), line.status};
}

TEST(JsonText, TakesTheStatusFromLevelElseFromStatus) {
  const struct {
    std::string_view text;
    Status status;
  } kCases[] = {
      {R"({"level":"FATAL"})", Status::kCritical},
      {R"({"level":"critical"})", Status::kCritical},
      {R"({"level":"Error"})", Status::kError},
      {R"({"level":"ERR"})", Status::kError},
      {R"({"level":"warning"})", Status::kWarn},
      {R"({"level":"information"})", Status::kInfo},
      {R"({"level":"debug"})", Status::kDebug},
      {R"({"level":"trace"})", Status::kTrace},
      {R"({"status":"error"})", Status::kError},
      {R"({"level":"warn","status":"error"})", Status::kWarn},
      {R"({"level":42,"status":"error"})", Status::kInfo},
      {R"({"level":null,"status":"error"})", Status::kInfo},
      {R"({"level":" error"})", Status::kInfo},
      {R"({"level":"VERBOSE"})", Status::kInfo},
      {R"({"level":"err\u006fr"})", Status::kError},
      {R"({"lev\u0065l":"error"})", Status::kError},
      {R"(["level","error"])", Status::kInfo},
      {R"({"level":"error")", Status::kInfo},
      {R"({"level":"error"} x)", Status::kInfo},
      {R"(level error)", Status::kInfo},
      {R"({"message":{"level":"error"}})", Status::kInfo},
      {" {\"level\":\"error\"}\n", Status::kError},
      {"", Status::kInfo},
  };
  for (const auto& each : kCases) EXPECT_EQ(read(each.text).status, each.status) << each.text;
}

TEST(JsonText, TakesTagsOutAndKeepsTheOrderOfTheRest) {
  const struct {
    std::string_view text, rest, tags;
  } kCases[] = {
      {R"({"a":1,"ddtags":"env:x,team:y","b":2,"c":3})", R"({"a":1,"b":2,"c":3})", "env:x,team:y"},
      {R"({ "a" : 1 , "ddtags" : "t:1" , "b" : "\u00e9\/" })", "{\"a\":1,\"b\":\"\xC3\xA9/\"}", "t:1"},
      {R"({"ddtags":"t:1"})", "{}", "t:1"},
      {R"({"ddtags":"","a":1})", R"({"a":1})", ""},
      {R"({"ddtags":"t:1","message":{"ddtags":"u:2"}})", R"({"message":{"ddtags":"u:2"}})", "t:1"},
      {R"({"message":{"x":1,"ddtags":"u:2","y":2},"outer":true})", R"({"x":1,"y":2})", "u:2"},
      {R"({"ddtags":5,"message":{"ddtags":"u:2"}})", "{}", "u:2"},
  };
  for (const auto& each : kCases) {
    const Read got = read(each.text);
    EXPECT_EQ(got.text, each.rest) << each.text;
    EXPECT_EQ(got.tags, each.tags) << each.text;
  }
}

TEST(JsonText, KeepsEveryOtherTextByteForByte) {
  for (const std::string_view text :
       {R"({ "message" : {"a":1} , "x":"\u00e9" })", R"({"ddtags":["a"]})", R"({"message":{"ddtags":1}})",
        R"({"ddtags":"a:b")", R"([{"ddtags":"a:b"}])", R"({"ddtags":"a:b"}{})", "plain", "{", "\"{}\""}) {
    EXPECT_EQ(read(text).text, text);
    EXPECT_EQ(read(text).tags, "") << text;
  }
}

TEST(JsonText, KeepsTheOuterStatusOfAnUnwrappedMessage) {
  EXPECT_EQ(read(R"({"level":"error","message":{"ddtags":"a:b","level":"debug"}})").status, Status::kError);
}

}  // namespace
}  // namespace logs
