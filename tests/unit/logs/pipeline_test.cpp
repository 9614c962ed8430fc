#include "pipeline.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "world_under_test.hpp"

namespace logs {
namespace {

TEST(Pipeline, WritesTheWireObjectByteForByte) {
  World world;
  world.function("a \"b\" \\ / \n\x01 \xC3\xA9 \xFF");
  EXPECT_EQ(world.raw(),
            (Texts{R"({"message":{"message":"a \"b\" \\ / \n\u0001 )"
                   "\xC3\xA9 \xEF\xBF\xBD"
                   R"(","lambda":{"arn":"arn:aws:lambda:eu-west-1:1:function:f","request_id":"id-1"},)"
                   R"("timestamp":1001,"status":"info"},"hostname":"arn:aws:lambda:eu-west-1:1:function:f",)"
                   R"("service":"shop","ddtags":"env:prod \"x\",a:b","ddsource":"lambda"})"}));
}

TEST(Pipeline, AppendsTheTagsOfALineToThoseOfTheSandbox) {
  World world;
  world.function(R"({"ddtags":"team:x","level":"error"})");
  world.function(R"({"ddtags":""})");
  const auto entries = world.raw();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(boost::json::parse(entries[0]).at("ddtags").as_string(), "env:prod \"x\",a:b,team:x");
  EXPECT_EQ(boost::json::parse(entries[0]).at("message").at("status").as_string(), "error");
  EXPECT_EQ(boost::json::parse(entries[1]).at("ddtags").as_string(), "env:prod \"x\",a:b") << "no comma behind nothing";
}

TEST(Pipeline, HoldsLinesWithoutAnIdUntilOneIsKnown) {
  World world;
  world.function("cold 1", "");
  world.record(SLS_RECORD_EXTENSION, "cold 2", "");
  EXPECT_EQ(world.pipeline().pending(), 2u);
  EXPECT_EQ(world.shipped(), Texts{});
  world.start();
  world.function("warm");
  EXPECT_EQ(world.shipped(),
            (Texts{"id-1 START RequestId: id-1 Version: $LATEST", "id-1 cold 1", "id-1 cold 2", "id-1 warm"}));
  world.expect_balance();
}

TEST(Pipeline, GivesHeldLinesTheIdOfTheRecordThatReleasesThem) {
  World world;
  world.function("early", "");
  world.function("object with an id", "its-own");
  EXPECT_EQ(world.shipped(), (Texts{"its-own object with an id", "its-own early"}));
}

TEST(Pipeline, ReleasesHeldLinesEvenWhenTheStartLineIsExcluded) {
  World world(R"x([{"type":"exclude_at_match","name":"e","pattern":"(START|secret)"}])x");
  world.function("cold", "");
  world.function("a secret", "");
  world.start();
  EXPECT_EQ(world.shipped(), (Texts{"id-1 cold"}));
  EXPECT_EQ(world.counts().dropped_rule_excluded, 2u);
  world.expect_balance();
}

TEST(Pipeline, ShipsHeldLinesWithoutAnIdAtShutdown) {
  World world;
  world.function("why the init failed", "");
  EXPECT_EQ(world.shipped(false), Texts{});
  EXPECT_EQ(world.shipped(true), (Texts{"- why the init failed"}));
  EXPECT_EQ(world.counts().unattributed, 1u);
  world.expect_balance();
}

TEST(Pipeline, HoldsNoMoreThanItsBoundAndLosesNothingBeyondIt) {
  World world;
  const std::string line(1 << 20, 'x');
  for (int i = 0; i < 6; ++i) world.function(line, "");
  EXPECT_LE(world.pipeline().pending_bytes(), kOrphanBytesMax + 4 * kEntryBytesMax);
  EXPECT_GE(world.counts().unattributed, 2u);
  EXPECT_EQ(world.shipped(true).size(), 6u);
  world.expect_balance();
}

TEST(Pipeline, HoldsNothingOnManagedInstances) {
  World world("", true);
  world.function("between", "");
  world.start();
  world.function("during", "");
  EXPECT_EQ(world.shipped(), (Texts{"- between", "id-1 START RequestId: id-1 Version: $LATEST", "- during"}));
}

TEST(Pipeline, CountsWhatAnotherPluginTookOut) {
  World world;
  world.record(SLS_RECORD_FUNCTION, "hidden", "id-1", SLS_RECORD_DROP);
  EXPECT_EQ(world.shipped(), Texts{});
  EXPECT_EQ(world.counts().dropped_edited_out, 1u);
  world.expect_balance();
}

TEST(Pipeline, MasksAndCountsEachDroppedLineOnce) {
  World world(R"([{"type":"mask_sequences","name":"m","pattern":"\\d+","replace_placeholder":"#"},
                  {"type":"exclude_at_match","name":"e","pattern":"debug"}])");
  world.function("card 4711");
  world.function("debug 1");
  world.function("plain");
  EXPECT_EQ(world.shipped(), (Texts{"id-1 card #", "id-1 plain"}));
  EXPECT_EQ(world.counts().masked, 1u) << "what was dropped later is not shipped masked";
  world.expect_balance();
}

TEST(Pipeline, MasksAcrossABrokenByte) {
  World world(R"([{"type":"mask_sequences","name":"m","pattern":"key=.+","replace_placeholder":"key=#"}])");
  world.function("key=abc\xFFsecret");
  EXPECT_EQ(world.shipped(), (Texts{"id-1 key=#"}));
}

TEST(Pipeline, WithholdsTheTextAndWhatCameOutOfIt) {
  World world(R"([{"type":"mask_sequences","name":"m","pattern":"("}])");
  world.function(R"({"ddtags":"card:4711","level":"error","card":"4711"})");
  world.start();
  const auto entries = world.raw();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].find("4711"), std::string::npos);
  EXPECT_NE(entries[0].find("[withheld: rule m]"), std::string::npos);
  EXPECT_NE(entries[0].find("\"request_id\":\"id-1\""), std::string::npos);
  EXPECT_NE(entries[1].find("START RequestId"), std::string::npos) << "platform lines go as they are";
  EXPECT_EQ(world.counts().withheld, 1u);
}

TEST(Pipeline, CutsBatchesAtAThousandEntries) {
  World world;
  for (int i = 0; i < 1001; ++i) world.function("x");
  EXPECT_EQ(world.pipeline().next_batch(false).size(), 1000u);
  EXPECT_EQ(world.pipeline().next_batch(false).size(), 1u);
  EXPECT_TRUE(world.pipeline().next_batch(false).empty());
}

TEST(Pipeline, CutsBatchesAtFiveMebibytes) {
  World world;
  for (int i = 0; i < 12; ++i) world.function(std::string(900'000, 'a'));
  std::size_t entries = 0;
  while (true) {
    const auto parts = world.pipeline().next_batch(false);
    if (parts.empty()) break;
    std::size_t bytes = 1 + parts.size();
    for (const sls_part& part : parts) bytes += part.bytes.len;
    EXPECT_LE(bytes, kBatchBytesMax);
    entries += parts.size();
  }
  EXPECT_EQ(entries, 12u);
}

TEST(Pipeline, CutsOversizedTextsAtACharacterAndMarksThem) {
  std::string text;
  while (text.size() < (6 << 20)) text += "\xC3\xA9\n\"";
  World world;
  world.function(text);
  world.function("short");
  const auto entries = world.raw();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_LE(entries[0].size(), kEntryBytesMax);
  EXPECT_GT(entries[0].size(), kEntryBytesMax - 64);
  const auto message = std::string(boost::json::parse(entries[0]).at("message").at("message").as_string());
  ASSERT_TRUE(message.ends_with(kTruncatedMarker));
  EXPECT_TRUE(text.starts_with(message.substr(0, message.size() - kTruncatedMarker.size())));
  EXPECT_EQ(world.counts().truncated, 1u);
}

TEST(Pipeline, BoundsTagsAndIdsThatAFunctionInvents) {
  World world;
  world.function(R"({"ddtags":"a:b,)" + std::string(3 << 20, 'c') + R"("})", std::string(5000, 'i'));
  const auto entries = world.raw();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_LT(entries[0].size(), 3000u);
  EXPECT_EQ(boost::json::parse(entries[0]).at("ddtags").as_string(), "env:prod \"x\",a:b,a:b");
}

TEST(Pipeline, DropsTheNewestFunctionLinesWhenFullAndNeverPlatformLines) {
  World world("", false, 1 << 20);
  for (int i = 0; i < 5000; ++i) world.function(std::string(1000, 'x'));
  for (int i = 0; i < 300; ++i) world.start();
  world.pipeline();
  EXPECT_LE(world.pipeline().pending_bytes(), std::size_t{1} << 20);
  const auto texts = world.shipped();
  EXPECT_EQ(std::count_if(texts.begin(), texts.end(), [](const std::string& t) { return t.find("START") != t.npos; }),
            300);
  EXPECT_GT(world.counts().dropped_buffer_full, 4000u);
  world.expect_balance();
}

TEST(Pipeline, ShowsFactsOfTheSandboxThatWereLearntLater) {
  World world;
  sls_sandbox sandbox = World::sandbox(false);
  sandbox.service = str("renamed");
  world.pipeline().on_sandbox(sandbox);
  world.function("x");
  EXPECT_NE(world.raw().at(0).find("\"service\":\"renamed\""), std::string::npos);
}

}  // namespace
}  // namespace logs
