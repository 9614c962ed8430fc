// Payloads as tags: what is shown, what is redacted, what is cut.
#include "invocation/capture.hpp"

#include <gtest/gtest.h>

#include "sls/codec/json.hpp"

namespace {

using traces::invocation::capture;
using traces::invocation::OwnTexts;

OwnTexts captured(std::string_view payload, unsigned depth_max = 10) {
  OwnTexts out;
  capture("r", payload, depth_max, out);
  return out;
}

struct Case {
  std::string_view name, payload;
  unsigned depth_max;
  OwnTexts wanted;
};

TEST(Capture, EachLeafIsATag) {
  const std::vector<Case> cases = {
      {"nothing", "", 10, {}},
      {"no JSON", "{", 10, {}},
      {"a scalar", "true", 10, {{"r", "true"}}},
      {"null", "null", 10, {{"r", "null"}}},
      {"members", R"({"a":1,"b":{"c":"x"},"d":null})", 10, {{"r.a", "1"}, {"r.b.c", "x"}, {"r.d", "null"}}},
      {"arrays",
       R"({"a":[1,"x",[]],"b":[],"c":{}})",
       10,
       {{"r.a.0", "1"}, {"r.a.1", "x"}, {"r.a.2", "[]"}, {"r.b", "[]"}}},
      {"JSON in a text", R"({"body":"{\"a\":\"1\"}"})", 10, {{"r.body.a", "1"}}},
      {"depth 0", R"({"a": 1})", 0, {{"r", R"({"a":1})"}}},
      {"depth 1", R"({"a":{"b":2},"c":"x"})", 1, {{"r.a", R"({"b":2})"}, {"r.c", R"("x")"}}},
  };
  for (const Case& given : cases) {
    SCOPED_TRACE(given.name);
    EXPECT_EQ(captured(given.payload, given.depth_max), given.wanted);
  }
}

TEST(Capture, SecretsAreRedactedWhateverTheyAreAndWhereverTheyStand) {
  const std::vector<Case> cases = {
      {"a text", R"({"password":"x"})", 10, {{"r.password", "redacted"}}},
      {"a number", R"({"pwd":12})", 10, {{"r.pwd", "redacted"}}},
      {"digits in a text", R"({"token":"12"})", 10, {{"r.token", "redacted"}}},
      {"null", R"({"secret":null})", 10, {{"r.secret", "redacted"}}},
      {"letters of both cases",
       R"({"Authorization":"x","API_KEY":"y"})",
       10,
       {{"r.Authorization", "redacted"}, {"r.API_KEY", "redacted"}}},
      {"an object", R"({"secret":{"a":1}})", 10, {{"r.secret", "redacted"}}},
      {"behind a dot", R"({"my.passwd":"x"})", 10, {{"r.my.passwd", "redacted"}}},
      {"at the depth limit", R"({"token":"x"})", 1, {{"r.token", "redacted"}}},
      {"below the depth limit",
       R"({"a":{"b":[{"token":"x","c":1}]}})",
       1,
       {{"r.a", R"({"b":[{"token":"redacted","c":1}]})"}}},
      {"in a text", R"({"body":"{\"password\":\"x\"}"})", 10, {{"r.body.password", "redacted"}}},
  };
  for (const Case& given : cases) {
    SCOPED_TRACE(given.name);
    EXPECT_EQ(captured(given.payload, given.depth_max), given.wanted);
  }
}

TEST(Capture, IsCutAtWholeCharactersAndBounded) {
  std::string text;
  for (int i = 0; i < 4097; ++i) text += "ä";
  const OwnTexts one = captured("{\"a\":\"" + text + "\"}");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].second.size(), 2u * 4096);
  std::string many = "[0";
  for (int i = 0; i < 10'000; ++i) many += ",0";
  EXPECT_EQ(captured(many + "]").size(), traces::invocation::kCapturedTagsMax);
  EXPECT_TRUE(captured(std::string(200'000, '[')).empty());
}

// A name of megabytes over many empty objects would be copied for each.
TEST(Capture, LeavesOutNamesThatAreTooLongAndWhatIsTooMuch) {
  const std::string name(traces::invocation::kCapturedKeyBytesMax, 'x');
  EXPECT_EQ(captured("{\"" + name + "\":{\"a\":1},\"b\":2}"), (OwnTexts{{"r.b", "2"}}));
  std::string nested = "1";
  for (int i = 0; i < 9; ++i) nested = "{\"" + name.substr(0, 150) + "\":" + nested + "}";
  EXPECT_TRUE(captured(nested).empty());
  std::string empties = "[{}";
  for (std::size_t i = 0; i < traces::invocation::kCapturedNodesMax; ++i) empties += ",{}";
  EXPECT_TRUE(captured(empties + ",1]").empty());
}

TEST(Capture, MendsWhatIsNoText) {
  const OwnTexts one = captured("{\"a\xff\":\"" + std::string(100'000, '\x80') + "\"}");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].first, "r.a\xef\xbf\xbd");
  EXPECT_LE(one[0].second.size(), 3 * traces::invocation::kCapturedCharactersMax);
  EXPECT_TRUE(sls::json::valid_utf8(one[0].second));
}

}  // namespace
