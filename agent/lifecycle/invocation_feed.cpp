#include "lifecycle/invocation_feed.hpp"

#include "base/limits.hpp"

namespace agent {
namespace {

std::int64_t ns_or_zero(Wall when) { return when == Wall{} ? 0 : to_ns(when); }

const TracerCall* tracer_call_of(std::uint32_t event, const Invocation& invocation) {
  if (event == SLS_TRACER_START) return &invocation.start;
  if (event == SLS_TRACER_END) return &invocation.end;
  return nullptr;
}

// The record as the plugins see it. Views into the record and into `headers`.
sls_invocation view_of(std::uint32_t event, const Invocation& invocation, Wall now, std::string_view payload,
                       std::vector<sls_pair>& headers) {
  sls_invocation view{};
  view.size = sizeof view;
  view.event = event;
  view.request_id = to_sls(invocation.request_id);
  view.function_arn = to_sls(invocation.function_arn);
  headers.clear();
  if (const TracerCall* call = tracer_call_of(event, invocation)) {
    for (const auto& [key, value] : call->headers) headers.push_back({to_sls(key), to_sls(value)});
    view.payload = to_sls(payload);
  }
  view.headers = {headers.data(), headers.size()};
  const bool reported = event == SLS_REPORTED;
  view.status = to_sls(reported && invocation.status.empty() ? invocation.report_status : invocation.status);
  view.error_type =
      to_sls(reported && invocation.error_type.empty() ? invocation.report_error_type : invocation.error_type);
  view.cold_start = invocation.cold_start ? 1 : 0;
  view.proactive_init = invocation.proactive_init ? 1 : 0;
  view.start_ns = ns_or_zero(invocation.started      ? invocation.started_at
                             : invocation.start.came ? invocation.start.at
                                                     : invocation.invoked_at);
  view.end_ns = ns_or_zero(invocation.end.came ? invocation.end.at : invocation.done_at);
  view.deadline_ns = ns_or_zero(invocation.deadline);
  view.now_ns = to_ns(now);
  view.duration_ms =
      reported && invocation.report_duration_ms >= 0 ? invocation.report_duration_ms : invocation.duration_ms;
  view.billed_ms = invocation.billed_ms;
  view.init_ms = invocation.init_ms;
  view.produced_bytes = invocation.produced_bytes;
  view.memory_mb = invocation.memory_mb;
  view.memory_used_mb = invocation.memory_used_mb;
  return view;
}

}  // namespace

InvocationFeed::InvocationFeed(Loop& loop, Wall process_start, bool managed, PluginSet& plugins)
    : invocations_(process_start, managed), attribution_(managed), plugins_(plugins), changed_(loop) {}

void InvocationFeed::tell(Wall now, std::string_view payload, PluginSet::ReplyHeaders* reply) {
  std::vector<sls_pair> headers;
  for (const InvocationStep& step : steps_)
    plugins_.on_invocation(view_of(step.event, *step.invocation, now, payload, headers), reply);
  steps_.clear();
  invocations_.trim_payloads();
  changed_.notify();
}

void InvocationFeed::invoke(std::string_view request_id, std::string_view function_arn, Wall deadline, Wall now) {
  attribution_.invoked(request_id, now);
  invocations_.invoke(request_id, function_arn, deadline, now, steps_);
  tell(now);
}

void InvocationFeed::tracer_start(std::string_view request_id, TracerCall call, std::string_view payload,
                                  PluginSet::ReplyHeaders& reply) {
  const Wall now = call.at;
  if (payload.size() <= limits::kInvocationPayloadBytesMax) call.payload = payload;
  invocations_.tracer_start(request_id, std::move(call), steps_);
  tell(now, payload, &reply);
}

void InvocationFeed::tracer_end(std::string_view request_id, TracerCall call, std::string_view payload, bool error) {
  const Wall now = call.at;
  if (payload.size() <= limits::kInvocationPayloadBytesMax) call.payload = payload;
  invocations_.tracer_end(request_id, std::move(call), error, steps_);
  tell(now, payload);
}

void InvocationFeed::started(std::string_view request_id, std::string_view version, Wall at, Wall now) {
  invocations_.started(request_id, version, at, steps_);
  tell(now);
}

void InvocationFeed::done(std::string_view request_id, const DoneFacts& facts, Wall at, Wall now) {
  invocations_.done(request_id, facts, at, steps_);
  tell(now);
}

void InvocationFeed::reported(std::string_view request_id, const ReportFacts& facts, Wall at, Wall now) {
  invocations_.reported(request_id, facts, at, steps_);
  tell(now);
}

void InvocationFeed::shut_down(std::string_view reason, Wall deadline, Wall now) {
  invocations_.shut_down(reason, now, steps_);
  tell(now);
  sls_invocation last{};
  last.size = sizeof last;
  last.event = SLS_SHUTDOWN;
  last.shutdown_reason = to_sls(reason);
  last.deadline_ns = ns_or_zero(deadline);
  last.now_ns = to_ns(now);
  last.duration_ms = last.billed_ms = last.init_ms = kUnknown;
  plugins_.on_invocation(last, nullptr);
}

}  // namespace agent
