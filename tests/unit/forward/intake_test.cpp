#include "forward/intake.hpp"

#include <gtest/gtest.h>

namespace agent {
namespace {

TEST(Intake, GivesTheKeyOnlyToTheSiteAndToTheOperatorsAddresses) {
  struct Row {
    const char* text;
    const char* site;
    const char* origin;
    bool key;
  };
  const Row rows[] = {
      {"https://api.{site}", "datadoghq.com", "https://api.datadoghq.com:443", true},
      {"https://{site}", "datadoghq.eu", "https://datadoghq.eu:443", true},
      {"https://API.{site}", "DataDogHQ.com", nullptr, true},
      {" https://a.b.{site}/v1/input \n", "us3.datadoghq.com", "https://a.b.us3.datadoghq.com:443", true},
      {"http://127.0.0.1:8080", "datadoghq.com", "http://127.0.0.1:8080", true},
      {"https://proxy.example.com", "datadoghq.com", "https://proxy.example.com:443", true},
      {"http://api.{site}", "localhost:8080", "http://api.localhost:8080", true},
      {"https://{site}.example.com", "datadoghq.com", "https://datadoghq.com.example.com:443", false},
      {"https://example.com/{site}", "datadoghq.com", "https://example.com:443", false},
      {"https://evil{site}", "datadoghq.com", "https://evildatadoghq.com:443", false},
      {"https://{site}@example.com", "datadoghq.com", "https://example.com:443", false},
  };
  for (const Row& row : rows) {
    const Result<Address> address = resolve_address(row.text, row.site);
    ASSERT_TRUE(address) << row.text;
    if (row.origin) {
      EXPECT_EQ(address->url.origin(), row.origin) << row.text;
    }
    EXPECT_EQ(address->key_allowed, row.key) << row.text;
  }
}

TEST(Intake, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "api.{site}", "ftp://api.{site}", "https://", "https://a b.{site}", "https://x:99999"})
    EXPECT_FALSE(resolve_address(text, "datadoghq.com")) << text;
}

TEST(Intake, JoinsBaseAndPath) {
  struct Row {
    const char *base, *path, *target;
  };
  const Row rows[] = {
      {"", "", "/"},
      {"", "/api/v2/logs", "/api/v2/logs"},
      {"/", "/api/v2/logs", "/api/v2/logs"},
      {"/base/", "/api", "/base/api"},
      {"/base", "api", "/base/api"},
      {"/v1/input", "", "/v1/input"},
      {"/v1/input/", "", "/v1/input/"},
      {"/v1?a=b", "/api", "/v1/api?a=b"},
      {"/v1?a=b", "/api?c=d", "/v1/api?c=d&a=b"},
      {"?a=b", "", "/?a=b"},
      {"", "/bad path", ""},
      {"", "/bad\r\npath", ""},
  };
  for (const Row& row : rows)
    EXPECT_EQ(request_target(row.base, row.path), row.target) << row.base << " + " << row.path;
}

TEST(Intake, NoProxyMatchesHostsAndTheirDomains) {
  struct Row {
    const char *host, *entry;
    bool bypasses;
  };
  const Row rows[] = {
      {"api.datadoghq.com", "datadoghq.com", true},
      {"api.datadoghq.com", ".datadoghq.com", true},
      {"datadoghq.com", ".datadoghq.com", true},
      {"API.DATADOGHQ.COM", "datadoghq.com", true},
      {"evildatadoghq.com", "datadoghq.com", false},
      {"api.datadoghq.com", "api.datadoghq.com:443", true},
      {"api.datadoghq.com", "api.datadoghq.com:8443", false},
      {"example.com", "*", true},
      {"example.com", "", false},
      {"example.com", " example.com ", true},
      {"com", "example.com", false},
      {"::1", "::1", true},
  };
  for (const Row& row : rows) {
    Url url;
    url.tls = true;
    url.host = row.host;
    url.port = 443;
    const std::vector<std::string> no_proxy = {"other.invalid", row.entry};
    EXPECT_EQ(bypasses_proxy(url, no_proxy), row.bypasses) << row.host << " / " << row.entry;
  }
}

TEST(Intake, TakesAProxyWithAndWithoutItsScheme) {
  for (const char* text : {"http://proxy:3128", "proxy:3128", " proxy:3128 "}) {
    const Result<Url> proxy = parse_proxy(text);
    ASSERT_TRUE(proxy) << text;
    EXPECT_EQ(proxy->host, "proxy");
    EXPECT_EQ(proxy->port, 3128);
  }
  EXPECT_FALSE(parse_proxy("socks5://proxy:1080"));
}

TEST(Intake, KeepsTheHostsHeadersFromPayloads) {
  EXPECT_TRUE(is_own_header("DD-PROTOCOL", "agent-json", true));
  EXPECT_TRUE(is_own_header("X-Text", "gr\xc3\xbc\xc3\x9f", true));
  EXPECT_TRUE(is_own_header("dd-api-key", "tracer's", false));
  EXPECT_FALSE(is_own_header("Dd-Api-Key", "tracer's", true));
  EXPECT_FALSE(is_own_header("Content-Length", "7", false));
  EXPECT_FALSE(is_own_header("HOST", "x", false));
  EXPECT_FALSE(is_own_header("", "x", false));
  EXPECT_FALSE(is_own_header("a b", "x", false));
  EXPECT_FALSE(is_own_header("a", "x\r\nDD-API-KEY: y", false));
  EXPECT_FALSE(is_header_value("a\nb"));
  EXPECT_FALSE(is_header_value("schl\xc3\xbcssel"));
  EXPECT_TRUE(is_header_value("0123456789abcdef"));
}

}  // namespace
}  // namespace agent
