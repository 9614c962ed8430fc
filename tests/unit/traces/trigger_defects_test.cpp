// Defects that others have where triggers and inferred spans are made: each a test that they are not here. The numbers
// are those of the specification.
#include <gtest/gtest.h>

#include "invocation/inferred_span.hpp"
#include "seen.hpp"

namespace {

using namespace traces::invocation;
using seen::in_quotes;
using seen::see;
using seen::Seen;
using traces::Chunk;
using traces::Span;

constexpr const char* kQueueMessage =
    R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:sa-east-1:1:q","attributes":)"
    R"({"SentTimestamp":"1700000000000","AWSTraceHeader":"Root=1"},"messageAttributes":{"_datadog":{"dataType":"String",)"
    R"("stringValue":"{\"x-datadog-trace-id\":\"5\"}"}}}]})";
constexpr const char* kObjectCreated =
    R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2025-01-30T10:20:30Z",)"
    R"("s3":{"bucket":{"name":"b"},"object":{"key":"k","eTag":"e"}}}]})";

TEST(TriggerDefects, X2_NothingOfOneEventShowsOnTheNext) {
  const ServiceNames services;
  const Surroundings around{"eu-west-1", "f", services};
  Recogniser recogniser;
  Carriers carriers;
  TriggerFacts queue, object;
  recogniser.recognise(kQueueMessage, around, queue, carriers);
  recogniser.recognise(kObjectCreated, around, object, carriers);
  EXPECT_EQ(object.pointers.size(), 1u);
  for (const char* event : {R"({"hello":"world"})", "", "no JSON"}) {
    TriggerFacts facts;
    recogniser.recognise(event, around, facts, carriers);
    EXPECT_TRUE(facts.trigger.empty() && facts.tags.empty() && facts.spans.empty() && facts.pointers.empty()) << event;
    EXPECT_TRUE(carriers.trigger.empty() && carriers.aws_trace_header.empty() && !carriers.state_machine.found)
        << event;
    recogniser.recognise(kQueueMessage, around, queue, carriers);
  }
  EXPECT_EQ(object.spans.at(0).resource, "b") << "facts own their texts";
}

TEST(TriggerDefects, X6_OneValueThatIsNoTextDoesNotDiscardACarrier) {
  const Seen it = see(R"({"detail-type":"t","source":"s","detail":{"_datadog":{"x-datadog-trace-id":"5",)"
                      R"("x-datadog-sampling-priority":1,"list":[],"nothing":null,"yes":true}}})");
  EXPECT_EQ(it.carried("x-datadog-trace-id"), "5");
  EXPECT_EQ(it.carried("x-datadog-sampling-priority"), "1");
  EXPECT_EQ(it.carriers.trigger.entries().size(), 2u);

  const Seen json = see(R"({"Records":[{"eventSource":"aws:sqs","messageAttributes":{"_datadog":{"dataType":"String",)"
                        R"("stringValue":"{\"x-datadog-trace-id\":\"5\",\"n\":12,\"o\":{}}"}}}]})");
  EXPECT_EQ(json.carried("x-datadog-trace-id"), "5");
  EXPECT_EQ(json.carried("n"), "12");
}

TEST(TriggerDefects, X13_LeadingDigitsOfAServiceStay) {
  const Seen it = see(R"({"resource":"/","httpMethod":"GET","requestContext":{"stage":"s","requestTimeEpoch":1,)"
                      R"("domainName":"70ixmpl4fl.execute-api.us-east-2.amazonaws.com"}})");
  EXPECT_EQ(it.span().service, "70ixmpl4fl.execute-api.us-east-2.amazonaws.com");
}

