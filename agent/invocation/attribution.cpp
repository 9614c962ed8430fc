#include "invocation/attribution.hpp"

namespace agent {

void Attribution::invoked(std::string_view request_id, Wall at) {
  invoked_id_ = ids_.emplace_back(request_id);
  start_missing_ = invoked_id_ != started_id_;
  invoked_at_ = std::chrono::floor<std::chrono::milliseconds>(at);  // the platform stamps lines in milliseconds
}

// Of the invocation that /next has told, or of one that it is about to tell: either way nothing is missing.
void Attribution::started(std::string_view request_id) {
  started_id_ = ids_.emplace_back(request_id);
  start_missing_ = false;
}

void Attribution::batch_ended() {
  if (ids_.size() <= 4) return;
  std::deque<std::string> kept;
  started_id_ = kept.emplace_back(started_id_);
  invoked_id_ = kept.emplace_back(invoked_id_);
  ids_.swap(kept);
}

std::string_view Attribution::id_for(Wall line_time) const {
  if (managed_) return {};
  if (start_missing_ && line_time >= invoked_at_) return invoked_id_;
  return started_id_;
}

}  // namespace agent
