// The host's own table, its typed values, and the reference made from it.
#include <algorithm>
#include <set>

#include "config/reference.hpp"
#include "rows.hpp"

namespace agent {
namespace {

struct Made {
  Findings findings;
  Settings settings;

  explicit Made(Sources::Environment environment, std::string_view yaml) {
    const Sources sources = Sources::from_text(std::move(environment), "y", yaml, findings);
    const Resolved host = sources.resolve(host_table(), findings);
    settings = make_settings(host, sources, "/opt/x", findings);
  }
  std::string finding() const { return findings.all().empty() ? "(none)" : findings.all()[0].text; }
};

TEST(HostSettings, HaveDefaults) {
  const Made made({}, "");
  const Settings& s = made.settings;
  EXPECT_EQ(s.site, "datadoghq.com");
  EXPECT_EQ(s.api_key, "");
  EXPECT_EQ(s.log_level, "info");
  EXPECT_EQ(s.bind_host, "127.0.0.1");
  EXPECT_EQ(s.lifecycle_port, 8124);
  EXPECT_EQ(s.flush_strategy, "default");
  EXPECT_EQ(s.flush_timeout, std::chrono::seconds(30));
  EXPECT_EQ(s.compression_level, 1);
  EXPECT_FALSE(s.skip_ssl_validation);
  EXPECT_EQ(s.plugin_directories, (std::vector<std::string>{"/opt/x/plugins", "/opt/serverless-agent/plugins"}));
  EXPECT_TRUE(made.findings.all().empty());
}

TEST(HostSettings, AreTakenFromBothSources) {
  const Made made({{"DD_API_KEY", " abc \n"},
                   {"DD_SERVICE", "MyApp"},
                   {"DD_VERSION", "1.10"},
                   {"DD_TAGS", "a:1,b:2"},
                   {"DD_EXTRA_TAGS", "c:3 a:1"},
                   {"HTTPS_PROXY", "http://p:1"},
                   {"DD_LIFECYCLE_API_PORT", "0"},
                   {"DD_FLUSH_TIMEOUT", "0.5"}},
                  "env: Prod\nbind_host: localhost\nproxy: {no_proxy: [a, b]}\n"
                  "plugins: {directory: /p, order: [x, y], disabled: z}\n");
  const Settings& s = made.settings;
  EXPECT_EQ(s.api_key, "abc");
  EXPECT_EQ(s.service, "myapp");
  EXPECT_EQ(s.env, "Prod");
  EXPECT_EQ(s.version, "1.10");
  EXPECT_EQ(s.tags, (std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(s.proxy_https, "http://p:1");
  EXPECT_EQ(s.no_proxy, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(s.lifecycle_port, 0);
  EXPECT_EQ(s.flush_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(s.bind_host, "127.0.0.1");
  EXPECT_EQ(s.plugin_directories, std::vector<std::string>{"/p"});
  EXPECT_EQ(s.plugin_order, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(s.plugins_disabled, std::vector<std::string>{"z"});
  EXPECT_TRUE(made.findings.all().empty()) << made.finding();
}

TEST(HostSettings, ASiteThatIsNoHostNameIsAnErrorAndTheDefaultIsUsed) {
  const Made made({{"DD_SITE", "bad site/!"}}, "");
  EXPECT_EQ(made.settings.site, "datadoghq.com");
  EXPECT_EQ(made.finding(),
            "DD_SITE: site is \"bad site/!\"; wanted a host name such as datadoghq.eu; datadoghq.com is used");
  EXPECT_EQ(made.findings.all()[0].level, Level::kError);
  EXPECT_EQ(Made({}, "site: ''").settings.site, "datadoghq.com");
}

TEST(HostSettings, AKeyThatNoHeaderMayHoldIsNone) {
  for (const char* key : {"ab\x01"
                          "c",
                          "schl\xC3\xBCssel", "a\nb"}) {
    const Made made({{"DD_API_KEY", key}}, "");
    EXPECT_EQ(made.settings.api_key, "");
    EXPECT_EQ(made.finding(),
              "DD_API_KEY: api_key holds bytes that no key has (other than visible ASCII); it counts as not set");
  }
}

TEST(HostSettings, ValuesOutsideTheirRangeLeaveTheDefault) {
  EXPECT_EQ(Made({{"DD_LIFECYCLE_API_PORT", "65536"}}, "").settings.lifecycle_port, 8124);
  EXPECT_EQ(Made({{"DD_FLUSH_TIMEOUT", "0"}}, "").settings.flush_timeout, std::chrono::seconds(30));
  EXPECT_EQ(Made({{"DD_COMPRESSION_LEVEL", "23"}}, "").settings.compression_level, 1);
  const Made made({{"DD_LOG_LEVEL", "loud"}}, "");
  EXPECT_EQ(made.settings.log_level, "info");
  EXPECT_EQ(made.finding(),
            "DD_LOG_LEVEL: log_level is \"loud\"; wanted off, error, warn, info or debug; info is used");
}

TEST(HostTable, NamesNoKeyAndNoVariableTwice) {
  std::set<std::string> names;
  std::size_t count = 0;
  for (const sls_option& row : host_table().rows()) {
    for (const std::string& path : OptionTable::yaml_paths(host_table(), row)) names.insert(path), ++count;
    for (const std::string& name : OptionTable::env_names(host_table(), row)) names.insert(name), ++count;
  }
  EXPECT_EQ(names.size(), count);
}

std::vector<sls_option> every_type() {
  std::vector<sls_option> rows;
  for (const char* type : {"bool", "int", "uint", "float", "string", "string_or_int", "duration_s", "duration_us",
                           "csv", "key_values", "list", "map", "json"})
    rows.push_back(testing::row({type, "", "", type}));
  rows.push_back(testing::row({"with", "section.with", "DD_WITH", "csv", "a, b|c"}));
  return rows;
}

std::string uncommented(const std::string& reference) {
  std::string out;
  for (std::size_t at = 0; at < reference.size();) {
    const std::size_t end = reference.find('\n', at);
    const std::string_view line = std::string_view(reference).substr(at, end - at);
    if (line.starts_with("# ")) out.append(line.substr(2)).append("\n");
    at = end + 1;
  }
  return out;
}

TEST(Reference, OfYamlIsReadWithoutAFindingWhenUncommented) {
  const auto rows = every_type();
  const OptionTable acme("acme", rows.data(), rows.size());
  const OptionTable* tables[] = {&host_table(), &acme};
  const std::string reference = yaml_reference(tables);
  Findings findings;
  const std::string yaml = uncommented(reference);
  const Sources sources = Sources::from_text({}, "y", yaml, findings);
  const Resolved host = sources.resolve(host_table(), findings);
  const Resolved plugin = sources.resolve(acme, findings);
  const std::vector<std::string> ids = {"acme"};
  sources.report_unknown(tables, ids, findings);
  for (const Finding& finding : findings.all()) ADD_FAILURE() << finding.text << "\n" << yaml;
  for (const Value& value : host.values())
    if (value.row->fallback.len != 0) {
      EXPECT_EQ(value.origin.kind, Origin::Kind::kFile) << reference;
    }
  EXPECT_EQ(plugin.list("with"), (std::vector<std::string>{"a", "b|c"}));
  // as it stands it holds nothing
  EXPECT_EQ(Sources::from_text({}, "y", reference, findings).resolve(acme, findings).find("with")->origin.where,
            "default");
}

TEST(Reference, OfMarkdownHasARowForEachSettingWithAllItsNames) {
  const auto rows = every_type();
  const OptionTable acme("acme", rows.data(), rows.size());
  const OptionTable* tables[] = {&host_table(), &acme};
  const std::string page = markdown_reference(tables);
  for (const OptionTable* table : tables)
    for (const sls_option& row : table->rows()) {
      for (const std::string& path : OptionTable::yaml_paths(*table, row))
        EXPECT_NE(page.find("`" + path + "`"), std::string::npos) << path;
      for (const std::string& name : OptionTable::env_names(*table, row))
        EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << name;
    }
  EXPECT_NE(page.find("`a, b\\|c`"), std::string::npos) << page;
}

}  // namespace
}  // namespace agent
