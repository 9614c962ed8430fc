#include "in/proc.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace metrics {
namespace {

constexpr std::size_t kFileBytesMax = 64 << 10;
constexpr std::size_t kEnvironmentBytesMax = 128 << 10;

// The next word of a line, blanks before it passed over; empty: there is none.
std::string_view word(std::string_view& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of(" \t"), rest.size());
  rest.remove_prefix(begin);
  const std::string_view out = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(out.size());
  return out;
}

std::string_view line_of(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view out = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return out;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// Words `first` and on, as numbers; false: one of them is none.
template <std::size_t N>
bool numbers(std::string_view rest, double (&out)[N]) {
  for (double& each : out) {
    const std::optional<double> value = number<double>(word(rest));
    if (!value) return false;
    each = *value;
  }
  return true;
}

std::string read_file(const std::string& path, std::size_t bytes_max) {
  std::string out;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return out;
  out.resize(std::min<std::size_t>(bytes_max, 4096));
  std::size_t used = 0;
  for (;;) {
    const ssize_t got = ::read(fd, out.data() + used, out.size() - used);
    if (got <= 0) break;
    used += static_cast<std::size_t>(got);
    if (used == bytes_max) break;
    if (used == out.size()) out.resize(std::min(out.size() * 4, bytes_max));
  }
  ::close(fd);
  out.resize(used);
  return out;
}

template <class Take>
bool for_each_entry(const std::string& path, Take&& take) {
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && !take(name, *entry)) break;
  }
  ::closedir(directory);
  return true;
}

}  // namespace

// What the sandbox's own interface has carried; the others are the platform's.
std::optional<NetworkBytes> network_of(std::string_view net_dev) {
  while (!net_dev.empty()) {
    std::string_view rest = line_of(net_dev);
    const std::string_view name = word(rest);
    if (!name.starts_with("vinternal_1") && !name.starts_with("vint_runtime") && !name.starts_with("Ceth1")) continue;
    double columns[9];
    if (!numbers(rest, columns)) return std::nullopt;
    return NetworkBytes{columns[0], columns[8]};
  }
  return std::nullopt;
}

std::optional<CpuTimes> cpu_of(std::string_view stat, double ticks_per_second) {
  const double ms = 1000 / ticks_per_second;
  CpuTimes out;
  bool whole = false;
  while (!stat.empty()) {
    std::string_view rest = line_of(stat);
    const std::string_view name = word(rest);
    if (!name.starts_with("cpu")) continue;
    double columns[4];  // user, nice, system, idle
    if (!numbers(rest, columns)) return std::nullopt;
    if (name != "cpu") {
      out.cores_idle_ms.push_back(columns[3] * ms);
      continue;
    }
    whole = true;
    out.user_ms = columns[0] * ms;
    out.system_ms = columns[2] * ms;
    out.idle_ms = columns[3] * ms;
  }
  if (!whole || out.cores_idle_ms.empty()) return std::nullopt;
  return out;
}

std::optional<double> uptime_ms_of(std::string_view uptime) {
  std::string_view rest = line_of(uptime);
  double columns[2];
  if (!numbers(rest, columns)) return std::nullopt;
  return columns[0] * 1000;
}

ProcessLimits limits_of(std::string_view limits) {
  constexpr std::string_view kDescriptors = "Max open files", kProcesses = "Max processes";
  ProcessLimits out;
  while (!limits.empty()) {
    std::string_view rest = line_of(limits);
    const bool descriptors = rest.starts_with(kDescriptors);
    if (!descriptors && !rest.starts_with(kProcesses)) continue;
    rest.remove_prefix(descriptors ? kDescriptors.size() : kProcesses.size());
    (descriptors ? out.descriptors : out.processes) = number<std::uint64_t>(word(rest));
  }
  return out;
}

std::string_view runtime_of_environment(std::string_view variables) {
  constexpr std::string_view kName = "AWS_EXECUTION_ENV=";
  while (!variables.empty()) {
    std::string_view one = variables.substr(0, variables.find('\0'));
    variables.remove_prefix(std::min(one.size() + 1, variables.size()));
    if (!one.starts_with(kName)) continue;
    one.remove_prefix(std::max(kName.size(), one.rfind('_') + 1));
    while (!one.empty() && (one.front() == '"' || one.front() == '\'')) one.remove_prefix(1);
    while (!one.empty() && (one.back() == '"' || one.back() == '\'')) one.remove_suffix(1);
    return one;
  }
  return {};
}

