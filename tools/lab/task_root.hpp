// A folder that stands for /var/task: empty, or with a datadog.yaml in it. Removed at the end.
#pragma once

#include <string>

namespace lab {

std::string file_text(const std::string& path);  // throws LabError

class TaskRoot {
 public:
  TaskRoot();  // throws LabError
  ~TaskRoot();
  TaskRoot(const TaskRoot&) = delete;
  TaskRoot& operator=(const TaskRoot&) = delete;

  const std::string& path() const { return path_; }
  void write_config(const std::string& text) const;

 private:
  std::string path_;
};

}  // namespace lab
