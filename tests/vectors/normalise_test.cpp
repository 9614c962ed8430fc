// Subject normalise: level span or trace {in, out or error}; chunk {in: {priority, origin, spans}, out}; top_level {in:
// spans, out: the ids that are marked}. The clock stands, so that `$now_minus` is exact.
#include <set>

#include "between/chunk_fields.hpp"
#include "between/normalise.hpp"
#include "between/top_level.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::array;
using vectors::json::object;
using vectors::json::value;

constexpr std::int64_t kNow = 1'790'000'000'000'000'000;

std::string_view text(const value& from) { return from.as_string(); }

// Views into the vector's own values.
void fill(traces::Span& span, const object& from) {
  for (const auto& [key, content] : from) {
    if (key == "service") span.service = text(content);
    if (key == "name") span.name = text(content);
    if (key == "resource") span.resource = text(content);
    if (key == "type") span.type = text(content);
    if (key == "trace_id") span.trace_id = content.to_number<std::uint64_t>();
    if (key == "span_id") span.span_id = content.to_number<std::uint64_t>();
    if (key == "parent_id") span.parent_id = content.to_number<std::uint64_t>();
    if (key == "start") span.start = content.to_number<std::int64_t>();
    if (key == "duration") span.duration = content.to_number<std::int64_t>();
    if (key == "error") span.error = content.to_number<std::int32_t>();
    if (key == "meta")
      for (const auto& [tag, words] : content.as_object()) span.meta.emplace_back(tag, text(words));
    if (key == "metrics")
      for (const auto& [tag, number] : content.as_object()) span.metrics.emplace_back(tag, number.to_number<double>());
  }
}

object as_object(const traces::Span& span) {
  object meta, metrics;
  for (const auto& [key, content] : span.meta) meta.emplace(key, std::string(content));
  for (const auto& [key, number] : span.metrics) metrics.emplace(key, number);
  return {{"service", std::string(span.service)},
          {"name", std::string(span.name)},
          {"resource", std::string(span.resource)},
          {"type", std::string(span.type)},
          {"trace_id", span.trace_id},
          {"span_id", span.span_id},
          {"parent_id", span.parent_id},
          {"start", span.start},
          {"duration", span.duration},
          {"error", std::int64_t{span.error}},
          {"meta", meta},
          {"metrics", metrics}};
}

// Only the wanted fields count.
void expect_span(const traces::Span& span, const object& want) {
  const object got = as_object(span);
  for (const auto& [key, content] : want) {
    const object* relative = content.if_object();
    const value* minus = relative == nullptr ? nullptr : relative->if_contains("$now_minus");
    if (minus != nullptr)
      EXPECT_EQ(got.at(key), value(kNow - minus->as_int64())) << key;
    else
      EXPECT_EQ(got.at(key), content) << key;
  }
}

std::string_view language(const object& one) {
  const value* found = one.if_contains("lang");
  return found == nullptr ? std::string_view() : text(*found);
}

void judge_chunk(const object& one) {
  const object& in = one.at("in").as_object();
  traces::Chunk chunk;
  const auto priority = in.at("priority").to_number<std::int32_t>();
  if (priority != -128) chunk.priority = priority;
  chunk.origin = text(in.at("origin"));
  for (const value& each : in.at("spans").as_array()) fill(chunk.add(), each.as_object());
  traces::complete_fields(chunk);
  EXPECT_EQ(chunk.priority.value_or(-128), one.at("out").at("priority").as_int64());
  EXPECT_EQ(chunk.origin, text(one.at("out").at("origin")));
}

void judge_top_level(const object& one) {
  traces::Chunk chunk;
  for (const value& each : one.at("in").as_array()) fill(chunk.add(), each.as_object());
  traces::TopLevel().mark(chunk, false);
  std::set<std::uint64_t> got, want;
  for (const traces::Span& span : chunk.spans())
    if (const double* mark = span.find_metric("_top_level"); mark != nullptr && *mark == 1) got.insert(span.span_id);
  for (const value& id : one.at("out").as_array()) want.insert(id.to_number<std::uint64_t>());
  EXPECT_EQ(got, want);
}

void judge(const object& one) {
  const std::string_view level = text(one.at("level"));
  if (level == "chunk") return judge_chunk(one);
  if (level == "top_level") return judge_top_level(one);
  const value& in = one.at("in");
  const array spans = in.is_array() ? in.as_array() : array{in};
  traces::Chunk chunk;
  for (const value& each : spans) fill(chunk.add(), each.as_object());
  const bool good = traces::Normaliser().normalise(chunk, language(one), kNow);
  EXPECT_EQ(good, !one.contains("error"));
  if (!good || one.contains("error")) return;
  const value& out = one.at("out");
  const array want = out.is_array() ? out.as_array() : array{out};
  ASSERT_EQ(want.size(), chunk.size());
  for (std::size_t i = 0; i < want.size(); ++i) expect_span(chunk.spans()[i], want[i].as_object());
}

TEST(NormaliseVectors, HoldForTheProjectsOwnCases) { vectors::run_own("normalise", judge); }
TEST(NormaliseVectors, HoldForTheSharedCases) { vectors::run_shared("normalise", judge); }

}  // namespace
