#include "own_namespaces.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace shop {
namespace {

std::string failed(const char* what) {
  return std::string("no namespaces of its own: ") + what + ": " + strerror(errno);
}

// Loopback is there, and down.
bool raise_loopback() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ioctl(socket, SIOCSIFFLAGS, &request) == 0;
  close(socket);
  return up;
}

bool make_empty(const char* path) {
  const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  if (file >= 0) close(file);
  return file >= 0;
}

std::string enter() {
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0)
    return failed("unshare");
  if (!raise_loopback()) return failed("loopback");
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("private mounts");
  if (mount("opt", "/opt", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") != 0) return failed("/opt");
  // By this file libraries see that there is an agent.
  if (mkdir("/opt/extensions", 0755) != 0 || !make_empty("/opt/extensions/datadog-agent"))
    return failed("/opt/extensions");
  return {};
}

}  // namespace

std::string enter_own_namespaces() {
  static const std::string kWhyNot = enter();
  return kWhyNot;
}

}  // namespace shop
