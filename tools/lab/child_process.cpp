#include "lab/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "lab/socket.hpp"

namespace lab {
namespace {

constexpr std::size_t kLineBytesMax = 262144;  // as the platform: a longer line is cut into several

struct Arguments {
  explicit Arguments(const std::vector<std::string>& texts) : texts_(texts) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  char* const* get() { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> rows_of(const Environment& environment) {
  std::vector<std::string> rows;
  for (const auto& [name, value] : environment) rows.push_back(name + "=" + value);
  return rows;
}

[[noreturn]] void become(char* const* argv, char* const* envp, int out, int err, int failure) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  dup2(out, 1);
  dup2(err, 2);
  const int null = open("/dev/null", O_RDONLY);
  if (null >= 0) dup2(null, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvpe(argv[0], argv, envp);
  const int error = errno;
  [[maybe_unused]] const ssize_t told = write(failure, &error, sizeof error);
  _exit(127);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

ChildProcess::ChildProcess(Monitor& monitor, const std::vector<std::string>& command, const Environment& environment,
                           OnLine on_line)
    : monitor_(monitor), on_line_(std::move(on_line)) {
  Arguments argv(command), envp(rows_of(environment));
  int out[2], err[2], failure[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 || pipe2(failure, O_CLOEXEC) != 0)
    throw LabError(std::string("no pipe: ") + std::strerror(errno));
  started_ = Clock::now();
  pid_ = fork();
  if (pid_ == 0) become(argv.get(), envp.get(), out[1], err[1], failure[1]);
  close(out[1]);
  close(err[1]);
  close(failure[1]);
  int error = pid_ < 0 ? errno : 0;
  if (pid_ > 0 && read(failure[0], &error, sizeof error) <= 0) error = 0;
  close(failure[0]);
  if (error != 0) {
    close(out[0]);
    close(err[0]);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    throw LabError("cannot start " + command.front() + ": " + std::strerror(error));
  }
  streams_[0].fd = out[0];
  streams_[1].fd = err[0];
  for (Stream& stream : streams_) stream.thread = std::thread([this, &stream] { read_lines(stream); });
  reaper_ = std::thread([this] { reap(); });
}

ChildProcess::~ChildProcess() {
  signal(SIGKILL);
  reaper_.join();
  for (Stream& stream : streams_) close(stream.fd);
}

void ChildProcess::read_lines(Stream& stream) {
  std::string pending;
  char bytes[65536];
  for (;;) {
    stream.idle = true;
    const ssize_t got = read(stream.fd, bytes, sizeof bytes);
    stream.idle = false;
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    pending.append(bytes, static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = pending.find('\n', begin)) != std::string::npos; begin = end + 1)
      if (end > begin) on_line_(pending.substr(begin, end - begin));
    pending.erase(0, begin);
    if (pending.size() >= kLineBytesMax) {
      on_line_(pending);
      pending.clear();
    }
  }
  if (!pending.empty()) on_line_(pending);
  stream.idle = true;
}

void ChildProcess::reap() {
  int status = 0;
  rusage usage{};
  while (wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  kill(-pid_, SIGKILL);  // what it left behind would hold its output open
  for (Stream& stream : streams_) stream.thread.join();
  const Lock lock(monitor_.mutex);
  exit_code_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  usage_ = usage;
  ended_ = true;
  monitor_.moved.notify_all();
}

// schedstat counts nanoseconds per thread; the ticks of /proc/PID/stat are too coarse for one invocation.
double ChildProcess::cpu_seconds() const {
  if (ended_) return seconds(usage_.ru_utime) + seconds(usage_.ru_stime);
  double nanoseconds = 0;
  std::error_code error;
  const std::filesystem::path tasks = "/proc/" + std::to_string(pid_) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    double ran = 0;
    std::ifstream(task.path() / "schedstat") >> ran;
    nanoseconds += ran;
  }
  return 1e-9 * nanoseconds;
}

Memory ChildProcess::memory() const {
  Memory memory;
  std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  for (std::string row; std::getline(file, row);) {
    if (row.rfind("Rss:", 0) == 0) memory.rss_kb = std::stol(row.substr(4));
    if (row.rfind("Private_Dirty:", 0) == 0) memory.private_dirty_kb = std::stol(row.substr(14));
  }
  return memory;
}

void ChildProcess::signal(int number) const {
  if (!ended_) kill(-pid_, number);
}

bool ChildProcess::wait(Clock::time_point until) const {
  Lock lock(monitor_.mutex);
  return monitor_.wait(lock, until, [this] { return ended_.load(); });
}

void ChildProcess::drain() const {
  const auto until = Clock::now() + Milliseconds(50);
  const auto drained = [this] {
    for (const Stream& stream : streams_) {
      int waiting = 0;
      if (ioctl(stream.fd, FIONREAD, &waiting) == 0 && waiting > 0) return false;
      if (!stream.idle) return false;
    }
    return true;
  };
  while (!drained() && Clock::now() < until) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

}  // namespace lab
