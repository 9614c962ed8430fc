// The enhanced metrics as they leave the plugin: what it asks for, what it ships, and how the ledger stands.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "metrics.pb.h"
#include "sls/testing.hpp"

namespace {

using sls::testing::TableDriver;
using sls::testing::TelemetryRecord;

struct Plugin : TableDriver {
  explicit Plugin(sls::testing::Setup setup = {}) : TableDriver(*sls_plugin_v1(), std::move(setup)) {}

  TableDriver& platform(sls::RecordKind kind, std::string id, std::string json) {
    return telemetry({{.kind = kind, .request_id = std::move(id), .json = std::move(json)}});
  }
  // name -> number of samples, of all sketches of a flush.
  std::map<std::string, std::int64_t> shipped() {
    std::map<std::string, std::int64_t> out;
    for (const auto& payload : flush()) {
      lab::wire::SketchPayload decoded;
      if (payload.path != "/api/beta/sketches" || !decoded.ParseFromString(payload.body)) continue;
      for (const auto& sketch : decoded.sketches())
        for (const auto& point : sketch.dogsketches()) out[sketch.metric()] += point.cnt();
    }
    return out;
  }
};

const sls::testing::Setup kNoProc{.options = {{"lambda_proc_enhanced_metrics", "false"}}};

TEST(EnhancedDoor, ShipsAnInvocationAsDistributionsAndBalances) {
  Plugin plugin(kNoProc);
  plugin.platform(sls::RecordKind::init_start, "", R"({"runtimeVersion":"nodejs:20"})");
  plugin.invoke("a");
  plugin.platform(sls::RecordKind::runtime_done, "a",
                  R"({"requestId":"a","status":"success","metrics":{"durationMs":5,"producedBytes":7}})");
  plugin.platform(sls::RecordKind::report, "a",
                  R"({"requestId":"a","status":"success","metrics":{"durationMs":6,"billedDurationMs":7,)"
                  R"("memorySizeMB":128,"maxMemoryUsedMB":60}})");
  EXPECT_EQ(plugin.ledger().pending, 9u);
  const auto shipped = plugin.shipped();
  std::vector<std::string> names;
  for (const auto& [name, count] : shipped) {
    EXPECT_EQ(count, 1) << name;
    names.push_back(name.substr(20));
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"billed_duration", "duration", "estimated_cost", "invocations", "max_memory_used",
                                      "memorysize", "post_runtime_duration", "produced_bytes", "runtime_duration"}));
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_TRUE(plugin.faults().empty());
}

TEST(EnhancedDoor, NotesTheRuntimeForOtherPluginsOnceWhereItHadToBeAskedFor) {
  Plugin plugin({.options = kNoProc.options, .runtime = ""});
  for (const char* id : {"a", "b"}) plugin.invoke(id);
  ASSERT_EQ(plugin.notes().size(), 1u);
  EXPECT_EQ(plugin.notes()[0].request_id, "a");
  EXPECT_EQ(plugin.notes()[0].key, "runtime");
  EXPECT_FALSE(plugin.notes()[0].value.empty());
}

TEST(EnhancedDoor, CountsALibrarysCopiesOnceAndLetsItsOtherMetricsPass) {
  Plugin plugin(kNoProc);
  plugin.invoke("a").packets(
      {"aws.lambda.enhanced.invocations:1|d|#functionname:demo\naws.lambda.enhanced.errors:1|d|#functionname:demo\n"
       "aws.lambda.enhanced.errors:1:1|c\naws.lambda.enhanced.batch_item_failures:3|d"});
  plugin.platform(sls::RecordKind::runtime_done, "a", R"({"requestId":"a","status":"error"})");
  const auto shipped = plugin.shipped();
  EXPECT_EQ(shipped, (std::map<std::string, std::int64_t>{{"aws.lambda.enhanced.invocations", 1},
                                                          {"aws.lambda.enhanced.errors", 1},
                                                          {"aws.lambda.enhanced.batch_item_failures", 1}}));
  EXPECT_EQ(plugin.counter("dropped.counted_already"), 4u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(EnhancedDoor, CountsALibrarysErrorWhenNothingIsKnownOfAnInvocation) {
  Plugin plugin(kNoProc);
  plugin.packets({"aws.lambda.enhanced.errors:1|d"});
  EXPECT_EQ(plugin.shipped().at("aws.lambda.enhanced.errors"), 1);
}

TEST(EnhancedDoor, AsksForNothingAndMakesNothingWhenItIsSwitchedOff) {
  Plugin plugin({.options = {{"enhanced_metrics", "false"}}});
  EXPECT_EQ(plugin.telemetry_kinds(), 0u);
  EXPECT_EQ(plugin.tick_ns(), 0);
  plugin.invoke("a").packets({"aws.lambda.enhanced.errors:1|d", "aws.lambda.enhanced.invocations:1|d"}).tick();
  plugin.platform(sls::RecordKind::runtime_done, "a", R"({"requestId":"a","status":"timeout"})");
  plugin.shutdown();
  EXPECT_TRUE(plugin.shipped().empty());
  EXPECT_EQ(plugin.counter("dropped.counted_already"), 2u);
}

TEST(EnhancedDoor, AsksForTicksOnlyWhenItReadsTheMachine) {
  EXPECT_EQ(Plugin().tick_ns(), 10'000'000);
  EXPECT_EQ(Plugin(kNoProc).tick_ns(), 0);
}

TEST(EnhancedDoor, SeesALineThatAnotherPluginHasDropped) {
  Plugin plugin(kNoProc);
  plugin.invoke("a").telemetry(
      {{.text = "FATAL ERROR: JavaScript heap out of memory", .request_id = "a", .dropped = true}});
  EXPECT_EQ(plugin.shipped().at("aws.lambda.enhanced.out_of_memory"), 1);
}

TEST(EnhancedDoor, MeasuresTheMachineWhileAnInvocationIsOpen) {
  Plugin plugin;
  plugin.invoke("a");
  for (int n = 0; n < 20; ++n) plugin.advance(std::chrono::milliseconds(10)).tick();
  plugin.platform(sls::RecordKind::runtime_done, "a", R"({"requestId":"a","status":"success"})");
  const auto shipped = plugin.shipped();
  for (const char* name : {"fd_use", "threads_use", "fd_max", "threads_max"})
    EXPECT_EQ(shipped.count(std::string("aws.lambda.enhanced.") + name), 1u) << name;
}

}  // namespace
