// Any bytes as the headers of a caller's trace: the first line names the styles (behind `!` only the first counts,
// behind
// `^` baggage becomes tags), every other one is a header, NAME=VALUE. Each style, the header of X-Ray and the ids of a
// state machine keep what a context promises; the same headers on the tracer's two calls make spans whose texts can be
// shipped.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "invocation/context_sources.hpp"
#include "invocation/executions.hpp"
#include "require.hpp"

namespace {

using namespace traces::invocation;

constexpr std::size_t kTagsMax = 300;

void check(const std::optional<TraceContext>& context) {
  if (!context) return;
  REQUIRE(context->trace_id != 0);
  REQUIRE(!context->priority || (*context->priority >= -128 && *context->priority <= 127));
  REQUIRE(context->tags.size() <= kTagsMax);
  for (const auto& [key, value] : context->tags) REQUIRE(!key.empty() && value.size() <= kCarriedBytesMax);
  const std::string* high = context->find("_dd.p.tid");
  REQUIRE(high == nullptr || (high->size() == 16 && hex_id(*high) == context->trace_id_high));
  REQUIRE(context->trace_id_high == 0 || high != nullptr);
}

struct Lines {
  std::string_view styles;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
};

Lines lines_of(std::string_view input) {
  Lines out;
  const auto line = [&input] {
    const std::string_view whole = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), whole.size() + 1));
    return whole;
  };
  out.styles = line();
  while (!input.empty()) {
    const std::string_view whole = line();
    const std::size_t sign = whole.find('=');
    if (sign != std::string_view::npos) out.headers.emplace_back(whole.substr(0, sign), whole.substr(sign + 1));
  }
  return out;
}

Propagation propagation_of(std::string_view styles) {
  bool first_only = false, baggage = false;
  for (; !styles.empty() && (styles.front() == '!' || styles.front() == '^'); styles.remove_prefix(1))
    (styles.front() == '!' ? first_only : baggage) = true;
  std::vector<std::string> names, unknown;
  for (std::string_view rest = styles; !rest.empty() && names.size() < 16;) {
    names.emplace_back(rest.substr(0, rest.find(',')));
    rest.remove_prefix(std::min(rest.size(), names.back().size() + 1));
  }
  return Propagation::of(names, first_only, baggage, unknown);
}

StateMachineIds ids_of(const Carrier& carrier) {
  const auto text = [&](std::string_view name) {
    const std::string_view* found = carrier.find(name);
    return found == nullptr ? std::string_view() : *found;
  };
  StateMachineIds out;
  out.found = true;
  out.execution_id = text("Execution.Id"), out.root_execution_id = text("RootExecutionId");
  out.state_name = text("State.Name"), out.entered_time = text("State.EnteredTime");
  out.retry_count = static_cast<std::uint32_t>(text("State.RetryCount").size());
  out.trace_id = text("x-datadog-trace-id"), out.tags = text("x-datadog-tags");
  out.function_is_root = !out.trace_id.empty() && !out.tags.empty();
  return out;
}

void check_span(const traces::Span& span) {
  REQUIRE(span.trace_id != 0 && span.span_id != 0);
  for (const std::string_view text : {span.service, span.resource}) REQUIRE(sls::json::valid_utf8(text));
  for (const auto& [key, value] : span.meta) {
    REQUIRE(sls::json::valid_utf8(key) && sls::json::valid_utf8(value));
    REQUIRE(!key.empty());
  }
}

void invoke(const Lines& lines, const Propagation& propagation) {
  ExecutionSettings settings;
  settings.propagation = propagation;
  settings.function.service = "shop";
  Executions executions(std::move(settings));
  std::vector<sls_pair> headers;
  for (const auto& [name, value] : lines.headers) headers.push_back(sls::pair(name, value));
  sls_invocation raw{};
  raw.size = sizeof raw;
  raw.request_id = sls::str(lines.headers.empty() ? std::string_view("r") : lines.headers[0].second);
  raw.headers = {headers.data(), headers.size()};
  raw.start_ns = 1, raw.duration_ms = 1;
  const sls::Invocation event(&raw);
  executions.invoked(event);
  for (const sls_pair& pair : executions.tracer_started(event)) REQUIRE(pair.value.len > 0);
  executions.tracer_ended(event);
  for (const sls_pair& pair : executions.context_of(event.request_id())) REQUIRE(pair.value.len > 0);
  executions.done(event);
  executions.reported(event);
  traces::Chunk chunk;
  traces::Tracer tracer;
  for (int chunks = 0; executions.next(chunk, tracer); ++chunks) {
    REQUIRE(chunks == 0);
    for (const traces::Span& span : chunk.spans()) check_span(span);
    chunk.clear();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  const Lines lines = lines_of(input);
  const Propagation propagation = propagation_of(lines.styles);
  Carrier carrier;
  for (const auto& [name, value] : lines.headers) carrier.put(name, value);
  check(propagation.extract(carrier));
  for (const Style style : {Style::kDatadog, Style::kTraceContext, Style::kB3Multi, Style::kB3}) {
    Propagation alone;
    alone.styles = {style};
    check(alone.extract(carrier));
  }
  for (const auto& [name, value] : lines.headers) check(context_of_aws_header(value));
  check(context_of(ids_of(carrier)));
  invoke(lines, propagation);
  return 0;
}
