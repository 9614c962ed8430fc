// Which request id a log line without one belongs to.
//
// The platform delivers lines in the order of the sandbox's life, between the platform.start of their invocation and
// the platform.start of the next: so the last started id is right, and lines after runtimeDone keep the id of the
// invocation that ended. Two refinements: while the platform.start of the running invocation is missing (late, or
// lost), a line that was written since INVOKE came is that invocation's; and on managed instances, where invocations
// overlap, nothing is attributed. Pure. Called per batch by routes/telemetry_route.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace agent {

class Attribution {
 public:
  explicit Attribution(bool managed) : managed_(managed) {}

  void invoked(std::string_view request_id, Wall at);
  void started(std::string_view request_id);
  // Empty: not known yet. Valid until batch_ended().
  std::string_view id_for(Wall line_time) const;
  // Ids that were handed out are needed no more.
  void batch_ended();

 private:
  bool managed_;
  std::deque<std::string> ids_;  // what the two views point into; references into a deque survive push_back
  std::string_view started_id_, invoked_id_;
  Wall invoked_at_{};
  bool start_missing_ = false;  // of the invocation that /next told last
};

}  // namespace agent
