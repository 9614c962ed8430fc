#include "lab/runtime_api.hpp"

namespace lab {
namespace {

constexpr std::string_view kPrefix = "/2018-06-01/runtime/";
constexpr Milliseconds kLookForHangUp{50};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

HttpAnswer accepted() { return {202, R"({"status":"OK"})", {{"Content-Type", "application/json"}}}; }

std::string error_type_of(const HttpRequest& request) {
  json::error_code error;
  const json::value body = json::parse(request.body, error);
  std::string type = error ? std::string() : text_at(body, "/errorType");
  if (type.empty()) type = std::string(request.header("lambda-runtime-function-error-type"));
  return type.empty() ? "Runtime.Unknown" : type;
}

}  // namespace

HttpAnswer RuntimeApi::handle(const HttpRequest& request, const HttpServer::Gone& gone) {
  std::string_view path = request.path;
  if (path.substr(0, kPrefix.size()) != kPrefix) return {404, "{}", {}};
  path.remove_prefix(kPrefix.size());
  if (path == "invocation/next" && request.method == "GET") return next(gone);
  if (path == "init/error" && request.method == "POST") {
    const Lock lock(monitor_.mutex);
    init_error_ = error_type_of(request);
    monitor_.moved.notify_all();
    return accepted();
  }
  const bool response = ends_with(path, "/response"), error = ends_with(path, "/error");
  if (path.substr(0, 11) != "invocation/" || (!response && !error)) return {404, "{}", {}};
  path.remove_prefix(11);
  path.remove_suffix(response ? 9 : 6);
  return answered(request, std::string(path), error);
}

HttpAnswer RuntimeApi::next(const HttpServer::Gone& gone) {
  Lock lock(monitor_.mutex);
  const unsigned generation = generation_;
  ++nexts_;
  waiting_ = true;
  monitor_.moved.notify_all();
  while (!monitor_.wait(lock, Clock::now() + kLookForHangUp,
                        [&] { return !queue_.empty() || generation != generation_; })) {
    if (!monitor_.stopping && !gone()) continue;
    if (generation == generation_) waiting_ = false;
    return {.manner = Manner::kCut};
  }
  if (generation != generation_) return {.manner = Manner::kCut};
  waiting_ = false;
  Invocation invocation = std::move(queue_.front());
  queue_.pop_front();
  running_ = invocation.id;
  monitor_.moved.notify_all();
  return {200,
          std::move(invocation.payload),
          {{"Content-Type", "application/json"},
           {"Lambda-Runtime-Aws-Request-Id", invocation.id},
           {"Lambda-Runtime-Deadline-Ms", std::to_string(invocation.deadline_ms)},
           {"Lambda-Runtime-Invoked-Function-Arn", invocation.arn},
           {"Lambda-Runtime-Trace-Id", invocation.trace_header}}};
}

HttpAnswer RuntimeApi::answered(const HttpRequest& request, const std::string& id, bool error) {
  const Lock lock(monitor_.mutex);
  if (id != running_) {
    const json::object body{{"errorMessage", "Invalid request ID"}, {"errorType", "InvalidRequestID"}};
    return {400, json::serialize(body), {{"Content-Type", "application/json"}}};
  }
  running_.clear();
  answer_ = FunctionAnswer{id, request.body, error ? error_type_of(request) : "", error, request.arrived};
  monitor_.moved.notify_all();
  return accepted();
}

void RuntimeApi::push(Invocation invocation) {
  const Lock lock(monitor_.mutex);
  answer_.reset();
  queue_.push_back(std::move(invocation));
  monitor_.moved.notify_all();
}

void RuntimeApi::reset() {
  const Lock lock(monitor_.mutex);
  queue_.clear();
  running_.clear();
  init_error_.clear();
  answer_.reset();
  waiting_ = false;
  nexts_ = 0;
  ++generation_;
  monitor_.moved.notify_all();
}

}  // namespace lab
