#include "forward/spool_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace agent {
namespace {

namespace fs = std::filesystem;

class SpoolFile : public testing::Test {
 protected:
  SpoolFile() {
    std::string name = (fs::temp_directory_path() / "spool-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    folder = name;
    path = folder / "spool";
  }
  ~SpoolFile() override {
    fs::permissions(folder, fs::perms::owner_all);
    fs::remove_all(folder);
  }
  void write(const fs::path& file, std::string_view text) const { std::ofstream(file) << text; }
  std::string why() const {
    const auto content = take_spool_file(path.string(), 100);
    return content ? "" : content.error().text;
  }

  fs::path folder, path;
};

TEST_F(SpoolFile, IsTakenOnce) {
  ASSERT_TRUE(put_spool_file(path.string(), "what waits"));
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  const auto content = take_spool_file(path.string(), 100);
  ASSERT_TRUE(content);
  EXPECT_EQ(*content, "what waits");
  const auto again = take_spool_file(path.string(), 100);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(SpoolFile, ReplacesAnOlderOneAndWhatAnInterruptedWriteLeft) {
  write(path, "old");
  write(path.string() + ".new", "half");
  ASSERT_TRUE(put_spool_file(path.string(), "new"));
  EXPECT_EQ(*take_spool_file(path.string(), 100), "new");
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(SpoolFile, WritesThroughNoLink) {
  const fs::path victim = folder / "victim";
  write(victim, "precious");
  fs::create_symlink(victim, path);
  fs::create_symlink(victim, path.string() + ".new");
  ASSERT_TRUE(put_spool_file(path.string(), "mine"));
  std::ifstream file(victim);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "precious");
  EXPECT_FALSE(fs::is_symlink(path));
}

TEST_F(SpoolFile, IsNotReadThroughALink) {
  const fs::path victim = folder / "victim";
  write(victim, "precious");
  fs::permissions(victim, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(victim, path);
  EXPECT_EQ(why(), "link");
  EXPECT_TRUE(fs::exists(victim));
  EXPECT_FALSE(fs::exists(fs::symlink_status(path)));
}

TEST_F(SpoolFile, IsNotReadWhereOthersMayHaveWritten) {
  write(path, "open");
  ::chmod(path.c_str(), 0666);
  EXPECT_EQ(why(), "foreign");
  write(path, "twice");
  ::chmod(path.c_str(), 0600);
  fs::create_hard_link(path, folder / "other name");
  EXPECT_EQ(why(), "foreign");
}

TEST_F(SpoolFile, IsNotReadWhereItIsAnotherUsers) {
  write(path, "theirs");
  ::chmod(path.c_str(), 0600);
  if (::chown(path.c_str(), 12345, 12345) != 0) GTEST_SKIP() << "only root may give files away";
  EXPECT_EQ(why(), "foreign");
}

TEST_F(SpoolFile, IsNotReadWhereItIsNoFile) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(why(), "foreign");
  fs::create_directory(path);
  EXPECT_EQ(why(), "foreign");
}

TEST_F(SpoolFile, IsNotReadWhereItIsHuge) {
  ASSERT_TRUE(put_spool_file(path.string(), std::string(101, 'x')));
  EXPECT_EQ(why(), "huge");
  EXPECT_EQ(take_spool_file(path.string(), 100).error().code, ErrorCode::kNotFound);
}

TEST_F(SpoolFile, SaysWhereItCannotBeWritten) {
  const Status outcome = put_spool_file((folder / "no folder" / "spool").string(), "x");
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().text.find("no such file"), std::string::npos);
  EXPECT_EQ(take_spool_file((folder / "no folder" / "spool").string(), 100).error().code, ErrorCode::kNotFound);
}

bool leaves_nothing_of_a_write_that_fails(const fs::path& path) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {4, 4};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Status outcome = put_spool_file(path.string(), "longer than that");
  return !outcome && fs::is_empty(path.parent_path());
}

TEST_F(SpoolFile, LeavesNothingBehindWhereItCannotBeWrittenToItsEnd) {
  EXPECT_EXIT(std::_Exit(leaves_nothing_of_a_write_that_fails(path) ? 0 : 1), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace agent
