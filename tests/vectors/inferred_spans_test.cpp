// Subject inferred-spans: {event | event_file, env, response_payload?, headers?, expect: {trigger_tags, inferred_spans,
// error, parent, propagated_tags?, span_links?}}; what one event says of the spans around aws.lambda. Ids, answers and
// the caller's context are judged where they are made; here it is only seen that a carrier is found where one has to
// be.
//
// The events of ../shared/fixtures are read as well: each has to be understood, however it is cut.
#include <filesystem>

#include "invocation/inferred_span.hpp"
#include "invocation/recogniser.hpp"
#include "invocation/span_pointers.hpp"
#include "vectors.hpp"

namespace {

using traces::Chunk;
using traces::Span;
using traces::invocation::Carriers;
using traces::invocation::Completion;
using traces::invocation::Recogniser;
using traces::invocation::ServiceNames;
using traces::invocation::Surroundings;
using traces::invocation::TriggerFacts;
using vectors::json::object;
using vectors::json::value;

constexpr std::int64_t kStart = 1'800'000'000'000'000'000, kDuration = 120'000'000;

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string env_of(const object& one, const char* name) {
  const value* env = one.if_contains("env");
  const value* found = env == nullptr ? nullptr : env->as_object().if_contains(name);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

std::string lower(std::string_view text) {
  std::string out(text.substr(0, 100));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string text(const value& text) { return std::string(text.as_string()); }

// Meta and services are compared as they leave: lower case is the normaliser's.
void expect_meta(const Span& span, const object& meta) {
  for (const auto& [key, wanted] : meta) {
    const std::string name(key);
    ASSERT_NE(span.find(name), nullptr) << span.name << " has no " << name;
    EXPECT_EQ(span.tag(name), text(wanted)) << span.name << ' ' << name;
  }
}

std::string status_of(const object& one) {
  const value* response = one.if_contains("response_payload");
  const value* status =
      response == nullptr || !response->is_object() ? nullptr : response->as_object().if_contains("statusCode");
  return status != nullptr && status->is_int64() ? std::to_string(status->as_int64()) : std::string();
}

bool any_carrier(const Carriers& carriers, const object& one) {
  return !carriers.trigger.empty() || carriers.state_machine.found || !carriers.aws_trace_header.empty()
         || !carriers.request_headers.empty() || !carriers.headers.empty() || one.contains("headers");
}

void expect_spans(const Chunk& chunk, const TriggerFacts& facts, const object& expect, std::uint64_t upstream) {
  const auto& wanted = expect.at("inferred_spans").as_array();
  ASSERT_EQ(facts.spans.size(), wanted.size());
  const Span& lambda = chunk.spans()[0];
  const Span* inner = &lambda;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const object& want = wanted[i].as_object();
    const Span& span = chunk.spans()[1 + i];
    EXPECT_EQ(span.name, text(want.at("name")));
    EXPECT_EQ(span.resource, text(want.at("resource")));
    EXPECT_EQ(span.type, text(want.at("type")));
    EXPECT_EQ(lower(span.service), text(want.at("service")));
    expect_meta(span, want.at("meta").as_object());
    EXPECT_EQ(span.parent_id, i + 1 < wanted.size() ? chunk.spans()[2 + i].span_id : upstream);
    EXPECT_EQ(inner->parent_id, span.span_id);
    EXPECT_EQ(span.trace_id, lambda.trace_id);
    EXPECT_EQ(span.error, lambda.error);
    if (want.contains("start")) {
      EXPECT_EQ(span.start, want.at("start").to_number<std::int64_t>());
    }
    const std::string rule = text(want.at("duration_rule"));
    const std::int64_t end = rule == "lambda.start - start"     ? lambda.start
                             : rule == "inferred.start - start" ? inner->start
                                                                : lambda.start + lambda.duration;
    EXPECT_EQ(span.duration, end - span.start) << rule;
    if (want.contains("duration")) {
      EXPECT_EQ(span.duration, want.at("duration").to_number<std::int64_t>());
    }
    inner = &span;
  }
}

void expect_links(const TriggerFacts& facts, const object& expect) {
  std::string links;
  append_span_links(links, {}, facts.pointers);
  vectors::json::array found;
  const value parsed = vectors::json::parse(links);
  for (const value& each : parsed.as_array()) found.push_back(each.at("attributes"));
  const value* wanted = expect.if_contains("span_links");
  EXPECT_EQ(value(found), wanted == nullptr ? value(vectors::json::array()) : *wanted);
}

// `beside`: the folder that event_file is relative to.
void judge(const object& one, const std::string& beside) {
  const std::string event = one.contains("event") ? vectors::json::serialize(one.at("event"))
                                                  : file(beside + "/" + text(one.at("event_file")));
  ASSERT_FALSE(event.empty());
  std::vector<std::string> unusable;
  const ServiceNames services(env_of(one, "DD_SERVICE_MAPPING"),
                              env_of(one, "DD_TRACE_AWS_SERVICE_REPRESENTATION_ENABLED") != "false", unusable);
  const std::string region = env_of(one, "AWS_DEFAULT_REGION"), function = env_of(one, "AWS_LAMBDA_FUNCTION_NAME");
  Recogniser recogniser;
  TriggerFacts facts;
  Carriers carriers;
  recogniser.recognise(event, Surroundings{region, function, services}, facts, carriers);

  const object& expect = one.at("expect").as_object();
  const value* parent = expect.if_contains("parent");
  if (parent != nullptr && parent->is_object()) {
    EXPECT_TRUE(any_carrier(carriers, one));
  }

  constexpr std::uint64_t kUpstream = 77;
  const std::string service = lower(env_of(one, "DD_SERVICE")), status = status_of(one);
  Chunk chunk;
  Span& lambda = chunk.add();
  lambda.trace_id = 42, lambda.span_id = 43, lambda.start = kStart, lambda.duration = kDuration;
  lambda.error = static_cast<std::int32_t>(expect.at("error").to_number<std::int64_t>());
  lambda.service = service;
  for (const auto& [key, tag] : facts.tags) lambda.set(key, tag);
  if (!status.empty()) lambda.set("http.status_code", status);
  Completion completion;
  completion.span_ids[0] = 101, completion.span_ids[1] = 102, completion.upstream_id = kUpstream;
  completion.http_status = status;
  const std::size_t root = add_inferred_spans(chunk, 0, facts, completion);
  EXPECT_EQ(root, facts.spans.size());

  const object& tags = expect.at("trigger_tags").as_object();
  expect_meta(chunk.spans()[0], tags);
  if (tags.empty()) {
    EXPECT_TRUE(facts.tags.empty() && facts.trigger.empty());
  }
  expect_spans(chunk, facts, expect, kUpstream);
  expect_links(facts, expect);
}

TEST(InferredSpansVectors, OwnCases) {
  vectors::run_own("inferred-spans", [](const object& one) { judge(one, SLS_VECTORS_OWN); });
}
TEST(InferredSpansVectors, SharedCases) {
  vectors::run_shared("inferred-spans", [](const object& one) { judge(one, SLS_VECTORS_SHARED "/.."); });
}

// What kind each recorded event is; the others are of no kind.
TEST(InferredSpansVectors, EverySharedEventHasItsTrigger) {
  const std::string folder = SLS_VECTORS_SHARED "/../fixtures/events";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no ../shared/fixtures beside the project";
  const std::map<std::string, std::string> kinds = {
      {"api-gateway-appsec", "api-gateway-rest"},
      {"api-gateway-non-proxy", "api-gateway-rest"},
      {"api-gateway-websocket-default", "api-gateway-websocket"},
      {"api_gateway_http_event", "api-gateway-http"},
      {"api_gateway_http_event_parameterized", "api-gateway-http"},
      {"api_gateway_proxy_event", "api-gateway-rest"},
      {"api_gateway_rest_event", "api-gateway-rest"},
      {"api_gateway_websocket_connect_event", "api-gateway-websocket"},
      {"api_gateway_websocket_disconnect_event", "api-gateway-websocket"},
      {"api_gateway_websocket_message_event", "api-gateway-websocket"},
      {"application-load-balancer", "application-load-balancer"},
      {"application_load_balancer", "application-load-balancer"},
      {"authorizer-request-api-gateway-v1", "api-gateway-rest"},
      {"authorizer-request-api-gateway-v2", "api-gateway-http"},
      {"authorizer-request-api-gateway-websocket-message", "api-gateway-websocket"},
      {"authorizer-token-api-gateway-v1", "api-gateway-rest"},
      {"cloudfront", "cloudfront"},
      {"cloudwatch-events", "cloudwatch-events"},
      {"custom", ""},
      {"dynamodb_event", "dynamodb"},
      {"eventbridge-custom", "eventbridge"},
      {"eventbridge-no-sent-timestamp", "eventbridge"},
      {"eventbridge_event", "eventbridge"},
      {"eventbridge_no_timestamp_event", "eventbridge"},
      {"eventbridge_sns_event", "sns"},
      {"eventbridge_span", ""},
      {"eventbridge_sqs_event", "sqs"},
      {"eventbridgesns", ""},
      {"eventbridgesqs", "sqs"},
      {"kinesis_event", "kinesis"},
      {"lambda_function_url_event", "lambda-function-url"},
      {"msk_event", "msk"},
      {"rum-appsync", ""},
      {"s3_event", "s3"},
      {"sns", "sns"},
      {"sns-sqs-java-upstream", "sqs"},
      {"sns_event", "sns"},
      {"sns_sqs_event", "sqs"},
      {"snssqs", "sqs"},
      {"sqs", "sqs"},
      {"sqs-aws-header", "sqs"},
      {"sqs_event", "sqs"},
      {"sqs_event_binary", "sqs"},
      {"states", "step-functions"},
      {"step_function_event", "step-functions"},
      {"step_function_lambda_root_event", "step-functions"},
      {"step_function_nested_legacy_event", "step-functions"},
  };
  const ServiceNames services;
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().stem();
    SCOPED_TRACE(name);
    ASSERT_TRUE(kinds.contains(name)) << "an event that this table does not know";
    const std::string event = file(entry.path());
    Recogniser recogniser;
    Carriers carriers;
    const Surroundings around{"eu-west-1", "function", services, true};
    TriggerFacts facts;
    recogniser.recognise(event, around, facts, carriers);
    EXPECT_EQ(facts.trigger, kinds.at(name));
    // However it is cut off, it has no trigger, and nothing else happens.
    const std::size_t end = event.rfind('}');
    for (std::size_t size = 0; size <= end; size += 1 + size / 97) {
      TriggerFacts none;
      recogniser.recognise(std::string_view(event).substr(0, size), around, none, carriers);
      EXPECT_TRUE(none.trigger.empty() && none.spans.empty() && carriers.trigger.empty()) << size;
    }
    ++seen;
  }
  EXPECT_EQ(seen, kinds.size());
}

}  // namespace
