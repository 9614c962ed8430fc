// What is known of durable executions: whether this function is durable, and which execution an invocation belongs to.
//
// The first is a word of the INIT_START line, the second comes as notes, from whoever sees the function's spans:
// aws.durable.execution_id, .execution_name, .first_invocation, .execution_status, each under a request id. It holds no
// lines; the pipeline asks it what becomes of them. Bounded; the oldest execution is forgotten first.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "line.hpp"

namespace logs {

inline constexpr std::size_t kDurableContextsMax = 500;  // request ids whose execution is remembered

class DurableExecutions {
 public:
  enum class Kind { kUnknown, kOrdinary, kDurable };

  Kind kind() const { return kind_; }
  void on_init_start(std::string_view runtime_version);
  void on_note(std::string_view request_id, std::string_view key, std::string_view value);
  // Whether notes came since the last call that may have made an execution known.
  bool learnt() { return std::exchange(learnt_, false); }
  // Gives the line what is known of the execution of its request id; its views live until the next note. False:
  // nothing is.
  bool attach(Line& line, bool managed_instance) const;

 private:
  struct Context {
    std::string request_id, id, name, first, status;
    bool known() const { return !id.empty() && !name.empty(); }
  };

  std::deque<Context> contexts_;
  Kind kind_ = Kind::kUnknown;
  bool learnt_ = false;
};

}  // namespace logs
