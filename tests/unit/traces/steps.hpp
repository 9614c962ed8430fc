// The steps of invocations, told to Executions the way the host tells them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "invocation/executions.hpp"

namespace steps {

using traces::Chunk;
using traces::Span;
using traces::Tracer;
using traces::invocation::Executions;
using traces::invocation::ExecutionSettings;
using Headers = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::int64_t kStart = 1'800'000'000'000'000'000;

inline ExecutionSettings settings() {
  ExecutionSettings out;
  out.function = {"shop", "checkout", false};
  out.region = "eu-west-1";
  return out;
}

// Tells one step the way the host does.
struct Steps {
  explicit Steps(ExecutionSettings given = settings()) : executions(std::move(given)) {}

  sls_invocation at(std::string_view id) {
    sls_invocation out{};
    out.size = sizeof out;
    out.request_id = {id.data(), id.size()};
    out.function_arn = sls::str(arn);
    out.start_ns = kStart;
    out.now_ns = kStart + 1'000'000'000;
    out.duration_ms = out.billed_ms = out.init_ms = -1;
    return out;
  }
  void invoke(std::string_view id, bool cold = false, bool proactive = false) {
    sls_invocation raw = at(id);
    raw.cold_start = cold ? 1 : 0;
    raw.proactive_init = proactive ? 1 : 0;
    executions.invoked(sls::Invocation(&raw));
  }
  Headers start(std::string_view id, std::string_view event, const Headers& headers = {}) {
    sls_invocation raw = at(id);
    raw.payload = sls::str(event);
    lend(raw, headers);
    Headers out;
    for (const sls_pair& pair : executions.tracer_started(sls::Invocation(&raw)))
      out.emplace_back(sls::Text(pair.key), sls::Text(pair.value));
    return out;
  }
  Headers context(std::string_view id = {}) {
    Headers out;
    for (const sls_pair& pair : executions.context_of(id)) out.emplace_back(sls::Text(pair.key), sls::Text(pair.value));
    return out;
  }
  void end(std::string_view id, const Headers& headers, std::string_view response = "{}") {
    sls_invocation raw = at(id);
    raw.payload = sls::str(response);
    lend(raw, headers);
    executions.tracer_ended(sls::Invocation(&raw));
  }
  void done(std::string_view id, std::string_view status = "success", std::string_view error_type = {}) {
    sls_invocation raw = at(id);
    raw.status = sls::str(status);
    raw.error_type = sls::str(error_type);
    raw.duration_ms = 120;
    executions.done(sls::Invocation(&raw));
  }
  void reported(std::string_view id) {
    sls_invocation raw = at(id);
    executions.reported(sls::Invocation(&raw));
  }
  bool next() {
    chunk.clear();
    return executions.next(chunk, tracer);
  }
  const Span& span(std::string_view name) {
    for (const Span& each : chunk.spans())
      if (each.name == name) return each;
    ADD_FAILURE() << "there is no " << name;
    static const Span none;
    return none;
  }
  void platform(std::uint32_t kind, std::int64_t time_ns, std::string_view json = "{}") {
    sls_record raw{};
    raw.kind = kind;
    raw.time_ns = time_ns;
    raw.json = sls::str(json);
    executions.platform_told(sls::Record(&raw));
  }
  // A tracer's span, by name and resource.
  Span& arrives(Chunk& arriving, std::string_view name, std::string_view resource) {
    Span& each = arriving.add();
    each.name = name;
    each.resource = resource;
    each.trace_id = 77;
    each.span_id = 78;
    return each;
  }

  std::string arn = "arn:aws:lambda:eu-west-1:123456789012:function:checkout";
  Executions executions;
  Chunk chunk;
  Tracer tracer;

 private:
  void lend(sls_invocation& raw, const Headers& headers) {
    pairs_.clear();
    for (const auto& [name, value] : headers) pairs_.push_back(sls::pair(name, value));
    raw.headers = {pairs_.data(), pairs_.size()};
  }
  std::vector<sls_pair> pairs_;
};

}  // namespace steps
