// Where a shared object of the agent's own may lie: beside the executable (a build), or where a layer puts it.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace agent {

// Absolute paths, the first that exists counts. `file` is a name without a folder.
std::array<std::string, 3> library_places(std::string_view file);

}  // namespace agent
