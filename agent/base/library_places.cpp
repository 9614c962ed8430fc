#include "base/library_places.hpp"

#include <limits.h>
#include <unistd.h>

#include "base/text.hpp"

namespace agent {
namespace {

constexpr std::string_view kInstalled = "/opt/serverless-agent/lib/";

std::string folder_of_program() {
  std::array<char, PATH_MAX> path;
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view file(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return std::string(file.substr(0, file.rfind('/') + 1));
}

}  // namespace

std::array<std::string, 3> library_places(std::string_view file) {
  const std::string folder = folder_of_program();
  return {cat(folder, "lib/", file), cat(folder, file), cat(kInstalled, file)};
}

}  // namespace agent
