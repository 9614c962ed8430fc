#include "wait.hpp"

#include <gtest/gtest.h>

#include <random>

namespace logs {
namespace {

std::size_t add(Wait& wait, std::string_view entry, bool platform = false) {
  wait.open(entry.size()) += entry;
  return wait.commit(platform);
}

std::vector<std::string> texts(std::span<const sls_part> parts) {
  std::vector<std::string> out;
  for (const sls_part& part : parts) out.emplace_back(part.bytes.data, part.bytes.len);
  return out;
}

std::vector<std::string> drain(Wait& wait) {
  std::vector<std::string> out;
  while (true) {
    const auto parts = texts(wait.take(3, 1 << 20));
    if (parts.empty()) return out;
    out.insert(out.end(), parts.begin(), parts.end());
  }
}

using Texts = std::vector<std::string>;

TEST(Wait, HandsOutInOrderByCount) {
  Wait wait(1 << 20);
  for (const char* entry : {"a", "b", "c"}) add(wait, entry);
  EXPECT_EQ(wait.pending(), 3u);
  EXPECT_EQ(texts(wait.take(2, 1000)), (Texts{"a", "b"}));
  EXPECT_EQ(wait.pending(), 1u) << "what was handed out is no longer pending";
  EXPECT_EQ(texts(wait.take(2, 1000)), (Texts{"c"}));
  EXPECT_TRUE(wait.take(2, 1000).empty());
  EXPECT_EQ(wait.pending_bytes(), 0u);
}

TEST(Wait, CutsBatchesByBytesWithTheirSeparators) {
  Wait wait(1 << 20);
  for (const char* entry : {"aaaa", "bbbb", "cccc"}) add(wait, entry);
  EXPECT_EQ(texts(wait.take(9, 9)), (Texts{"aaaa", "bbbb"}));
  EXPECT_EQ(texts(wait.take(9, 1)), (Texts{"cccc"})) << "one entry always goes, however large";
}

TEST(Wait, KeepsWhatWasHandedOutUntilTheNextCall) {
  Wait wait(1 << 20);
  const std::string large(300'000, 'x');
  add(wait, large);
  add(wait, "small");
  const auto parts = wait.take(9, 1 << 20);
  EXPECT_EQ(wait.pending(), 0u);
  EXPECT_EQ(texts(parts), (Texts{large, "small"}));
}

TEST(Wait, DropsTheNewLineWhenItIsFull) {
  Wait wait(10);
  EXPECT_EQ(add(wait, "12345"), 0u);
  EXPECT_EQ(add(wait, "67890"), 0u);
  EXPECT_EQ(add(wait, "x"), 1u);
  EXPECT_EQ(drain(wait), (Texts{"12345", "67890"}));
}

TEST(Wait, MakesRoomForPlatformLinesAtTheCostOfTheNewestOthers) {
  Wait wait(24);
  add(wait, "line 1");
  add(wait, "PLAT 1", true);
  add(wait, "line 2");
  add(wait, "line 3");
  EXPECT_EQ(add(wait, "PLAT 2", true), 2u);
  EXPECT_EQ(drain(wait), (Texts{"line 1", "PLAT 1", "PLAT 2"}));
}

TEST(Wait, DropsPlatformLinesOnlyWhereNothingElseIsLeft) {
  Wait wait(16);
  add(wait, "PLAT 1", true);
  add(wait, "PLAT 2", true);
  EXPECT_EQ(add(wait, "PLAT 3", true), 1u);
  EXPECT_EQ(drain(wait), (Texts{"PLAT 1", "PLAT 2"}));
}

// Against a plain list that obeys the same rules on what is kept: order, bytes and the sum of entries are exact.
TEST(Wait, LosesNothingUncountedInARandomLife) {
  std::mt19937 random(4711);
  for (int round = 0; round < 50; ++round) {
    const std::size_t bound = 2000 + random() % 600'000;
    Wait wait(bound);
    std::size_t added = 0, dropped = 0, out = 0, last = 0;
    for (int step = 0; step < 2000; ++step) {
      if (random() % 8 != 0) {
        const std::string entry = std::to_string(++added) + std::string(random() % 900, '.');
        dropped += add(wait, entry, random() % 3 == 0);
        ASSERT_LE(wait.pending_bytes(), bound);
        continue;
      }
      for (const std::string& text : texts(wait.take(1 + random() % 20, 5000))) {
        const std::size_t number = std::stoul(text);
        ASSERT_GT(number, last) << "order";
        last = number;
        ++out;
      }
    }
    ASSERT_EQ(added, out + dropped + wait.pending());
  }
}

}  // namespace
}  // namespace logs
