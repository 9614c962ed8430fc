// What the patterns of all rules may take together, told by an engine that keeps count of what it is asked for.
#include "between/pattern_memory.hpp"

#include <gtest/gtest.h>

#include <map>

#include "rules_under_test.hpp"

namespace logs {
namespace {

struct Count {
  std::map<void*, std::int64_t> bytes_of;  // of what was compiled and not destroyed
  std::int64_t bytes = 0, most = 0;
  std::size_t compiled = 0;
};
Count count;

void* counted_compile(const char* pattern, std::size_t length, std::int64_t memory, char* error, std::size_t room) {
  void* made = sls_regex_engine_v1()->compile(pattern, length, memory, error, room);
  if (made == nullptr || memory < static_cast<std::int64_t>(PatternMemory::kShareBytesMin)) return made;
  count.bytes_of[made] = memory;
  count.bytes += memory;
  count.most = std::max(count.most, count.bytes);
  ++count.compiled;
  return made;
}

void counted_destroy(void* made) {
  const auto known = count.bytes_of.find(made);
  if (known != count.bytes_of.end()) count.bytes -= known->second, count.bytes_of.erase(known);
  sls_regex_engine_v1()->destroy(made);
}

const sls::RegexEngine* counting(std::string&) {
  static const sls::RegexEngine engine = [] {
    sls::RegexEngine counted = *sls_regex_engine_v1();
    counted.compile = counted_compile;
    counted.destroy = counted_destroy;
    return counted;
  }();
  return &engine;
}

ProcessingRules counted_rules(std::string_view json, Findings& findings) {
  count = {};
  return read_processing_rules({json, "here", {}, {}}, counting, findings);
}

std::string mask(const std::string& name, const std::string& pattern) {
  return R"({"type":"mask_sequences","name":")" + name + R"(","pattern":")" + pattern
         + R"(","replace_placeholder":"<$0>"})";
}

TEST(PatternMemory, AFewRulesHaveAllThatAPatternMayTake) {
  Findings findings;
  const ProcessingRules rules = counted_rules("[" + mask("a", "\\\\pL+") + "]", findings);
  EXPECT_EQ(count.bytes, static_cast<std::int64_t>(PatternMemory::kPatternBytes));
}

TEST(PatternMemory, ThousandsOfRulesStayWithinTheirSharesAndMaskAllTheSame) {
  std::string json = "[";
  for (int i = 0; i < 3000; ++i) json += (i > 0 ? "," : "") + mask("r", "id" + std::to_string(10'000 + i) + "x\\\\d*");
  Findings findings;
  ProcessingRules rules = counted_rules(json + "]", findings);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3000; i += 3) {
      const std::string id = "id" + std::to_string(10'000 + i) + "x7";
      ASSERT_EQ(rules.judge("a " + id + " b", true).text, "a <" + id + "> b");
    }
  }
  EXPECT_GT(count.compiled, 1000u) << "some were given up and compiled again";
  EXPECT_LE(count.most, static_cast<std::int64_t>(PatternMemory::kSharedBytes + PatternMemory::kShareBytesMin));
  EXPECT_TRUE(findings.all().empty());
}

TEST(PatternMemory, APatternThatIsStillUsedIsNotGivenUp) {
  std::string json = "[" + mask("always", "al+");
  for (int i = 0; i < 400; ++i) json += "," + mask("r", "id" + std::to_string(10'000 + i) + "x");
  Findings findings;
  ProcessingRules rules = counted_rules(json + "]", findings);
  for (int i = 0; i < 400; ++i) {
    const std::string id = "id" + std::to_string(10'000 + i) + "x";
    ASSERT_EQ(rules.judge("all " + id, true).text, "<all> <" + id + ">");
  }
  EXPECT_EQ(count.compiled, 401u);
}

// Each needs more than an ordinary pattern may take: a few of them fit, the others are refused, and not shipped.
TEST(PatternMemory, LargePatternsThatDoNotFitFailClosed) {
  std::string json = "[";
  for (int i = 0; i < 3; ++i)
    json += (i > 0 ? "," : "") + mask("large " + std::to_string(i), "(?:\\\\pL{700}" + std::to_string(i) + ")");
  Findings findings;
  ProcessingRules rules = counted_rules(json + "]", findings);
  EXPECT_LE(count.most, static_cast<std::int64_t>(PatternMemory::kSharedBytes + PatternMemory::kLargeBytes
                                                  + PatternMemory::kPatternBytesMax));
  ASSERT_FALSE(findings.all().empty());
  EXPECT_NE(findings.all()[0].text.find("large patterns may take 64 MiB together"), std::string::npos)
      << findings.all()[0].text;
  EXPECT_TRUE(rules.has_unusable_mask());
  EXPECT_EQ(rules.judge("a line", true).fate, ProcessingRules::Fate::kWithheld);
  EXPECT_EQ(rules.judge("START RequestId", false).fate, ProcessingRules::Fate::kKeep);
}

}  // namespace
}  // namespace logs
