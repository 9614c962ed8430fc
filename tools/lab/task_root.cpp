#include "lab/task_root.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lab/socket.hpp"

namespace lab {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw LabError("cannot read " + path + ": " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(file), {}};
}

TaskRoot::TaskRoot() {
  std::string name = (std::filesystem::temp_directory_path() / "serverless-lab-XXXXXX").string();
  if (!mkdtemp(name.data())) throw LabError("cannot make " + name + ": " + std::strerror(errno));
  path_ = name;
}

TaskRoot::~TaskRoot() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TaskRoot::write_config(const std::string& text) const {
  std::ofstream(path_ + "/datadog.yaml", std::ios::binary) << text;
}

}  // namespace lab
