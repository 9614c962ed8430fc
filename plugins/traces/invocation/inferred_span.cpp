#include "inferred_span.hpp"

namespace traces::invocation {
namespace {

void copy(Span& span, Arena& texts, const Texts& meta) {
  for (const auto& [key, value] : meta) span.set(texts.keep(key), texts.keep(value));
}

}  // namespace

std::size_t add_inferred_spans(Chunk& chunk, std::size_t lambda, const TriggerFacts& facts,
                               const Completion& completion) {
  const std::size_t first = chunk.size(), count = facts.spans.size();
  for (std::size_t i = 0; i < count; ++i) {
    Span& span = chunk.add();
    const Span& function = chunk.spans()[lambda];
    const Span& inner = i == 0 ? function : chunk.spans()[first + i - 1];
    const InferredSpan& inferred = facts.spans[i];
    span.name = chunk.arena.keep(inferred.name);
    span.type = chunk.arena.keep(inferred.type);
    span.resource = chunk.arena.keep(inferred.resource);
    span.service = chunk.arena.keep(inferred.service);
    span.trace_id = function.trace_id;
    span.span_id = completion.span_ids[i];
    span.parent_id = i + 1 < count ? completion.span_ids[i + 1] : completion.upstream_id;
    span.start = inferred.start;
    const std::int64_t end = inferred.async ? inner.start : inner.start + inner.duration;
    span.duration = end > span.start ? end - span.start : 0;
    span.error = function.error;
    copy(span, chunk.arena, inferred.meta);
    span.set("_inferred_span.tag_source", "self");
    span.set("_inferred_span.synchronicity", inferred.async ? "async" : "sync");
    span.set("peer.service", inner.service);
    if (i > 0) continue;
    span.set("span.kind", "server");
    if (!completion.http_status.empty()) span.set("http.status_code", chunk.arena.keep(completion.http_status));
    if (completion.propagated != nullptr) copy(span, chunk.arena, *completion.propagated);
  }
  chunk.spans()[lambda].parent_id = count > 0 ? completion.span_ids[0] : completion.upstream_id;
  return count > 0 ? first + count - 1 : lambda;
}

}  // namespace traces::invocation
