// A listening unix socket at a path of the file system, of datagrams or streams.
//
// A socket that an earlier life of this sandbox left behind is removed; one that somebody listens on, and whatever else
// has that path, stays, and the path cannot be had. Everybody may write to it (mode 0722, as the field's agents set
// it): the function need not run as this process's user. The path goes with its owner, unless somebody else has taken
// it since. Used inside this room by both servers.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agent {

inline constexpr std::string_view kUnixScheme = "unix://", kUnixDatagramScheme = "unixgram://";

struct UnixSocketOptions {
  int type = 0;  // SOCK_DGRAM or SOCK_STREAM
  std::uint32_t receive_buffer_bytes = 0;
  int backlog = 0;  // of a stream
};

class UnixPath {
 public:
  UnixPath() = default;
  UnixPath(const UnixPath&) = delete;
  UnixPath& operator=(const UnixPath&) = delete;
  ~UnixPath() { remove(); }

  // The descriptor, the caller's to close: bound, listening where it is of streams; neither blocking nor inherited.
  Result<int> bind(std::string_view path, const UnixSocketOptions& options);
  // Before the descriptor is closed: until then nobody else's file can be mistaken for this one.
  void remove();

 private:
  std::string path_;  // empty: nothing to remove
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace agent
