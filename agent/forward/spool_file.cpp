#include "forward/spool_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.hpp"

namespace agent {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator int() const { return number_; }  // NOLINT(google-explicit-constructor): it is one
  // What closing says belongs to writing: some file systems tell only then.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

Error one_word(std::string_view word) { return {ErrorCode::kInvalid, std::string(word)}; }

Error said_by_system(std::string_view doing, const std::string& path) {
  return {ErrorCode::kIo, cat(doing, " ", path, ": ", lower(std::strerror(errno)))};
}

// Its size, or why it is not read.
Result<std::size_t> judge(int file, std::size_t bytes_max) {
  struct stat facts {};
  if (::fstat(file, &facts) != 0) return one_word("unreadable");
  const bool own =
      S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid() && (facts.st_mode & 077) == 0 && facts.st_nlink == 1;
  if (!own) return one_word("foreign");
  if (static_cast<std::uint64_t>(facts.st_size) > bytes_max) return one_word("huge");
  return static_cast<std::size_t>(facts.st_size);
}

Result<std::string> read_whole(int file, std::size_t bytes_max) {
  const Result<std::size_t> size = judge(file, bytes_max);
  if (!size) return size.error();
  std::string bytes(*size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return one_word("unreadable");
    if (count == 0) break;  // it has shrunk; the checksum will tell
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

bool write_whole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

constexpr int kReadFlags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
constexpr int kWriteFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

Result<std::string> take_spool_file(const std::string& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), kReadFlags));
  if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return Error{ErrorCode::kNotFound, ""};
  Result<std::string> content = one_word(errno == ELOOP ? "link" : "unreadable");
  if (file >= 0) content = read_whole(file, bytes_max);
  // Removing a link removes the link; a folder, or a stranger's file where only owners may remove, stays.
  const bool removed = ::unlink(path.c_str()) == 0;
  if (content && !removed) return one_word("stuck");
  return content;
}

Status put_spool_file(const std::string& path, std::string_view bytes) {
  const std::string fresh = cat(path, ".new");
  int number = ::open(fresh.c_str(), kWriteFlags, 0600);
  if (number < 0 && errno == EEXIST && ::unlink(fresh.c_str()) == 0) number = ::open(fresh.c_str(), kWriteFlags, 0600);
  if (number < 0) return said_by_system("create", fresh);
  Descriptor file(number);
  Status outcome;
  if (!write_whole(file, bytes) || !file.close())
    outcome = said_by_system("write", fresh);
  else if (::rename(fresh.c_str(), path.c_str()) != 0)
    outcome = said_by_system("rename", fresh);
  if (!outcome) ::unlink(fresh.c_str());
  return outcome;
}

}  // namespace agent
