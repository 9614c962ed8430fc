// Names that no row has: which are named with a suggestion, which are passed over.
#include <algorithm>
#include <memory>

#include "rows.hpp"

namespace agent {
namespace {

using testing::row;

class UnknownNames : public ::testing::Test {
 protected:
  UnknownNames() {
    const std::vector<sls_option> rows = {row({"rules", "logs_config.rules", "DD_LOGS_CONFIG_RULES", "json"}),
                                          row({"size", "", "", "int"})};
    plugin_ = std::make_unique<OptionTable>("acme", rows.data(), rows.size());
  }

  std::string said(Sources::Environment environment, std::string_view yaml) {
    Findings findings;
    const Sources sources = Sources::from_text(std::move(environment), "y", yaml, findings);
    const OptionTable* tables[] = {&host_table(), plugin_.get()};
    const std::vector<std::string> ids = {"acme", "dormant"};
    sources.report_unknown(tables, ids, findings);
    std::string text;
    for (const Finding& finding : findings.all())
      if (finding.level != Level::kDebug) text += finding.text + "\n";
    return text;
  }

  std::unique_ptr<OptionTable> plugin_;
};

struct YamlCase {
  std::string_view yaml, said;
};

TEST_F(UnknownNames, OfTheFileAreNamedWithTheNearestValidOne) {
  const std::vector<YamlCase> cases = {
      {"sit: a", "y:1:1: sit is not known; did you mean site?\n"},
      {"log_config: {rules: []}", "y:1:1: log_config is not known; did you mean logs_config?\n"},
      {"logs_config: {rule: []}", "y:1:15: logs_config.rule is not known; did you mean logs_config.rules?\n"},
      {"logs_config: [1]", "y:1:1: logs_config is a list; wanted a map of settings; it is ignored\n"},
      {"proxy: http://p:1", "y:1:1: proxy is a text; wanted a map of settings; it is ignored\n"},
      {"wholly_different: 1", "y:1:1: wholly_different is not known; it is ignored\n"},
      {"plugins: {acme: {sizes: 1}}", "y:1:18: plugins.acme.sizes is not known; did you mean plugins.acme.size?\n"},
      {"plugins: {acmee: {size: 1}}", "y:1:11: plugins.acmee: there is no plugin acmee; did you mean acme?\n"},
      {"kms_api_key: a", "y:1:1: kms_api_key is not supported by this agent and has no effect\n"},
  };
  for (const YamlCase& given : cases) EXPECT_EQ(said({}, given.yaml), given.said) << given.yaml;
}

TEST_F(UnknownNames, OfTheFileArePassedOverWhereTheyAreValidElsewhere) {
  for (std::string_view yaml :
       {"hostname: a", "apm_config: {enabled: true}", "process_config: {enabled: true}", "site: a\nenv: b",
        "logs_config: {rules: [{anything: 1}]}", "plugins: {dormant: {anything: 1}, order: [a]}", "logs_config:", ""})
    EXPECT_EQ(said({}, yaml), "") << yaml;
}

struct VariableCase {
  std::string name;
  std::string_view said;
};

TEST_F(UnknownNames, OfTheEnvironment) {
  const std::vector<VariableCase> cases = {
      {"DD_SITEE", "DD_SITEE is not known; did you mean DD_SITE?\n"},
      {"DATADOG_SITEE", "DATADOG_SITEE is not known; did you mean DD_SITE?\n"},
      {"DD_LOGS_CONFIG_RULE", "DD_LOGS_CONFIG_RULE is not known; did you mean DD_LOGS_CONFIG_RULES?\n"},
      {"DD_PLUGINS_ACME_SIZES", "DD_PLUGINS_ACME_SIZES is not known; did you mean DD_PLUGINS_ACME_SIZE?\n"},
      {"DD_PLUGINS_NOBODY_AT_ALL_HERE", "DD_PLUGINS_NOBODY_AT_ALL_HERE is not known; it is ignored\n"},
      {"DD_API_KEY_SECRET_ARN", "DD_API_KEY_SECRET_ARN is not supported by this agent and has no effect\n"},
      {"DD_PLUGINS_DORMANT_SIZE", ""},
      {"DD_TRACE_ENABLED", ""},
      {"DD_APM_REPLACE_TAGS", ""},
      {"DD_SOMETHING_OF_THE_CUSTOMER", ""},
      {"dd_env", ""},
      {"DATADOG_ENV", ""},
      {"SITEE", ""},
  };
  for (const VariableCase& given : cases) EXPECT_EQ(said({{given.name, "1"}}, ""), given.said) << given.name;
  EXPECT_EQ(said({{"DD_SITEE", ""}}, ""), "");
}

TEST_F(UnknownNames, AreCheapEvenWhenThereAreTenThousand) {
  std::string yaml;
  for (int i = 0; i < 10'000; ++i) yaml += "a_rather_long_name_of_a_setting_" + std::to_string(i) + ": 1\n";
  const std::string text = said({}, yaml);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 50);
}

TEST(PluginSections, AreTheIdsThatAreMaps) {
  Findings findings;
  const auto ids = [&](std::string_view yaml) { return Sources::from_text({}, "y", yaml, findings).plugin_sections(); };
  EXPECT_EQ(ids("plugins: {order: [a], acme: {x: 1}, b: {}, c: 1}"), (std::vector<std::string>{"acme", "b"}));
  EXPECT_TRUE(ids("plugins: [acme, {a: 1}]").empty());
  EXPECT_TRUE(ids("").empty());
}

}  // namespace
}  // namespace agent
