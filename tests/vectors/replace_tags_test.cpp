// Subject replace-tags: {rules, in: {type, resource, meta, metrics}, out}; level stats_group: in and out are {Resource,
// HTTPStatusCode}. The span goes through obfuscation before, as in life.
#include "between/obfuscate.hpp"
#include "between/replace_setting.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::object;
using vectors::json::value;

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

traces::ReplaceRules rules_of(const object& one) {
  traces::Findings findings;
  traces::Patterns patterns(engine);
  const std::string text = vectors::json::serialize(one.at("rules"));
  return traces::read_replace_rules({text, "a vector"}, {}, patterns, findings);
}

const object& map_of(const object& one, const char* key) {
  static const object kEmpty;
  const value* found = one.if_contains(key);
  return found == nullptr ? kEmpty : found->as_object();
}

void fill(traces::Span& span, const object& from) {
  if (const value* type = from.if_contains("type")) span.type = type->as_string();
  span.resource = from.at("resource").as_string();
  for (const auto& [key, content] : map_of(from, "meta")) span.meta.emplace_back(key, content.as_string());
  for (const auto& [key, number] : map_of(from, "metrics")) span.metrics.emplace_back(key, number.to_number<double>());
}

void judge_group(const object& one, traces::ReplaceRules& rules) {
  std::string resource(one.at("in").at("Resource").as_string());
  auto status = one.at("in").at("HTTPStatusCode").to_number<std::uint32_t>();
  rules.apply_to_resource(resource);
  rules.apply_to_status(status);
  EXPECT_EQ(resource, one.at("out").at("Resource").as_string());
  EXPECT_EQ(status, one.at("out").at("HTTPStatusCode").to_number<std::uint32_t>());
}

void judge(const object& one) {
  traces::ReplaceRules rules = rules_of(one);
  if (one.contains("level")) return judge_group(one, rules);
  traces::Chunk chunk;
  traces::Span& span = chunk.add();
  fill(span, one.at("in").as_object());
  traces::Obfuscator(traces::ObfuscationSettings{}).apply(span, chunk.arena);
  rules.apply(span, chunk.arena);
  const object& out = one.at("out").as_object();
  object meta, metrics;
  for (const auto& [key, content] : span.meta) meta.emplace(key, std::string(content));
  for (const auto& [key, number] : span.metrics) metrics.emplace(key, number);
  EXPECT_EQ(span.resource, out.at("resource").as_string());
  EXPECT_EQ(meta, map_of(out, "meta"));
  EXPECT_EQ(metrics, map_of(out, "metrics"));
}

TEST(ReplaceTagsVectors, HoldForTheProjectsOwnCases) { vectors::run_own("replace-tags", judge); }
TEST(ReplaceTagsVectors, HoldForTheSharedCases) { vectors::run_shared("replace-tags", judge); }

}  // namespace
