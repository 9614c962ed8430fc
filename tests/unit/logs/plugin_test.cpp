// The plugin as the host sees it: through its table, linked in and as the shared object that is shipped.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <sls/testing.hpp>

extern "C" const sls_plugin* sls_plugin_v1(void);

namespace logs {
namespace {

using sls::testing::HandedOut;
using sls::testing::Setup;
using sls::testing::TableDriver;
using sls::testing::TelemetryRecord;

TelemetryRecord line(std::string_view text, std::string_view id = "id-1") {
  return {.kind = sls::RecordKind::function, .text = std::string(text), .request_id = std::string(id)};
}

Setup with_options(sls::testing::Strings options) {
  Setup setup;
  setup.options = std::move(options);
  return setup;
}

TEST(LogsPlugin, ShipsABatchTheWayTheIntakeTakesIt) {
  TableDriver driver(*sls_plugin_v1());
  driver.telemetry({line("one"), line("two")});
  const std::vector<HandedOut> payloads = driver.flush();
  ASSERT_EQ(payloads.size(), 1u);
  const HandedOut& payload = payloads[0];
  EXPECT_EQ(payload.method, "POST");
  EXPECT_EQ(payload.path, "/api/v2/logs");
  EXPECT_EQ(payload.content_type, "application/json");
  EXPECT_EQ(payload.compress, sls::Compress::zstd);
  EXPECT_EQ(payload.level, 0) << "the host's";
  EXPECT_EQ(sls::testing::find(payload.headers, "DD-PROTOCOL"), "agent-json");
  EXPECT_EQ(payload.items, 2u);
  EXPECT_TRUE(payload.body.starts_with(R"([{"message":{"message":"one")")) << payload.body;
  EXPECT_TRUE(payload.body.ends_with(R"("ddsource":"lambda"}])")) << payload.body;
  EXPECT_EQ(driver.intakes().at(0).at(0).url, "https://http-intake.logs.{site}");
  driver.deliver(payload);
  EXPECT_EQ(driver.counter("delivered"), 2u);
  EXPECT_TRUE(driver.faults().empty()) << driver.faults()[0];
}

TEST(LogsPlugin, KeepsItsLedgerAtEveryMoment) {
  TableDriver driver(*sls_plugin_v1());
  const auto balanced = [&] { return driver.ledger().balances(); };
  driver.telemetry({line("early", ""), line("one"), line("hidden")});
  EXPECT_TRUE(balanced());
  TelemetryRecord hidden = line("taken out by another");
  hidden.dropped = true;
  driver.telemetry({hidden});
  EXPECT_TRUE(balanced());
  driver.flush();
  EXPECT_TRUE(balanced());
  driver.telemetry({line("late", "")});
  driver.flush(sls::FlushReason::shutdown);
  EXPECT_TRUE(balanced());
  EXPECT_EQ(driver.ledger().pending, 0u);
}

TEST(LogsPlugin, FollowsItsOptions) {
  TableDriver driver(
      *sls_plugin_v1(),
      with_options({{"use_compression", "false"}, {"logs_dd_url", "127.0.0.1:8443"}, {"compression_level", "6"}}));
  driver.telemetry({line("x")});
  const auto payloads = driver.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].compress, sls::Compress::none);
  EXPECT_EQ(driver.intakes().at(0).at(0).url, "https://127.0.0.1:8443");
}

TEST(LogsPlugin, SaysAtErrorLevelWhatIsWrongWithARule) {
  TableDriver driver(
      *sls_plugin_v1(),
      with_options({{"processing_rules", R"([{"type":"mask_sequence","name":"cards","pattern":"4"}])"}}));
  ASSERT_FALSE(driver.logs().empty());
  EXPECT_EQ(driver.logs()[0].level, sls::LogLevel::error);
  EXPECT_NE(driver.logs()[0].text.find("\"cards\""), std::string::npos) << driver.logs()[0].text;
  EXPECT_NE(driver.logs()[0].text.find("did you mean mask_sequences?"), std::string::npos);
  driver.telemetry({line("card 4711")});
  EXPECT_EQ(driver.flush().at(0).body.find("4711"), std::string::npos);
}

TEST(LogsPlugin, WithholdsWhenTheSourceOfItsRulesIsUnreadable) {
  sls::testing::Setup setup;
  setup.unreadable = {{"processing_rules", "datadog.yaml:1:1: not yaml"}};
  TableDriver driver(*sls_plugin_v1(), setup);
  driver.telemetry({line("card 4711")});
  EXPECT_NE(driver.flush().at(0).body.find("[withheld: rule processing_rules]"), std::string::npos);
}

TEST(LogsPlugin, AsSharedObjectOpensItsRegexEngineFromBesideItself) {
  void* library = dlopen(SLS_LOGS_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  const auto entry = reinterpret_cast<const sls_plugin* (*)()>(dlsym(library, SLS_ENTRY));
  ASSERT_NE(entry, nullptr);
  {
    TableDriver driver(*entry(), with_options({{"processing_rules",
                                                R"([{"type":"mask_sequences","name":"digits","pattern":"\\d+",)"
                                                R"("replace_placeholder":"#"},)"
                                                R"({"type":"exclude_at_match","name":"noise","pattern":"debug"}])"}}));
    EXPECT_TRUE(driver.logs().empty()) << driver.logs()[0].text;
    driver.telemetry({line("card 4711"), line("debug")});
    const std::string body = driver.flush().at(0).body;
    EXPECT_NE(body.find("\"card #\""), std::string::npos) << body;
    EXPECT_EQ(body.find("debug"), std::string::npos);
    EXPECT_EQ(driver.counter("rules.digits.matched"), 1u);
    EXPECT_EQ(driver.counter("rules.noise.matched"), 1u);
    EXPECT_EQ(driver.counter("dropped.rule_excluded"), 1u);
  }
}

}  // namespace
}  // namespace logs
