#include "execution_chunk.hpp"

#include "in/texts.hpp"
#include "inferred_span.hpp"
#include "span_pointers.hpp"

namespace traces::invocation {
namespace {

// The name of a function is the seventh part of its ARN.
std::string_view name_in(std::string_view arn) {
  for (int i = 0; i < 6; ++i) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return arn.substr(0, arn.find(':'));
}

void set_all(Span& span, Arena& texts, const OwnTexts& from) {
  for (const auto& [key, value] : from) span.set(texts.keep(key), texts.keep(value));
}

void set_platform_tags(Span& span, Arena& texts, const Execution& execution, const ExecutedFunction& function) {
  if (execution.status == "timeout") {
    span.set("error.msg", "Datadog detected a Timeout");
    span.set("error.type", "Timeout");
  } else if (!execution.ended && !execution.error_type.empty()) {
    span.set("error.type", texts.keep(execution.error_type));
    const bool memory = execution.error_type == "Runtime.OutOfMemory";
    span.set("error.msg", memory ? "The function ran out of memory" : "The function ended before it had answered");
  }
  if (!function.runtime.empty()) span.set("runtime", texts.keep(function.runtime));
  if (!function.managed) span.set("cold_start", execution.cold_start ? "true" : "false");
  if (execution.proactive_init) span.set("proactive_initialization", "true");
  for (const auto& [key, value] : execution.facts.tags) span.set(texts.keep(key), texts.keep(value));
}

void fill_lambda(Span& span, Arena& texts, const Execution& execution, const ExecutedFunction& function) {
  const std::string_view own_name = name_in(execution.function_arn);
  const std::string_view resource = own_name.empty() ? std::string_view(function.name) : own_name;
  span.name = "aws.lambda";
  span.type = "serverless";
  span.resource = resource.empty() ? "aws.lambda" : texts.keep(resource);
  span.service = function.service.empty() ? "aws.lambda" : texts.keep(function.service);
  span.trace_id = execution.trace_id();
  span.span_id = execution.span_id;
  span.start = execution.start_ns;
  span.duration = execution.duration_ns;
  span.error = execution.error ? 1 : 0;

  span.set("span.kind", "server");
  span.set("request_id", texts.keep(execution.request_id));
  set_all(span, texts, execution.request);
  if (execution.caller && execution.facts.spans.empty()) set_all(span, texts, execution.caller->tags);
  set_all(span, texts, execution.meta);
  for (const auto& [key, value] : execution.meta_struct)
    span.meta_struct.emplace_back(texts.keep(key), texts.keep(value));
  for (const auto& [key, value] : execution.metrics) span.set_metric(texts.keep(key), value);
  set_all(span, texts, execution.response);
  if (!execution.http_status.empty()) span.set("http.status_code", texts.keep(execution.http_status));
  if (!execution.caller) set_all(span, texts, execution.of_tracer.tags);
  if (!execution.caller && execution.of_tracer.priority)
    span.set_metric("_sampling_priority_v1", *execution.of_tracer.priority);
  set_all(span, texts, execution.error_tags);
  set_platform_tags(span, texts, execution, function);
}

// The placeholder's decision, else the one that came with the tracer's end, else the caller's.
std::optional<std::int32_t> priority_of(const Span& lambda, const Execution& execution) {
  if (const double* decided = lambda.find_metric("_sampling_priority_v1"))
    if (*decided >= -128 && *decided <= 127) return static_cast<std::int32_t>(*decided);
  if (const auto& priority = execution.context().priority) return *priority;
  return std::nullopt;
}

// Of a trace id of 128 bits the root tells the high half, whichever span has the rest of what was propagated.
void tell_high_half(Span& root, Arena& texts, const TraceContext& context) {
  const std::string* high = context.find("_dd.p.tid");
  if (high != nullptr && root.find("_dd.p.tid") == nullptr) root.set("_dd.p.tid", texts.keep(*high));
}

// Headers may have brought any bytes.
void mend(Span& span, Arena& texts) {
  for (std::string_view* text : {&span.service, &span.resource}) *text = mended(*text, texts);
  for (auto& [key, value] : span.meta) key = mended(key, texts), value = mended(value, texts);
}

void point_from(Span& root, Arena& texts, const TriggerFacts& facts) {
  if (facts.pointers.empty()) return;
  std::string links;
  append_span_links(links, root.tag("_dd.span_links"), facts.pointers);
  root.set("_dd.span_links", texts.keep(links));
}

}  // namespace

void make_chunk(const Execution& execution, const ExecutedFunction& function, const ExecutionIds& ids,
                const ColdStart* cold_start, Chunk& chunk) {
  const std::size_t lambda = cold_start == nullptr ? 0 : 1;
  Texts propagated;
  Completion completion;
  completion.span_ids[0] = ids.inferred[0];
  completion.span_ids[1] = ids.inferred[1];
  // Without a caller's context the tracer's parent counts where nothing stands in between.
  const bool inferred = !execution.facts.spans.empty();
  completion.upstream_id = execution.caller ? execution.caller->parent_id
                           : inferred       ? 0
                                            : execution.of_tracer.parent_id;
  completion.http_status = execution.http_status;
  if (execution.caller) {
    for (const auto& [key, value] : execution.caller->tags) propagated.emplace_back(key, value);
    completion.propagated = &propagated;
  }
  // First, so that it is never the root.
  if (cold_start != nullptr) {
    const std::string_view name = name_in(execution.function_arn);
    cold_start->add_to(chunk, function.service, name.empty() ? std::string_view(function.name) : name);
  }
  fill_lambda(chunk.add(), chunk.arena, execution, function);
  const std::size_t root = add_inferred_spans(chunk, lambda, execution.facts, completion);
  if (cold_start != nullptr) {
    chunk.spans()[0].trace_id = execution.trace_id();
    chunk.spans()[0].parent_id = chunk.spans()[lambda].parent_id;
  }
  chunk.priority = priority_of(chunk.spans()[lambda], execution);
  chunk.origin = "lambda";
  tell_high_half(chunk.spans()[root], chunk.arena, execution.context());
  point_from(chunk.spans()[root], chunk.arena, execution.facts);
  for (Span& span : chunk.spans()) mend(span, chunk.arena);
}

}  // namespace traces::invocation
