// The Runtime API: hands invocations to the function's process and takes its answers.
//
// One invocation at a time. A response for another request id than the running one is 400, as on the platform. Called
// by the platform's HTTP server and the sandbox.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "lab/http.hpp"
#include "lab/json.hpp"
#include "lab/monitor.hpp"

namespace lab {

struct Invocation {
  std::string id, payload = "{}", arn, trace_header;
  std::int64_t deadline_ms = 0;
};

// What the function answered.
struct FunctionAnswer {
  std::string id, body, error_type;
  bool error = false;
  Clock::time_point at;
};

class RuntimeApi {
 public:
  explicit RuntimeApi(Monitor& monitor) : monitor_(monitor) {}

  HttpAnswer handle(const HttpRequest& request, const HttpServer::Gone& gone);
  void push(Invocation invocation);
  // A new process: nothing is running any more.
  void reset();

  // Under the lock of the monitor.
  bool waiting() const { return waiting_; }   // the function asks for work
  bool ready() const { return nexts_ != 0; }  // it has asked at least once: init is over
  const std::string& init_error() const { return init_error_; }
  const std::optional<FunctionAnswer>& answer() const { return answer_; }  // to the last invocation pushed

 private:
  HttpAnswer next(const HttpServer::Gone& gone);
  HttpAnswer answered(const HttpRequest& request, const std::string& id, bool error);

  Monitor& monitor_;
  std::deque<Invocation> queue_;
  std::string running_, init_error_;
  std::optional<FunctionAnswer> answer_;
  bool waiting_ = false;
  unsigned nexts_ = 0, generation_ = 0;
};

}  // namespace lab
