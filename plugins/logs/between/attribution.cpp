#include "between/attribution.hpp"

namespace logs {

bool Orphans::hold(const Line& line) {
  const std::size_t bytes = KeptLine::bytes_of(line);
  if (bytes_ + bytes > kOrphanBytesMax) return false;
  bytes_ += bytes;
  lines_.emplace_back(line);
  return true;
}

}  // namespace logs
