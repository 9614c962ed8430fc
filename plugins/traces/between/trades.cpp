#include "between/trades.hpp"

#include "between/chunk_fields.hpp"
#include "between/sampling.hpp"

namespace traces {
namespace {

void drop_all(Chunk& chunk, Reason reason, Losses& losses) {
  losses.add(reason, chunk.remove_if([](const Span&) { return true; }));
}

}  // namespace

void Trades::apply(Chunk& chunk, const Tracer& tracer, std::int64_t now_ns, Losses& losses) {
  if (chunk.empty()) return;
  if (!parts_.normaliser.normalise(chunk, tracer.language, now_ns)) return drop_all(chunk, Reason::kInvalid, losses);
  complete_fields(chunk);
  const Span& root = chunk.spans()[root_of(chunk)];
  if (parts_.filters.ignores(root)) return drop_all(chunk, Reason::kIgnored, losses);
  if (parts_.filters.rejects(root)) return drop_all(chunk, Reason::kFiltered, losses);

  losses.add(Reason::kInternal,
             chunk.remove_if([&](const Span& span) { return parts_.internal_spans.contains(span); }));
  const bool counted = parts_.computes_statistics || tracer.computed_stats;
  for (Span& span : chunk.spans()) {
    parts_.enrichment.apply(span, counted);
    parts_.obfuscator.apply(span, chunk.arena);
    truncate(span, chunk.arena, parts_.resource_bytes_max);
  }
  top_level_.mark(chunk, tracer.computed_top_level);
  for (Span& span : chunk.spans()) parts_.replace_rules.apply(span, chunk.arena);
  if (parts_.computes_statistics && !tracer.computed_stats) statistics_.count(chunk, tracer, now_ns);
  if (is_dropped_by_priority(chunk, parts_.computes_statistics)) drop_all(chunk, Reason::kSampled, losses);
}

void Trades::apply(ClientGroup& group, std::string_view language, Arena& arena) {
  group_.clear();
  Span& span = group_.add();
  span.trace_id = span.span_id = 1;
  span.service = group.service;
  span.name = group.name;
  span.resource = group.resource;
  span.type = group.type;
  parts_.normaliser.normalise(group_, language, 0);
  parts_.obfuscator.apply(span, group_.arena);
  truncate(span, group_.arena, parts_.resource_bytes_max);
  std::string resource(span.resource);
  parts_.replace_rules.apply_to_resource(resource);
  auto status = static_cast<std::uint32_t>(group.http_status);
  if (parts_.replace_rules.apply_to_status(status)) group.http_status = status;
  group.service = arena.keep(span.service);
  group.name = arena.keep(span.name);
  group.resource = arena.keep(resource);
  group.type = arena.keep(span.type);
}

}  // namespace traces
