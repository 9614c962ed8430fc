// A program of the sandbox: the agent or the function, with its output read line by line and its end seen at once.
//
// The child leads a process group of its own, so that a signal reaches what it has started too, and dies with the
// thread that started it (start it from a thread that lives as long as the sandbox). Lines are given to the callback
// from two threads, one per stream; a last line without an end counts too. Knows nothing of the platform.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "lab/monitor.hpp"

namespace lab {

using Environment = std::map<std::string, std::string>;

struct Memory {
  long rss_kb = 0, private_dirty_kb = 0;
};

class ChildProcess {
 public:
  using OnLine = std::function<void(std::string line)>;

  // Throws LabError where the program cannot be started. `moved` of the monitor is notified when it has ended.
  ChildProcess(Monitor& monitor, const std::vector<std::string>& command, const Environment& environment,
               OnLine on_line);
  ~ChildProcess();  // SIGKILL where it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  Clock::time_point started() const { return started_; }
  bool ended() const { return ended_; }
  // After the end: the exit code, or minus the signal's number.
  int exit_code() const { return exit_code_; }
  double cpu_seconds() const;  // so far
  Memory memory() const;       // now; zeros after the end
  void signal(int number) const;
  // False: it still runs at `until`.
  bool wait(Clock::time_point until) const;
  // Waits a little until everything that it has written so far was read.
  void drain() const;

 private:
  struct Stream {
    int fd = -1;
    std::atomic<bool> idle{false};
    std::thread thread;
  };
  void read_lines(Stream& stream);
  void reap();

  Monitor& monitor_;
  OnLine on_line_;
  pid_t pid_ = -1;
  Clock::time_point started_;
  Stream streams_[2];
  std::thread reaper_;
  std::atomic<bool> ended_{false};
  int exit_code_ = 0;
  rusage usage_{};
};

}  // namespace lab
