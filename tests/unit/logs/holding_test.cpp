// Lines that wait for what becomes known of their invocation.
#include <gtest/gtest.h>

#include "world_under_test.hpp"

namespace logs {
namespace {

Options debug_of_failed(std::uint32_t slow_ms = 0) {
  Options options{};
  options.keep_debug_of_failed_only = true;
  options.keep_debug_slow_ms = slow_ms;
  return options;
}

TEST(KeepDebugOfFailedOnly, DropsTheDebugLinesOfWhatWentWellAndCountsThem) {
  World world(debug_of_failed());
  world.start();
  world.function("plain");
  world.function(R"({"level":"debug","m":1})");
  world.function(R"({"level":"warn","m":2})");
  world.record(SLS_RECORD_EXTENSION, "of an extension", "id-1");
  EXPECT_EQ(world.pipeline().pending(), 5U);
  world.expect_balance();
  world.done("id-1");
  world.function("after the end");
  EXPECT_EQ(world.shipped(), (Texts{"id-1 START RequestId: id-1 Version: $LATEST", R"(id-1 {"level":"warn","m":2})",
                                    "id-1 END RequestId: id-1"}));
  EXPECT_EQ(world.counts().dropped_debug_of_success, 4U);
  world.expect_balance();
}

TEST(KeepDebugOfFailedOnly, ShipsThemOfWhatFailedTimedOutOrWasSlow) {
  const struct {
    std::string_view status, ms;
    bool shipped;
  } kCases[] = {{"error", "5", true},    {"failure", "5", true},    {"timeout", "3000", true},
                {"success", "5", false}, {"success", "1000", true}, {"success", "999.9", false}};
  for (const auto& each : kCases) {
    World world(debug_of_failed(1000));
    world.function("why");
    world.done("id-1", each.status, each.ms);
    EXPECT_EQ(world.shipped()[0] == "id-1 why", each.shipped) << each.status << " " << each.ms;
    world.expect_balance();
  }
}

TEST(KeepDebugOfFailedOnly, KeepsInvocationsApartAndBelievesTheReportWhereNoEndCame) {
  World world(debug_of_failed(), true);
  world.function("good", "a");
  world.function("bad", "b");
  world.function("nobody's", "");
  world.platform(SLS_RECORD_REPORT, R"({"status":"success","metrics":{"durationMs":1}})", "a");
  world.platform(SLS_RECORD_REPORT, R"({"status":"error","metrics":{"durationMs":1}})", "b");
  const Texts shipped = world.shipped();
  EXPECT_EQ(shipped[0], "- nobody's");
  EXPECT_EQ(shipped[2], "b bad");
  EXPECT_EQ(world.counts().dropped_debug_of_success, 1U);
  world.expect_balance();
}

TEST(KeepDebugOfFailedOnly, ShipsAtShutdownWhatNobodySaidTheEndOf) {
  World world(debug_of_failed());
  world.start();
  world.function("cut off");
  EXPECT_EQ(world.shipped(true).back(), "id-1 cut off");
  world.expect_balance();
}

TEST(KeepDebugOfFailedOnly, DropsTheOldestWhereThereIsNoRoom) {
  World world(debug_of_failed());
  const std::string large(1 << 20, 'x');
  for (int i = 0; i < 6; ++i) world.function(std::to_string(i) + large);
  EXPECT_LE(world.pipeline().pending_bytes(), kHeldBytesMax);
  EXPECT_EQ(world.counts().dropped_debug_full, 3U);
  world.expect_balance();
  world.done("id-1", "error");
  EXPECT_EQ(world.shipped()[0].substr(0, 6), "id-1 3");
  for (std::size_t i = 0; i < kDebugIdsMax + 2; ++i) world.function("x", "id " + std::to_string(i));
  EXPECT_EQ(world.counts().dropped_debug_full, 5U) << "the two oldest invocations";
  world.expect_balance();
}

Options durable(std::uint32_t ids) {
  Options options{};
  options.durable_log_buffer_size = ids;
  return options;
}
constexpr std::string_view kDurable = R"({"runtimeVersion":"nodejs:22.DurableFunction.v9"})";

void note(World& world, std::string_view id, std::string_view name, std::string_view value) {
  world.pipeline().on_note(id, "aws.durable." + std::string(name), value);
}
void known(World& world, std::string_view id) {
  note(world, id, "execution_id", "e-" + std::string(id));
  note(world, id, "execution_name", "order");
  note(world, id, "first_invocation", "true");
  note(world, id, "execution_status", "SUCCEEDED");
}

TEST(DurableFunctions, HoldLinesUntilTheirExecutionIsKnown) {
  World world(durable(2));
  world.platform(SLS_RECORD_INIT_START, kDurable, "");
  world.start();
  world.function("line");
  world.done("id-1");
  EXPECT_EQ(world.raw(), Texts{});
  EXPECT_EQ(world.pipeline().pending(), 4U) << "the INIT_START line has the id of what released it";
  note(world, "id-1", "execution_id", "e-1");
  EXPECT_EQ(world.raw(), Texts{}) << "half of it is not known yet";
  known(world, "id-1");
  const Texts entries = world.raw();
  ASSERT_EQ(entries.size(), 4U);
  constexpr std::string_view kBoth =
      R"("durable_function.execution_id":"e-1","durable_function.execution_name":"order")";
  for (const std::string& entry : entries) EXPECT_NE(entry.find(kBoth), std::string::npos) << entry;
  constexpr std::string_view kFirst = R"("durable_function.first_invocation":true)";
  constexpr std::string_view kStatus = R"("durable_function.execution_status":"SUCCEEDED")";
  for (const std::string& entry : entries) {
    const bool end = entry.find("END RequestId:") != std::string::npos;
    const bool start = entry.find("START RequestId:") != std::string::npos;
    EXPECT_EQ(entry.find(kFirst) != std::string::npos, end || start) << entry;
    EXPECT_EQ(entry.find(kStatus) != std::string::npos, end) << entry;
  }
  world.function("later");
  EXPECT_EQ(world.raw().size(), 1U) << "what is known need not wait";
}

TEST(DurableFunctions, LetGoOfTheOldestInvocationAtTheirBoundAndOfAllAtShutdown) {
  World world(durable(2));
  world.platform(SLS_RECORD_INIT_START, kDurable, "x");
  world.function("a", "1");
  world.function("b", "2");
  EXPECT_EQ(world.shipped().size(), 1U) << "the INIT_START line made room";
  world.function("c", "3");
  EXPECT_EQ(world.shipped(), Texts{"1 a"});
  EXPECT_EQ(world.shipped(true), (Texts{"2 b", "3 c"}));
  world.expect_balance();
}

TEST(DurableFunctions, HoldNothingWhereTheFunctionIsAnOrdinaryOne) {
  World world(durable(10));
  world.function("before anything is known");
  EXPECT_EQ(world.shipped(), Texts{});
  world.platform(SLS_RECORD_INIT_START, R"({"runtimeVersion":"python:3.12.v1"})", "id-0");
  world.function("line");
  EXPECT_EQ(world.shipped()[0], "id-1 before anything is known");
  EXPECT_EQ(world.pipeline().pending(), 0U);
  World off;
  off.platform(SLS_RECORD_INIT_START, kDurable, "id-0");
  off.function("line");
  EXPECT_EQ(off.shipped().size(), 2U) << "the option is off";
}

TEST(DurableFunctions, ShipLinesThatNameTheirExecutionAtOnce) {
  World world(durable(10));
  world.platform(SLS_RECORD_INIT_START, kDurable, "x");
  sls_record one{};
  one.kind = SLS_RECORD_FUNCTION;
  one.request_id = {"id-1", 4};
  constexpr std::string_view kJson = R"({"executionArn":"arn:aws:lambda:x/durable-execution/order/e-9"})";
  one.json = one.text = {kJson.data(), kJson.size()};
  world.pipeline().on_telemetry({sizeof(sls_telemetry), sizeof(sls_record), 1, &one, 0});
  ASSERT_EQ(world.raw().size(), 1U);
}

TEST(DurableFunctions, RememberABoundedNumberOfExecutions) {
  World world(durable(10));
  world.platform(SLS_RECORD_INIT_START, kDurable, "x");
  for (std::size_t i = 0; i <= kDurableContextsMax; ++i) known(world, "r" + std::to_string(i));
  world.raw(true);
  world.function("forgotten", "r0");
  world.function("remembered", "r1");
  EXPECT_EQ(world.shipped(), Texts{"r1 remembered"});
  EXPECT_EQ(world.shipped(true), Texts{"r0 forgotten"});
}

}  // namespace
}  // namespace logs
