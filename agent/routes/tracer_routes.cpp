#include "routes/tracer_routes.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"

namespace agent {
namespace {

constexpr BodyPolicy kNoBody{64 << 10, BodyPolicy::OnExcess::kTakeWithoutBody};
constexpr BodyPolicy kEventBody{limits::kLifecycleBodyBytesMax, BodyPolicy::OnExcess::kTakeWithoutBody};
constexpr std::string_view kRequestId = "lambda-runtime-aws-request-id";

TracerCall call_of(const HttpRequest& request) {
  TracerCall call;
  call.at = Now::read().wall;
  call.headers.reserve(request.headers.size());
  for (const sls_pair& header : request.headers)
    call.headers.emplace_back(from_sls(header.key), from_sls(header.value));
  return call;
}

// Any of the error headers marks an error, the message, type and stack by being there.
bool is_error(const HttpRequest& request) {
  return iequals(request.header("x-datadog-invocation-error"), "true")
         || !request.header("x-datadog-invocation-error-msg").empty()
         || !request.header("x-datadog-invocation-error-type").empty()
         || !request.header("x-datadog-invocation-error-stack").empty();
}

void warn_of_large_body(const HttpRequest& request) {
  static bool said = false;
  if (!request.body_too_large || std::exchange(said, true)) return;
  log_warn(request.path, ": a body of more than ", limits::kLifecycleBodyBytesMax,
           " bytes counts as empty (said once); the headers are honoured");
}

}  // namespace

void add_tracer_routes(Dispatch& dispatch, InvocationFeed& feed, TracerRouteOptions options) {
  const auto hello = [](const HttpRequest&, HttpReply& reply) { reply.body = "{}"; };

  const auto flush = [&feed, options](const HttpRequest&, HttpReply& reply) {
    if (options.local_test) {
      const Wall now = Now::read().wall;
      DoneFacts facts;
      facts.status = "success";
      const std::string running(feed.invocations().newest_running());
      feed.done(running, facts, now, now);
    }
    reply.body = "{}";
  };

  const auto start = [&feed](const HttpRequest& request, HttpReply& reply) {
    warn_of_large_body(request);
    feed.tracer_start(request.header(kRequestId), call_of(request), request.body, reply.headers);
    reply.body = "{}";
  };

  const auto end = [&feed](const HttpRequest& request, HttpReply& reply) {
    warn_of_large_body(request);
    feed.tracer_end(request.header(kRequestId), call_of(request), request.body, is_error(request));
    reply.body = "{}";
  };

  dispatch.add({"host", "GET", "/lambda/hello", kNoBody, hello});
  dispatch.add({"host", "GET|POST", "/lambda/flush", kNoBody, flush});
  dispatch.add({"host", "POST", "/lambda/start-invocation", kEventBody, start});
  dispatch.add({"host", "POST", "/lambda/end-invocation", kEventBody, end});
}

}  // namespace agent
