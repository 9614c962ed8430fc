// The readers of /proc over files of our own making, and the sampler that keeps to its allowance.
#include "in/proc.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "in/proc_usage.hpp"

namespace {

using metrics::Proc;
using metrics::Usage;
using metrics::UsageSampler;

constexpr std::int64_t kMillisecond = 1'000'000;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sls-proc-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void add_process(unsigned pid, unsigned descriptors, unsigned threads) const {
    const std::string own = std::to_string(pid);
    std::filesystem::create_directories(path_ / own / "fd");
    for (unsigned n = 0; n < descriptors; ++n) write(own + "/fd/" + std::to_string(n), "");
    for (unsigned n = 0; n < threads; ++n)
      std::filesystem::create_directories(path_ / own / "task" / std::to_string(n));
    write(own + "/limits",
          "Max processes             900       900       processes\n"
          "Max open files            700       700       files\n");
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(path_ / name); }
  Proc proc() const { return Proc({path_.string(), "/tmp/", (path_ / "os-release").string()}); }

 private:
  std::filesystem::path path_;
};

TEST(Proc, SaysNothingOfWhatIsNotThereOrNotAsItShouldBe) {
  const Folder folder;
  const Proc proc = folder.proc();
  EXPECT_FALSE(proc.network());
  EXPECT_FALSE(proc.cpu());
  EXPECT_FALSE(proc.uptime_ms());
  EXPECT_FALSE(proc.descriptors(7));
  EXPECT_FALSE(proc.threads(7));
  EXPECT_FALSE(proc.limits(7).descriptors);
  EXPECT_TRUE(proc.pids(10).empty());
  EXPECT_EQ(proc.runtime(10), "unknown");
  for (const char* text :
       {"", "vinternal_1: 1 2 3", "vinternal_1: 1 2 3 4 5 6 7 8 x", "vinternal_1:\n", "eth0: 1 2 3 4 5 6 7 8 9"})
    EXPECT_FALSE(metrics::network_of(text)) << text;
  for (const char* text :
       {"", "cpu 1 2 3 4\n", "cpu0 1 2 3 4\n", "cpu 1 2 3\ncpu0 1 2 3 4\n", "cpu 1 2 3 4\ncpu0 1 2 3 x\n"})
    EXPECT_FALSE(metrics::cpu_of(text, 100)) << text;
  for (const char* text : {"", "1\n", "x 1\n", "1 x\n"}) EXPECT_FALSE(metrics::uptime_ms_of(text)) << text;
}

TEST(Proc, ReadsALimitOnlyWhereItIsANumber) {
  const metrics::ProcessLimits limits =
      metrics::limits_of("Max processes   unlimited  unlimited  processes\nMax open files  12  20  files");
  EXPECT_FALSE(limits.processes);
  EXPECT_EQ(limits.descriptors, 12u);
}

TEST(Proc, TakesTheRuntimeFromWhatStandsBehindTheLastUnderscore) {
  using namespace std::string_view_literals;
  EXPECT_EQ(metrics::runtime_of_environment("A=1\0AWS_EXECUTION_ENV=AWS_Lambda_python3.12\0B=2"sv), "python3.12");
  EXPECT_EQ(metrics::runtime_of_environment("AWS_EXECUTION_ENV=\"AWS_Lambda_java21\""sv), "java21");
  EXPECT_EQ(metrics::runtime_of_environment("AWS_EXECUTION_ENV=plain"sv), "plain");
  EXPECT_EQ(metrics::runtime_of_environment("XAWS_EXECUTION_ENV=AWS_Lambda_x\0"sv), "");
  EXPECT_EQ(metrics::runtime_of_system("PRETTY_NAME=\"Amazon Linux 2\"\n"), "provided.al2");
  EXPECT_EQ(metrics::runtime_of_system("PRETTY_NAME=\"Amazon Linux 2023\""), "provided.al2023");
  EXPECT_EQ(metrics::runtime_of_system("PRETTY_NAME=\"Debian\""), "unknown");
}

TEST(UsageSampler, KeepsThePeaksUntilItIsRestarted) {
  const Folder folder;
  folder.add_process(9, 5, 3);
  const Proc proc = folder.proc();
  UsageSampler sampler(proc);
  std::int64_t now = 0;
  sampler.run(now);
  folder.write("9/fd/more", "");
  sampler.run(now += 1000 * kMillisecond);
  folder.remove("9/fd/more");
  folder.remove("9/fd/0");
  Usage usage = sampler.take(now += 1000 * kMillisecond);
  EXPECT_EQ(usage.descriptors, 6);
  EXPECT_EQ(usage.threads, 3);
  EXPECT_EQ(usage.descriptors_max, 700);
  EXPECT_EQ(usage.threads_max, 900);
  ASSERT_TRUE(usage.tmp);
  EXPECT_GT(usage.tmp->total_bytes, 0);
  sampler.restart();
  usage = sampler.take(now += 1000 * kMillisecond);
  EXPECT_EQ(usage.descriptors, 4);
}

TEST(UsageSampler, TellsTheLastSweepWhenAnInvocationWasTooShortForOne) {
  const Folder folder;
  for (unsigned pid = 10; pid < 200; ++pid) folder.add_process(pid, 2, 1);
  const Proc proc = folder.proc();
  UsageSampler sampler(proc);
  std::int64_t now = 0;
  for (int n = 0; n < 600; ++n) sampler.run(now += 10 * kMillisecond);
  sampler.restart();
  const Usage usage = sampler.take(now);
  EXPECT_EQ(usage.descriptors, 380);
  EXPECT_EQ(usage.threads, 190);
}

TEST(UsageSampler, DoesNotCountAProcessThatHasEndedMeanwhileForOneThatHidesItsThreads) {
  const Folder folder;
  folder.add_process(9, 1, 2);
  folder.write("31/fd/1", "");
  const Proc proc = folder.proc();
  UsageSampler hidden(proc);
  EXPECT_FALSE(hidden.take(1).threads);
  folder.remove("31");
  EXPECT_FALSE(proc.exists(31));
  EXPECT_TRUE(proc.exists(9));
}

// How often a process that is the last of its sweep is seen, in ten seconds of ticks.
double sweeps_in_ten_seconds(unsigned processes) {
  const Folder folder;
  for (unsigned pid = 1; pid <= processes; ++pid) folder.add_process(1000 + pid, 1, 1);
  const Proc proc = folder.proc();
  UsageSampler sampler(proc);
  std::int64_t now = 0;
  const auto ten_seconds = [&] {
    const std::uint64_t before = sampler.sweeps();
    for (int n = 0; n < 1000; ++n) sampler.run(now += 10 * kMillisecond);
    return static_cast<double>(sampler.sweeps() - before);
  };
  ten_seconds();  // what a sampler has at first is gone then
  return ten_seconds();
}

TEST(UsageSampler, SweepsTheLessOftenTheMoreASweepCosts) {
  const double few = sweeps_in_ten_seconds(5), many = sweeps_in_ten_seconds(100);
  EXPECT_GT(few, 300);  // every 33 ms or oftener
  EXPECT_GT(many, 15);
  EXPECT_LT(many, 40);
}

}  // namespace
