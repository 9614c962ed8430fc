// What the trades of the traces plugin cost per span, beside a floor that only walks over the same tags. Spans as an
// ordinary web handler makes them: 15 tags, 5 metrics, 20 in a chunk; obfuscation apart, since it is measured by
// itself.
#include <benchmark/benchmark.h>

#include <string>

#include "between/enrich.hpp"
#include "between/filters.hpp"
#include "between/internal_spans.hpp"
#include "between/normalise.hpp"
#include "between/top_level.hpp"
#include "between/trades.hpp"
#include "between/truncate.hpp"

namespace {

constexpr std::size_t kSpans = 20;
constexpr std::int64_t kNow = 1'790'000'000'000'000'000;

const traces::Texts& tags() {
  static const traces::Texts kTags = {{"env", "prod"},
                                      {"version", "1.2.3"},
                                      {"language", "python"},
                                      {"runtime-id", "5f35ae120c0fec141ab77a00bc047aa2"},
                                      {"span.kind", "client"},
                                      {"component", "requests"},
                                      {"http.method", "GET"},
                                      {"http.url", "https://api.example.com/v1/orders/17"},
                                      {"http.status_code", "200"},
                                      {"http.useragent", "python-requests/2.31"},
                                      {"out.host", "api.example.com"},
                                      {"peer.service", "orders"},
                                      {"_dd.base_service", "checkout"},
                                      {"_dd.p.dm", "-1"},
                                      {"customer.tier", "gold"}};
  return kTags;
}

void fill(traces::Chunk& chunk) {
  chunk.clear();
  for (std::size_t i = 1; i <= kSpans; ++i) {
    traces::Span& span = chunk.add();
    span.service = i % 5 == 0 ? "orders" : "checkout";
    span.name = "http.request";
    span.resource = "GET /v1/orders/?";
    span.type = "custom";
    span.trace_id = 7;
    span.span_id = i * 0x9e3779b97f4a7c15u;
    span.parent_id = i == 1 ? 0 : (i / 2) * 0x9e3779b97f4a7c15u;
    span.start = kNow - 1000;
    span.duration = 1000;
    span.meta = tags();
    span.metrics = {{"_dd.measured", 1}, {"_sampling_priority_v1", 1}, {"process_id", 1}, {"a", 2}, {"b", 3}};
  }
}

traces::FunctionFacts facts() {
  return {.tags = {{"function_arn", "arn:aws:lambda:eu-west-1:123456789012:function:checkout"},
                   {"region", "eu-west-1"},
                   {"account_id", "123456789012"},
                   {"aws_account", "123456789012"},
                   {"functionname", "checkout"},
                   {"resource", "checkout"},
                   {"env", "prod"},
                   {"version", "1.2.3"},
                   {"service", "checkout"},
                   {"memorysize", "1024"},
                   {"runtime", "python3.12"},
                   {"architecture", "x86_64"},
                   {"dd_extension_version", "1"}},
          .service = "checkout",
          .name = "checkout"};
}

template <class Work>
void per_span(benchmark::State& state, Work work) {
  traces::Chunk chunk;
  for (auto _ : state) {
    fill(chunk);
    work(chunk);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kSpans));
}

// What filling costs is in every figure.
void walking(benchmark::State& state) {
  per_span(state, [](traces::Chunk& chunk) {
    std::size_t bytes = 0;
    for (const traces::Span& span : chunk.spans())
      for (const auto& tag : span.meta) bytes += tag.first.size() + tag.second.size();
    benchmark::DoNotOptimize(bytes);
  });
}
void normalising(benchmark::State& state) {
  const traces::Normaliser normaliser;
  per_span(state, [&](traces::Chunk& chunk) { benchmark::DoNotOptimize(normaliser.normalise(chunk, "python", kNow)); });
}
void looking_for_internal_spans(benchmark::State& state) {
  const traces::InternalSpans internal("169.254.100.1:9001");
  per_span(state, [&](traces::Chunk& chunk) {
    benchmark::DoNotOptimize(chunk.remove_if([&](const traces::Span& span) { return internal.contains(span); }));
  });
}
void enriching(benchmark::State& state) {
  traces::Enrichment enrichment(facts());
  per_span(state, [&](traces::Chunk& chunk) {
    for (traces::Span& span : chunk.spans()) enrichment.apply(span, false);
  });
}
void truncating(benchmark::State& state) {
  per_span(state, [](traces::Chunk& chunk) {
    for (traces::Span& span : chunk.spans()) traces::truncate(span, chunk.arena);
  });
}
void marking_top_level(benchmark::State& state) {
  traces::TopLevel top_level;
  per_span(state, [&](traces::Chunk& chunk) { top_level.mark(chunk, false); });
}
void all_without_obfuscation(benchmark::State& state) {
  const traces::Normaliser normaliser;
  const traces::InternalSpans internal("169.254.100.1:9001");
  traces::Enrichment enrichment(facts());
  traces::TopLevel top_level;
  per_span(state, [&](traces::Chunk& chunk) {
    benchmark::DoNotOptimize(normaliser.normalise(chunk, "python", kNow));
    chunk.remove_if([&](const traces::Span& span) { return internal.contains(span); });
    for (traces::Span& span : chunk.spans()) {
      enrichment.apply(span, false);
      traces::truncate(span, chunk.arena);
    }
    top_level.mark(chunk, false);
  });
}

BENCHMARK(walking);
BENCHMARK(normalising);
BENCHMARK(looking_for_internal_spans);
BENCHMARK(enriching);
BENCHMARK(truncating);
BENCHMARK(marking_top_level);
BENCHMARK(all_without_obfuscation);

}  // namespace
