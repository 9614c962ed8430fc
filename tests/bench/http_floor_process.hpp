// floor/http_floor as a child of the measuring program. Used by world_bench and its measures.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace bench {

// The bare Beast server, which prints its port and ends with this program.
class HttpFloor {
 public:
  explicit HttpFloor(const std::string& path) {
    int ends[2];
    if (pipe(ends) != 0) std::exit(1);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(ends[1], 1);
      execl(path.c_str(), path.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    char digits[16] = "";
    if (read(ends[0], digits, sizeof digits - 1) <= 0) std::exit(1);
    close(ends[0]);
    port_ = static_cast<std::uint16_t>(std::atoi(digits));
  }
  ~HttpFloor() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  HttpFloor(const HttpFloor&) = delete;
  HttpFloor& operator=(const HttpFloor&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace bench
