#include <gtest/gtest.h>

#include "sls/testing.hpp"

namespace {

using sls::testing::TelemetryRecord;

struct Sampler : sls::testing::TableDriver {
  explicit Sampler(sls::testing::Setup setup = {}) : TableDriver(*sls_plugin_v1(), std::move(setup)) {}
  std::vector<std::string> shipped() const {
    std::vector<std::string> out;
    for (const TelemetryRecord& record : records()) out.push_back(record.text);
    return out;
  }
};
using Texts = std::vector<std::string>;

TEST(HoldingSampler, DropsTheDebugLinesOfAnInvocationThatWentWell) {
  Sampler sampler;
  sampler.invoke("req-1").log("INFO a").log("DEBUG b").log("{\"level\":\"debug\"}");
  EXPECT_EQ(sampler.ledger().pending, 2u);
  EXPECT_TRUE(sampler.ledger().balances());
  sampler.done("success");
  EXPECT_EQ(sampler.shipped(), Texts{"INFO a"});
  EXPECT_EQ(sampler.counter("dropped.held_debug"), 2u);
  EXPECT_TRUE(sampler.ledger().balances());
  EXPECT_EQ(sampler.state().pending_bytes, 0u);
}

TEST(HoldingSampler, ReleasesTheDebugLinesOfAFailedInvocation) {
  for (const char* status : {"error", "timeout", "failure"}) {
    Sampler sampler;
    sampler.invoke("req-1")
        .telemetry({{.text = "DEBUG a", .json = "\"DEBUG a\"", .time_ns = 17}})
        .log("INFO b")
        .done(status);
    EXPECT_EQ(sampler.shipped(), (Texts{"INFO b", "DEBUG a"})) << status;
    EXPECT_EQ(sampler.records()[1].request_id, "req-1");
    EXPECT_EQ(sampler.records()[1].json, "\"DEBUG a\"");
    EXPECT_EQ(sampler.records()[1].time_ns, 17);
    EXPECT_EQ(sampler.counter("dropped.held_debug"), 0u);
    EXPECT_TRUE(sampler.ledger().balances());
    EXPECT_TRUE(sampler.faults().empty());
  }
}

TEST(HoldingSampler, JudgesLinesThatComeAfterTheEndAtOnce) {
  Sampler sampler;
  sampler.invoke("good").done("success").log("DEBUG late");
  sampler.invoke("bad").done("error").log("DEBUG late too");
  EXPECT_EQ(sampler.shipped(), Texts{"DEBUG late too"});
  EXPECT_EQ(sampler.counter("dropped.held_debug"), 1u);
  EXPECT_TRUE(sampler.ledger().balances());
}

TEST(HoldingSampler, KeepsInvocationsApart) {
  Sampler sampler;
  sampler.telemetry({{.text = "DEBUG 1", .request_id = "a"}, {.text = "DEBUG 2", .request_id = "b"}});
  sampler.invoke("b").done("error");
  EXPECT_EQ(sampler.shipped(), Texts{"DEBUG 2"});
  EXPECT_EQ(sampler.ledger().pending, 1u);
}

TEST(HoldingSampler, LeavesAloneWhatBelongsToNobodyOrIsDroppedAlready) {
  Sampler sampler;
  sampler.log("DEBUG before any invocation");
  EXPECT_EQ(sampler.shipped(), Texts{"DEBUG before any invocation"});
  sampler.invoke("req-1").telemetry({{.text = "DEBUG dropped", .dropped = true}}).done("error");
  EXPECT_EQ(sampler.shipped().size(), 1u);
}

TEST(HoldingSampler, LetsTheOldestLinesGoWhenItIsFull) {
  Sampler sampler({.options = {{"held_bytes_max", "4000"}}});
  sampler.invoke("req-1");
  for (int i = 0; i < 10; ++i) sampler.log("DEBUG " + std::to_string(i) + std::string(1000, '.'));
  EXPECT_LE(sampler.state().pending_bytes, 4000u);
  EXPECT_TRUE(sampler.ledger().balances());
  sampler.done("error");
  EXPECT_EQ(sampler.shipped().size() + sampler.counter("dropped.held_full"), 10u);
  EXPECT_EQ(sampler.shipped().back().substr(0, 7), "DEBUG 9");
}

TEST(HoldingSampler, ReleasesWhatNobodyJudgedAtShutdown) {
  Sampler sampler;
  sampler.invoke("req-1").log("DEBUG a").shutdown();
  EXPECT_EQ(sampler.shipped(), Texts{"DEBUG a"});
  EXPECT_EQ(sampler.state().pending_bytes, 0u);
}

}  // namespace
