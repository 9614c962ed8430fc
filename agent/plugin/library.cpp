#include "plugin/library.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/text.hpp"

namespace agent {
namespace {

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
constexpr std::string_view kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
constexpr std::string_view kMachineName = "arm64";
#else
#error "an architecture that Lambda does not have"
#endif

constexpr std::size_t kIdBytesMax = 63;
constexpr std::size_t kSegmentsMax = 64;  // linkers write ten or so

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_X86_64: return "x86-64";
    case EM_AARCH64: return "arm64";
    case EM_386: return "x86 (32 bit)";
    case EM_ARM: return "arm (32 bit)";
    default: return cat("machine ", machine);
  }
}

Error refusal(std::string_view path, std::string_view found, std::string_view wanted_and_remedy,
              ErrorCode code = ErrorCode::kInvalid) {
  return {code, cat("plugin ", path, " is refused: ", found, "; ", wanted_and_remedy)};
}

// Whether the file is as long as its program headers say. The loader believes them: of a file that was cut off in
// transit it maps pages that are not there, and the first look at one is SIGBUS.
bool is_whole(int fd, const Elf64_Ehdr& header, std::uint64_t file_bytes) {
  if (header.e_phnum == 0 || header.e_phnum > kSegmentsMax || header.e_phentsize != sizeof(Elf64_Phdr)) return false;
  std::array<Elf64_Phdr, kSegmentsMax> segments;
  const std::size_t bytes = header.e_phnum * sizeof(Elf64_Phdr);
  if (::pread(fd, segments.data(), bytes, static_cast<off_t>(header.e_phoff)) != static_cast<ssize_t>(bytes))
    return false;
  return std::all_of(segments.begin(), segments.begin() + header.e_phnum, [file_bytes](const Elf64_Phdr& segment) {
    return segment.p_offset <= file_bytes && segment.p_filesz <= file_bytes - segment.p_offset;
  });
}

// Looks at the file before the loader maps anything of it.
Status inspect(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // of a pipe, open would wait
  if (fd < 0)
    return refusal(path, cat("it cannot be read (", std::string_view(std::strerror(errno)), ")"),
                   "make it readable for the agent's user", ErrorCode::kIo);
  struct stat file {};
  Elf64_Ehdr header{};
  const bool stated = ::fstat(fd, &file) == 0;
  const ssize_t got = stated && S_ISREG(file.st_mode) ? ::read(fd, &header, sizeof header) : 0;
  const bool whole = got == sizeof header && is_whole(fd, header, static_cast<std::uint64_t>(file.st_size));
  ::close(fd);
  if (!stated || !S_ISREG(file.st_mode))
    return refusal(path, "it is not a regular file", "only shared objects belong into the plugin directory");
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refusal(path, "others than its owner may write it", "chmod go-w it", ErrorCode::kDenied);
  if (got < static_cast<ssize_t>(sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return refusal(path, "it is no ELF file", "a shared object that exports " SLS_ENTRY " was wanted; remove it");
  if (header.e_machine != kMachine || header.e_ident[EI_CLASS] != ELFCLASS64)
    return refusal(path, cat("it is built for ", machine_name(header.e_machine)),
                   cat(kMachineName, " was wanted; deploy the build for this architecture"), ErrorCode::kUnsupported);
  if (header.e_type != ET_DYN)
    return refusal(path, "it is an ELF file but no shared object", "link it as a shared library");
  if (!whole)
    return refusal(path, cat("it has ", file.st_size, " bytes, fewer than its own headers say"),
                   "deploy it again, whole");
  return {};
}

// Boost.DLL wraps what the loader said: "… (dlerror system message: WORDS): …".
std::string_view loaders_words(std::string_view text) {
  constexpr std::string_view kBefore = "dlerror system message: ";
  const auto begin = text.find(kBefore);
  const auto end = text.rfind("): ");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return text;
  return text.substr(begin + kBefore.size(), end - begin - kBefore.size());
}

bool is_valid_id(std::string_view id) {
  if (id.empty() || id.size() > kIdBytesMax || id.front() < 'a' || id.front() > 'z') return false;
  for (char c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return true;
}

std::string_view view(sls_str text) { return {text.data ? text.data : "", text.data ? text.len : 0}; }

}  // namespace

Result<Library> adopt_table(const sls_plugin* table, std::string origin) {
  if (!table) return refusal(origin, SLS_ENTRY "() returned NULL", "it must return the plugin's table; ask its author");
  if (table->size < offsetof(sls_plugin, interests))
    return refusal(origin, cat("its table has ", table->size, " bytes"),
                   cat("at least ", offsetof(sls_plugin, interests), " were wanted (up to `destroy`); ask its author"));
  if (table->abi_minor_needed > SLS_ABI_MINOR)
    return refusal(
        origin, cat("it needs plugin ABI 1.", table->abi_minor_needed),
        cat("this agent offers 1.", SLS_ABI_MINOR, "; update the agent or deploy an older build of the plugin"),
        ErrorCode::kUnsupported);
  if (!is_valid_id(view(table->id)))
    return refusal(origin, cat("its id is ", json_quoted(view(table->id))),
                   "a lower-case letter, then at most 62 of a-z 0-9 - were wanted; ask its author");
  if (!table->create || !table->destroy)
    return refusal(origin, "its table lacks `create` or `destroy`", "both are needed; ask its author");
  if (table->option_count != 0 && (!table->options || table->options->size < sizeof(uint32_t)))
    return refusal(origin, "it counts options but has no table of them", "ask its author");
  Library library{std::move(origin), {}};
  std::memcpy(&library.table, table, std::min<std::size_t>(table->size, sizeof library.table));
  return library;
}

Result<Library> load_library(const std::string& file) {
  if (Status fit = inspect(file); !fit) return fit.error();
  namespace dll = boost::dll;
  const sls_plugin* table = nullptr;
  try {
    // Only the throwing call carries the loader's own text. Kept for ever: nothing of a plugin may be unmapped.
    auto* handle = new dll::shared_library(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    if (!handle->has(SLS_ENTRY)) {
      return refusal(file, "it does not export " SLS_ENTRY,
                     "it is no plugin, or one of another major version; remove it or deploy a build for this agent");
    }
    table = handle->get<decltype(sls_plugin_v1)>(SLS_ENTRY)();
  } catch (const std::exception& failure) {
    return refusal(file, cat("it cannot be loaded (", loaders_words(failure.what()), ")"),
                   "deploy the libraries that it needs, or a build for this environment", ErrorCode::kIo);
  }
  return adopt_table(table, file);
}

}  // namespace agent
