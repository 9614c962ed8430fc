#include "base/invariant.hpp"

#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/log.hpp"

namespace agent {
namespace {
std::uint64_t broken_total = 0;
}

std::uint64_t invariants_broken() { return broken_total; }

void invariant_broken(const char* condition, const char* file, int line) {
  static std::vector<const char*> reported;
  ++broken_total;
  bool known = false;
  for (const char* place : reported) known = known || place == condition;
  if (!known) {
    reported.push_back(condition);
    log_error("broken invariant (a defect of the agent, please report): ", std::string_view(condition), " at ",
              std::string_view(file), ':', line);
  }
#ifndef NDEBUG
  std::abort();
#endif
}

}  // namespace agent