TEST(TriggerDefects, X14_AMissingOrNullMemberCostsNoTrigger) {
  const Seen removed =
      see(R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectRemoved:Delete",)"
          R"("eventTime":"2025-01-30T10:20:30Z","s3":{"bucket":{"name":"b","arn":"a"},"object":{"key":"k"}}}]})");
  EXPECT_EQ(removed.facts.trigger, "s3");
  EXPECT_EQ(removed.span().resource, "b");
  EXPECT_EQ(removed.meta("object_size"), "(none)");
  EXPECT_TRUE(removed.facts.pointers.empty());

  const Seen sns =
      see(R"({"Records":[{"Sns":{"TopicArn":"arn:aws:sns:eu-west-1:1:news","Timestamp":"2025-01-30T10:20:30Z"}}]})");
  EXPECT_EQ(sns.span().resource, "news");

  const Seen console =
      see(R"({"resource":"/","httpMethod":"GET","headers":null,"multiValueHeaders":null,"requestContext":)"
          R"({"stage":"test-invoke-stage","path":"/p","identity":null,"requestTimeEpoch":1700000000000}})");
  EXPECT_EQ(console.facts.trigger, "api-gateway-rest");
  EXPECT_EQ(console.span().resource, "GET /p");
  EXPECT_TRUE(console.carriers.trigger.empty());

  const Seen no_counts = see(R"({"Execution":{"Id":"e"},"State":{"Name":"n","EnteredTime":"t"}})");
  EXPECT_EQ(no_counts.carriers.state_machine.retry_count, 0u);
  const Seen no_time = see(R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:r:1:q"}]})");
  EXPECT_EQ(no_time.tag("source_arn"), "arn:aws:sqs:r:1:q");
  EXPECT_TRUE(no_time.facts.spans.empty());
}

TEST(TriggerDefects, X15_TheArnOfAQueueIsTheEventsOwn) {
  EXPECT_EQ(see(kQueueMessage, {.region = "us-east-1"}).tag("function_trigger.event_source_arn"),
            "arn:aws:sqs:sa-east-1:1:q");
}

TEST(TriggerDefects, X16_MillisecondsAreNotRounded) {
  const Seen it =
      see(R"({"detail-type":"t","source":"s","detail":{"_datadog":{"x-datadog-start-time":"1731183820135"}}})");
  EXPECT_EQ(it.span().start, 1731183820135000000);
}

TEST(TriggerDefects, X17_TheRouteOfTheRootIsASlash) {
  for (const char* path : {"/", "", "//"}) {
    const Seen it =
        see(R"({"resource":"/","httpMethod":"GET","requestContext":{"stage":"s","httpMethod":"GET","path":")"
            + std::string(path) + R"(","requestTimeEpoch":1}})");
    EXPECT_EQ(it.span().resource, "GET /") << path;
  }
}

TEST(TriggerDefects, X18_ANotificationInAQueueNeedsNoAttributes) {
  const auto message = [](std::string_view body) {
    return R"({"Records":[{"eventSource":"aws:sqs","attributes":{"SentTimestamp":"1700000000000"},"body":)"
           + in_quotes(body) + "}]}";
  };
  EXPECT_EQ(
      see(message(R"({"Type":"Notification","TopicArn":"a:t","Timestamp":"2023-11-14T22:13:20Z"})")).facts.spans.size(),
      2u);
  EXPECT_EQ(see(message(R"({"Type":"SubscriptionConfirmation","TopicArn":"a:t","Timestamp":"2023-11-14T22:13:20Z"})"))
                .facts.spans.size(),
            1u);
  EXPECT_EQ(
      see(message(R"({"Type":"Notification","TopicArn":7,"Timestamp":"2023-11-14T22:13:20Z"})")).facts.spans.size(),
      1u);
}

TEST(TriggerDefects, X19_IndexKeysOfKafkaAreNumbers) {
  std::string group = "{";
  for (const int i : {10, 9, 2, 0, 1}) {
    if (group.size() > 1) group += ',';
    group += '"' + std::to_string(i) + R"(":{"topic":"t","partition":)" + std::to_string(i)
             + R"(,"timestamp":1,"headers":[{")" + (i >= 2 ? "traceparent" : "h") + R"(":[49]}]})";
  }
  const Seen it = see(R"({"records":{"t-0":)" + group + "}}}");
  EXPECT_EQ(it.meta("partition"), "2");

  std::string bytes;
  for (int i = 0; i < 12; ++i) bytes += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"" + std::to_string(97 + i) + '"';
  const Seen header = see(R"({"records":{"t-0":[{"topic":"t","headers":[{"traceparent":{)" + bytes + "}}]}]}}");
  EXPECT_EQ(header.carried("traceparent"), "abcdefghijkl");
}

// ---- spans

