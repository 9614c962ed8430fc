// What an operator must know about a setting of this plugin: collected while it is set up, logged once by the door.
// Never filled on the path of a span.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traces {

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

// The value of an option as the host resolved it.
struct Setting {
  std::string_view value;   // empty: not set
  std::string_view origin;  // where it was read
};

}  // namespace traces
