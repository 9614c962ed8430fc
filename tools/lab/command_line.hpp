// Arguments of the program: `--name value`, `--flag`, plain words, and what stands behind `--`.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lab {

class CommandLine {
 public:
  // `valued`: names that take a value; the last one given wins. Throws LabError for a name that is in neither list.
  CommandLine(const std::vector<std::string>& arguments, const std::set<std::string>& valued,
              const std::set<std::string>& flags);

  std::string value(const std::string& name, const std::string& otherwise = "") const;
  unsigned number(const std::string& name, unsigned otherwise) const;
  bool flag(const std::string& name) const { return flags_.count(name) != 0; }
  const std::vector<std::string>& words() const { return words_; }
  const std::vector<std::string>& behind() const { return behind_; }

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> flags_;
  std::vector<std::string> words_, behind_;
};

// The agent to use: the one given, else the one that the build puts beside this program. Throws LabError.
std::string agent_path(const std::string& given);
std::string own_path();

}  // namespace lab
