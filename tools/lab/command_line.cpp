#include "lab/command_line.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>

#include "lab/socket.hpp"

namespace lab {

CommandLine::CommandLine(const std::vector<std::string>& arguments, const std::set<std::string>& valued,
                         const std::set<std::string>& flags) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") {
      behind_.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      return;
    }
    if (word.rfind("--", 0) != 0) {
      words_.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (flags.count(name) != 0) {
      flags_.insert(name);
    } else if (valued.count(name) == 0) {
      throw LabError("unknown option --" + name);
    } else if (equals != std::string::npos) {
      values_[name] = word.substr(equals + 1);
    } else if (++i < arguments.size()) {
      values_[name] = arguments[i];
    } else {
      throw LabError("--" + name + " wants a value");
    }
  }
}

std::string CommandLine::value(const std::string& name, const std::string& otherwise) const {
  const auto it = values_.find(name);
  return it == values_.end() ? otherwise : it->second;
}

unsigned CommandLine::number(const std::string& name, unsigned otherwise) const {
  const std::string text = value(name);
  if (text.empty()) return otherwise;
  unsigned out = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    throw LabError("--" + name + " wants a number, not " + text);
  return out;
}

std::string own_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

std::string agent_path(const std::string& given) {
  const auto executable = [](const std::filesystem::path& path) { return access(path.c_str(), X_OK) == 0; };
  if (!given.empty()) {
    if (!executable(given)) throw LabError(given + " is no program that can be started");
    return std::filesystem::absolute(given).string();
  }
  const std::filesystem::path folder = std::filesystem::path(own_path()).parent_path();
  for (const char* near : {"serverless-agent", "../../dist/serverless-agent", "../../agent/serverless-agent"})
    if (executable(folder / near)) return std::filesystem::weakly_canonical(folder / near).string();
  throw LabError("no serverless-agent near " + folder.string() + ": build it, or name it with --agent");
}

}  // namespace lab
