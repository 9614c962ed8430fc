#include "base/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace agent {
namespace {

// What write() puts on stdout, read back through a pipe.
std::string captured(Level level, std::string_view text) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const int saved = ::dup(STDOUT_FILENO);
  ::dup2(ends[1], STDOUT_FILENO);
  Log::write(level, text);
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  ::close(ends[1]);
  std::string out(1 << 16, '\0');
  const ssize_t got = ::read(ends[0], out.data(), out.size());
  ::close(ends[0]);
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return out;
}

TEST(Log, WritesOneJsonObjectPerLine) {
  EXPECT_EQ(captured(Level::kWarn, "a \"b\"\nc"),
            "{\"status\":\"WARN\",\"message\":\"DD_EXTENSION | WARN | a \\\"b\\\"\\nc\"}\n");
}

TEST(Log, CutsALineSoThatAPipeTakesItWhole) {
  for (const std::string& text : {std::string(10'000, 'x'), std::string(10'000, '"'), std::string(5'000, '\x01')}) {
    const std::string line = captured(Level::kError, text);
    EXPECT_LE(line.size(), 4096u);
    EXPECT_GT(line.size(), 1000u);
    EXPECT_EQ(line.substr(line.size() - 3), "\"}\n");
  }
}

TEST(Log, ScrubsALineBeforeItIsCut) {
  Log::set_scrub([](std::string_view text) {
    std::string out(text);
    const std::size_t secret = out.find("secret");
    return secret == std::string::npos ? out : out.replace(secret, 6, "***");
  });
  const std::string line = captured(Level::kError, std::string(4000, 'x') + "secret" + std::string(200, 'y'));
  Log::set_scrub(nullptr);
  EXPECT_NE(line.find("x***y"), std::string::npos);
  EXPECT_EQ(line.find("se"), std::string::npos);
}

TEST(Log, DropsAndCountsWhatNobodyReads) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  const std::string block(4096, 'x');
  while (::write(ends[1], block.data(), block.size()) > 0) {
  }
  const int saved = ::dup(STDOUT_FILENO);
  ::dup2(ends[1], STDOUT_FILENO);
  const auto before = Log::lines_dropped();
  Log::write(Level::kInfo, "nobody reads this");
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved), ::close(ends[0]), ::close(ends[1]);
  EXPECT_EQ(Log::lines_dropped(), before + 1);
}

TEST(Log, KnowsTheLevelsInAnyCase) {
  const auto before = static_cast<Level>(*Log::level_address());
  EXPECT_TRUE(Log::set_level("DeBug"));
  EXPECT_TRUE(Log::wants(Level::kDebug));
  EXPECT_FALSE(Log::set_level("nonsense"));
  EXPECT_TRUE(Log::wants(Level::kDebug));
  EXPECT_TRUE(Log::set_level("error"));
  EXPECT_FALSE(Log::wants(Level::kWarn));
  Log::set_level(before);
}

}  // namespace
}  // namespace agent