std::string_view runtime_of_system(std::string_view os_release) {
  constexpr std::string_view kName = "PRETTY_NAME=";
  while (!os_release.empty()) {
    std::string_view line = line_of(os_release);
    if (!line.starts_with(kName)) continue;
    line.remove_prefix(kName.size());
    if (line.size() >= 2 && line.front() == '"') line = line.substr(1, line.size() - 2);
    if (line == "Amazon Linux 2") return "provided.al2";
    if (line.starts_with("Amazon Linux 2023")) return "provided.al2023";
  }
  return "unknown";
}

std::string Proc::text(std::string_view name, std::size_t bytes_max) const {
  return read_file(std::string(places_.root).append(1, '/').append(name), bytes_max);
}

std::string Proc::path(std::uint32_t pid, std::string_view name) const {
  char digits[12];
  char* end = std::to_chars(digits, digits + sizeof digits, pid).ptr;
  return std::string(places_.root).append(1, '/').append(digits, end).append(name);
}

std::optional<NetworkBytes> Proc::network() const { return network_of(text("net/dev", kFileBytesMax)); }

std::optional<CpuTimes> Proc::cpu() const {
  const long ticks = ::sysconf(_SC_CLK_TCK);
  return cpu_of(text("stat", kFileBytesMax), ticks > 0 ? static_cast<double>(ticks) : 100);
}

std::optional<double> Proc::uptime_ms() const { return uptime_ms_of(text("uptime", kFileBytesMax)); }

std::optional<Space> Proc::tmp() const {
  struct statvfs space {};
  if (::statvfs(places_.tmp.c_str(), &space) != 0) return std::nullopt;
  const auto block = static_cast<double>(space.f_frsize != 0 ? space.f_frsize : space.f_bsize);
  const auto total = static_cast<double>(space.f_blocks), available = static_cast<double>(space.f_bavail);
  return Space{block * std::max(total - available, 0.0), block * total};
}

std::vector<std::uint32_t> Proc::pids(std::size_t count_max) const {
  std::vector<std::uint32_t> out;
  for_each_entry(places_.root, [&](std::string_view name, const dirent&) {
    if (const std::optional<std::uint32_t> pid = number<std::uint32_t>(name)) out.push_back(*pid);
    return out.size() < count_max;
  });
  return out;
}

bool Proc::exists(std::uint32_t pid) const {
  struct stat found {};
  return ::stat(path(pid, "").c_str(), &found) == 0;
}

ProcessLimits Proc::limits(std::uint32_t pid) const {
  return limits_of(read_file(path(pid, "/limits"), kFileBytesMax));
}

std::optional<std::uint64_t> Proc::descriptors(std::uint32_t pid) const {
  std::uint64_t count = 0;
  const bool readable =
      for_each_entry(path(pid, "/fd"), [&](std::string_view, const dirent&) { return ++count, true; });
  if (!readable) return std::nullopt;
  return count;
}

// A folder has one link for each folder in it and two of its own, in /proc one for each thread: no need to list it.
std::optional<std::uint64_t> Proc::threads(std::uint32_t pid) const {
  const std::string folder = path(pid, "/task");
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return std::nullopt;
  if (found.st_nlink >= 2) return found.st_nlink - 2;
  std::uint64_t count = 0;  // a file system that does not count its links
  for_each_entry(folder, [&](std::string_view, const dirent& entry) { return count += entry.d_type == DT_DIR, true; });
  return count;
}

std::string Proc::runtime(std::size_t processes_max) const {
  for (const std::uint32_t pid : pids(processes_max)) {
    if (pid == 1) continue;  // the platform's own
    const std::string environment = read_file(path(pid, "/environ"), kEnvironmentBytesMax);
    const std::string_view found = runtime_of_environment(environment);
    if (!found.empty()) return std::string(found);
  }
  return std::string(runtime_of_system(read_file(places_.os_release, kFileBytesMax)));
}

}  // namespace metrics
