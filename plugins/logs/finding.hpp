// What an operator must know about a setting of this plugin: collected while it is set up, logged once by the door.
// Never filled on the path of a record.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace logs {

struct Finding {
  enum class Level { kError, kWarn };
  Level level;
  std::string text;
};

class Findings {
 public:
  void error(std::string text) { all_.push_back({Finding::Level::kError, std::move(text)}); }
  void warn(std::string text) { all_.push_back({Finding::Level::kWarn, std::move(text)}); }
  const std::vector<Finding>& all() const { return all_; }

 private:
  std::vector<Finding> all_;
};

}  // namespace logs
