#include "between/attribution.hpp"

namespace logs {

bool Orphans::hold(const Line& line) {
  const std::size_t bytes =
      line.text.size() + line.tags.size() + line.execution_id.size() + line.execution_name.size() + sizeof(Held);
  if (bytes_ + bytes > kOrphanBytesMax) return false;
  bytes_ += bytes;
  lines_.push_back({std::string(line.text), std::string(line.tags), std::string(line.execution_id),
                    std::string(line.execution_name), line});
  return true;
}

Line Orphans::Held::line(std::string_view request_id) const {
  Line line = line_;
  line.text = text;
  line.tags = tags;
  line.execution_id = execution_id;
  line.execution_name = execution_name;
  line.request_id = request_id;
  return line;
}

}  // namespace logs
