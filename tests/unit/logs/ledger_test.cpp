// received = handed out + dropped + pending, at any moment, whatever comes and whatever is asked for.
#include <gtest/gtest.h>

#include <random>

#include "world_under_test.hpp"

namespace logs {
namespace {

std::uint64_t dropped(const Counts& now) {
  return now.dropped_edited_out + now.dropped_rule_excluded + now.dropped_unusable_mask + now.dropped_buffer_full
         + now.dropped_sampled_out + now.dropped_debug_of_success + now.dropped_debug_full;
}

constexpr std::string_view kRules = R"([
  {"type":"exclude_at_match","name":"e","pattern":"^(a+)+$"},
  {"type":"mask_sequences","name":"m","pattern":"(?:x|y){0,20}z","replace_placeholder":"${1"},
  {"type":"mask_sequences","name":"a","attribute":"user.email","pattern":".+","replace_placeholder":"?"},
  {"type":"exclude_at_match","name":"E","attribute":"n","pattern":"^7$"}])";

std::string text_of(std::mt19937& random) {
  switch (random() % 9) {
    case 0: return std::string(random() % 3000, 'a');
    case 1: return std::string("\0\x01 nul \xFF\xFE \xC3", 12);
    case 2: return R"({"level":"error","user":{"email":"bob@x"},"n":7})";
    case 3: return R"({"level":"debug","ddtags":"a:b","m":"\ud800"})";
    case 4: return R"({"user":{"email":"bob@x"},"n":8})";
    case 5: return std::string(random() % 5'000, 'z');
    case 6: return "sampled";
    case 7: return {};
    default: return "plain xyz";
  }
}

TEST(Ledger, BalancesAtEveryStepWithEverythingSwitchedOn) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    Options options{};
    options.buffer_bytes = 1 << 20;
    options.keep_debug_of_failed_only = seed % 2 == 0;
    options.keep_debug_slow_ms = 500;
    options.durable_log_buffer_size = seed % 3 == 0 ? 3 : 0;
    Findings findings;
    Pipeline pipeline(options, rules_from(kRules, findings), World::sandbox(seed % 4 == 0),
                      LogSampling(R"([{"pattern":"sampled","rate":0.3}])", "here", linked_engine, findings));
    ASSERT_TRUE(findings.all().empty());
    std::uint64_t handed_out = 0;
    const auto take = [&](bool at_shutdown) {
      const auto parts = pipeline.next_batch(at_shutdown);
      handed_out += parts.size();
      for (const sls_part& part : parts) EXPECT_LE(part.bytes.len, kEntryBytesMax);
      return !parts.empty();
    };
    for (int step = 0; step < 600; ++step) {
      const std::string id = random() % 5 == 0 ? "" : "id-" + std::to_string(random() % 6);
      const std::string text = text_of(random);
      constexpr std::string_view kEnds[] = {
          R"({"status":"success","metrics":{"durationMs":5}})", R"({"status":"success","metrics":{"durationMs":900}})",
          R"({"status":"timeout","metrics":{"durationMs":5}})", R"({)", R"({"runtimeVersion":"x.DurableFunction"})"};
      sls_record one{};
      one.kind = SLS_RECORD_FUNCTION + random() % SLS_RECORD_OTHER;
      if (random() % 2 == 0) one.kind = SLS_RECORD_FUNCTION;
      one.flags = random() % 20 == 0 ? SLS_RECORD_DROP : 0;
      one.request_id = str(id);
      one.json = str(kEnds[random() % 5]);
      one.text = {text.data(), text.size()};
      pipeline.on_telemetry({sizeof(sls_telemetry), sizeof(sls_record), 1, &one, 0});
      if (random() % 10 == 0) pipeline.on_note(id, "aws.durable.execution_id", "e");
      if (random() % 10 == 0) pipeline.on_note(id, "aws.durable.execution_name", "n");
      if (random() % 50 == 0) take(false);
      const Counts& now = pipeline.counts();
      ASSERT_EQ(now.received, handed_out + dropped(now) + pipeline.pending()) << seed << " at " << step;
    }
    while (take(true)) {
    }
    EXPECT_EQ(pipeline.pending(), 0U);
    EXPECT_EQ(pipeline.pending_bytes(), 0U);
    EXPECT_EQ(pipeline.counts().received, handed_out + dropped(pipeline.counts()));
  }
}

TEST(Ledger, ATextOfSixMegabytesIsCutMarkedAndCountedAndLetsTheNextOnePass) {
  World world;
  std::string text(6 << 20, '\0');
  for (std::size_t i = 0; i < text.size(); i += 3) text[i] = static_cast<char>(i % 251);
  world.function(text);
  world.function("short");
  const Texts entries = world.raw();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_LE(entries[0].size(), kEntryBytesMax);
  EXPECT_NE(entries[0].find(kTruncatedMarker), std::string::npos);
  EXPECT_EQ(world.counts().truncated, 1U);
}

TEST(Ledger, APatternOfAHundredKilobytesIsARuleLikeAnyOther) {
  std::string pattern;
  while (pattern.size() < 100'000) pattern += "word" + std::to_string(pattern.size()) + "|";
  ProcessingRules rules = rules_from(R"([{"type":"mask_sequences","name":"words","pattern":")" + pattern
                                     + R"(last","replace_placeholder":"?"}])");
  EXPECT_FALSE(rules.has_unusable_mask());
  EXPECT_EQ(rules.judge("a word0 and the last", true).text, "a ? and the ?");
  EXPECT_EQ(rules.judge("nothing", true).text, "nothing");
}

}  // namespace
}  // namespace logs
