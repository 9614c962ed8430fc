// What a tracer said about itself and about what it has done already: of the headers of its request, of its payload.
//
// A value; filled by in/, read by the trades and by out/.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace traces {

struct Tracer {
  std::string container_id, language, language_version, version;
  std::string runtime_id, env, hostname, app_version;  // empty: those of the first trace that has them
  std::vector<std::pair<std::string, std::string>> tags;
  bool computed_top_level = false, computed_stats = false;
};

}  // namespace traces
