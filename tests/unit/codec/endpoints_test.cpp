#include <gtest/gtest.h>
#include <sls/codec/endpoints.hpp>

namespace {

using sls::KeyedUrl;

bool begins_with_https(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  return url.starts_with("https://");
}

TEST(KeyedUrls, AreAMapOfUrlsAndKeysAndEachBadEntryCostsItself) {
  struct Case {
    const char* setting;
    std::vector<std::string> wanted;
    std::size_t findings;
  };
  const Case cases[] = {
      {"", {}, 0},
      {" \n", {}, 0},
      {"null", {}, 0},
      {"\"\"", {}, 0},
      {"{}", {}, 0},
      {R"({"https://a/":["k1","k2"],"https://b":"k3"})", {"https://a k1", "https://a k2", "https://b k3"}, 0},
      {R"("{\"https://a\":[\"k\"]}")", {"https://a k"}, 0},
      {R"({"a":["SECRET"],"https://b":["k"]})", {"https://b k"}, 1},
      {R"({"https://a":[],"https://b":["k"]})", {"https://b k"}, 1},
      {R"({"https://a":[""],"https://b":""})", {}, 2},
      {R"({"https://a":{"SECRET":1},"https://b":[7],"https://c":["k"]})", {"https://c k"}, 2},
      {R"({"https://a":["SECRET",7],"https://b":["k"]})", {"https://b k"}, 1},
      {R"({"https://b":["k"],"https://a":["SECRET")", {"https://b k"}, 1},
      {R"(["SECRET"])", {}, 1},
      {"SECRET", {}, 1},
      {R"("SECRET")", {}, 1},
      {"7", {}, 1},
  };
  for (const Case& each : cases) {
    std::vector<std::string> findings, got;
    for (const KeyedUrl& keyed : sls::read_keyed_urls(each.setting, begins_with_https, findings))
      got.push_back(keyed.url + " " + keyed.api_key);
    EXPECT_EQ(got, each.wanted) << each.setting;
    EXPECT_EQ(findings.size(), each.findings) << each.setting;
    for (const std::string& finding : findings) EXPECT_EQ(finding.find("SECRET"), finding.npos) << finding;
  }
}

TEST(SettingAsJson, LosesItsQuotesAndBlanks) {
  std::string spare;
  EXPECT_EQ(sls::setting_as_json(" [1] ", spare), "[1]");
  EXPECT_EQ(sls::setting_as_json(R"("[\"a\"]")", spare), R"(["a"])");
  EXPECT_EQ(sls::setting_as_json("{cut", spare), "{cut");
  EXPECT_EQ(sls::setting_as_json(R"(" ")", spare), "");
  EXPECT_EQ(sls::setting_as_json("null", spare), "");
}

}  // namespace
