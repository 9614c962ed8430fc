// Subject propagation: {kind: headers | sqs_aws_trace_header, style, carrier, env?, expect: {trace_id, trace_id_hi?,
// parent_id, priority, tags} | null}; the context that is found in an event with that carrier.
#include "invocation/context_sources.hpp"
#include "invocation/recogniser.hpp"
#include "vectors.hpp"

namespace {

using traces::invocation::Carrier;
using traces::invocation::Carriers;
using traces::invocation::Propagation;
using traces::invocation::Recogniser;
using traces::invocation::ServiceNames;
using traces::invocation::Surroundings;
using traces::invocation::TraceContext;
using traces::invocation::TriggerFacts;
namespace json = vectors::json;

bool is_on(const json::object& one, const char* variable) {
  const json::value* env = one.if_contains("env");
  const json::value* found = env == nullptr ? nullptr : env->as_object().if_contains(variable);
  return found != nullptr && found->as_string() == "true";
}

Propagation propagation_of(const json::object& one) {
  std::vector<std::string> names, unknown;
  const json::value* style = one.if_contains("style");
  if (style != nullptr && style->is_array())
    for (const json::value& name : style->as_array()) names.emplace_back(name.as_string());
  return Propagation::of(names, is_on(one, "DD_TRACE_PROPAGATION_EXTRACT_FIRST"),
                         is_on(one, "DD_TRACE_PROPAGATION_HTTP_BAGGAGE_ENABLED"), unknown);
}

std::string event_of(const json::object& one) {
  const json::object& carrier = one.at("carrier").as_object();
  if (one.at("kind").as_string() == "headers") return json::serialize(json::object{{"headers", carrier}});
  const json::object record = {{"messageId", "m"},
                               {"body", "hello"},
                               {"eventSource", "aws:sqs"},
                               {"eventSourceARN", "arn:aws:sqs:us-east-1:123456789012:queue"},
                               {"messageAttributes", json::object()},
                               {"attributes", carrier}};
  return json::serialize(json::object{{"Records", json::array{record}}});
}

void expect_context(const std::optional<TraceContext>& found, const json::object& want) {
  ASSERT_TRUE(found);
  EXPECT_EQ(std::to_string(found->trace_id), want.at("trace_id").as_string());
  EXPECT_EQ(std::to_string(found->parent_id), want.at("parent_id").as_string());
  if (const json::value* high = want.if_contains("trace_id_hi")) {
    EXPECT_EQ(traces::invocation::hex16(found->trace_id_high), high->as_string());
  }
  const json::value* priority = want.if_contains("priority");
  const bool known = priority != nullptr && priority->is_int64();
  EXPECT_EQ(found->priority, known ? std::optional<int>(priority->as_int64()) : std::nullopt);
  if (const json::value* origin = want.if_contains("origin"); origin != nullptr && origin->is_string()) {
    EXPECT_EQ(found->origin, origin->as_string());
  }
  json::object tags;
  for (const auto& [key, value] : found->tags) tags[key] = value;
  EXPECT_EQ(json::value(tags), want.at("tags"));
}

void judge(const json::object& one) {
  const std::string event = event_of(one);
  const ServiceNames services;
  Recogniser recogniser;
  TriggerFacts facts;
  Carriers carriers;
  recogniser.recognise(event, Surroundings{"us-east-1", "function", services}, facts, carriers);
  const auto found = caller_context(carriers, Carrier(), propagation_of(one));
  if (one.at("expect").is_null()) {
    EXPECT_FALSE(found);
  } else {
    expect_context(found, one.at("expect").as_object());
  }
}

TEST(Propagation, Own) { vectors::run_own("propagation", judge); }
TEST(Propagation, Shared) { vectors::run_shared("propagation", judge); }

}  // namespace
