#include "net/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.hpp"

namespace agent {
namespace {

constexpr mode_t kMode = 0722;

Error failed(std::string_view doing) {
  return {errno == EADDRINUSE ? ErrorCode::kRefused : ErrorCode::kIo,
          cat(doing, ": ", std::string_view(std::strerror(errno)))};
}

bool is_left_over(const sockaddr_un& name, int type) {
  struct stat file {};
  if (::lstat(name.sun_path, &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  const int probe = ::socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool refused =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return refused;
}

}  // namespace

Result<int> UnixPath::bind(std::string_view path, const UnixSocketOptions& options) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path)
    return Error{ErrorCode::kInvalid, cat("a path of 1 to ", sizeof name.sun_path - 1, " bytes was wanted")};
  std::memcpy(name.sun_path, path.data(), path.size());
  const int descriptor = ::socket(AF_UNIX, options.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return failed("socket");
  const int bytes = static_cast<int>(options.receive_buffer_bytes);
  if (bytes > 0) ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  if (is_left_over(name, options.type)) ::unlink(name.sun_path);
  const char* doing = "bind";
  bool done = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
  struct stat file {};
  if (done && ::lstat(name.sun_path, &file) == 0) {
    path_ = path;
    device_ = file.st_dev;
    inode_ = file.st_ino;
  }
  if (done) {
    doing = "mode";
    done = ::chmod(name.sun_path, kMode) == 0;
  }
  if (done && options.type == SOCK_STREAM) {
    doing = "listen";
    done = ::listen(descriptor, options.backlog) == 0;
  }
  if (done) return descriptor;
  Error error = failed(doing);
  remove();
  ::close(descriptor);
  return error;
}

void UnixPath::remove() {
  struct stat file {};
  const bool ours =
      !path_.empty() && ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_;
  if (ours) ::unlink(path_.c_str());
  path_.clear();
}

}  // namespace agent