struct Lambda {
  Chunk chunk;
  explicit Lambda(std::int64_t start = 1700000001000000000, std::int64_t duration = 5000000) {
    Span& span = chunk.add();
    span.name = "aws.lambda", span.service = "checkout";
    span.trace_id = 7, span.span_id = 8, span.start = start, span.duration = duration, span.error = 1;
  }
};
Completion two_ids() {
  Completion completion;
  completion.span_ids[0] = 11, completion.span_ids[1] = 12, completion.upstream_id = 99;
  return completion;
}

TEST(InferredSpans, StandBetweenTheCallerAndTheFunction) {
  const Seen it = see(R"({"Records":[{"Sns":{"TopicArn":"a:news","Timestamp":"2023-11-14T22:13:20.5Z","Message":)"
                      + in_quotes(R"({"detail-type":"t","source":"shop","time":"2023-11-14T22:13:20Z"})") + "}}]}");
  Lambda lambda;
  const traces::Texts propagated = {{"_dd.p.dm", "-1"}};
  Completion completion = two_ids();
  completion.propagated = &propagated, completion.http_status = "200";
  EXPECT_EQ(add_inferred_spans(lambda.chunk, 0, it.facts, completion), 2u) << "the outermost one is the root";
  const auto spans = lambda.chunk.spans();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].parent_id, 11u);
  EXPECT_EQ(spans[1].parent_id, 12u);
  EXPECT_EQ(spans[2].parent_id, 99u);
  EXPECT_EQ(spans[1].trace_id, 7u);
  EXPECT_EQ(spans[1].error, 1);
  EXPECT_EQ(spans[2].error, 1);
  EXPECT_EQ(spans[1].tag("peer.service"), "checkout");
  EXPECT_EQ(spans[2].tag("peer.service"), "news");
  EXPECT_EQ(spans[1].tag("span.kind"), "server");
  EXPECT_EQ(spans[2].find("span.kind"), nullptr);
  EXPECT_EQ(spans[1].tag("_dd.p.dm"), "-1");
  EXPECT_EQ(spans[2].find("_dd.p.dm"), nullptr);
  EXPECT_EQ(spans[1].tag("http.status_code"), "200");
  EXPECT_EQ(spans[2].find("http.status_code"), nullptr);
  EXPECT_EQ(spans[2].tag("_inferred_span.tag_source"), "self");
}

TEST(TriggerDefects, X20_ASpanAroundASpanEndsWhereThatBegins) {
  const Seen it = see(R"({"Records":[{"Sns":{"TopicArn":"a:news","Timestamp":"2023-11-14T22:13:20.5Z","Message":)"
                      + in_quotes(R"({"detail-type":"t","source":"shop","time":"2023-11-14T22:13:20Z"})") + "}}]}");
  Lambda lambda;
  add_inferred_spans(lambda.chunk, 0, it.facts, two_ids());
  EXPECT_EQ(lambda.chunk.spans()[1].duration, 500000000);
  EXPECT_EQ(lambda.chunk.spans()[2].duration, 500000000);
}

TEST(InferredSpans, EndWithTheFunctionWhenTheCallerWaits) {
  const Seen it =
      see(R"({"resource":"/","httpMethod":"GET","requestContext":{"stage":"s","requestTimeEpoch":1700000000900}})");
  Lambda lambda;
  add_inferred_spans(lambda.chunk, 0, it.facts, two_ids());
  EXPECT_EQ(lambda.chunk.spans()[1].duration, 105000000);
  EXPECT_EQ(lambda.chunk.spans()[1].tag("_inferred_span.synchronicity"), "sync");
  Lambda early(1600000000000000000);
  add_inferred_spans(early.chunk, 0, it.facts, two_ids());
  EXPECT_EQ(early.chunk.spans()[1].duration, 0) << "clocks that disagree make no negative time";
}

TEST(TriggerDefects, X26_WithoutThemTheFunctionIsTheRootAndTheCallerItsParent) {
  Lambda lambda;
  lambda.chunk.add().name = "aws.lambda.cold_start";
  EXPECT_EQ(add_inferred_spans(lambda.chunk, 0, TriggerFacts(), two_ids()), 0u);
  EXPECT_EQ(lambda.chunk.spans()[0].parent_id, 99u);
  EXPECT_EQ(lambda.chunk.size(), 2u);
}

}  // namespace
