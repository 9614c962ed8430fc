// Every kind of trigger by the least that it is recognised by, then what is told of fuller events. Whole events of real
// services are in tests/vectors.
#include <gtest/gtest.h>

#include "seen.hpp"

namespace {

using seen::in_quotes;
using seen::see;
using seen::Seen;

// ---- recognition

TEST(Triggers, AreRecognisedByNoMoreThanWhatTellsThemApart) {
  const struct {
    const char *event, *trigger, *source, *arn;
  } kCases[] = {
      {R"({"version":"2.0","rawQueryString":"","requestContext":{"domainName":"d"}})", "api-gateway-http",
       "api-gateway", "arn:aws:apigateway:eu-west-1::/restapis//stages/"},
      {R"({"requestContext":{"stage":"s"},"httpMethod":"GET","resource":"/"})", "api-gateway-rest", "api-gateway",
       "arn:aws:apigateway:eu-west-1::/restapis//stages/s"},
      {R"({"requestContext":{"stage":null},"httpMethod":null,"resource":null})", "api-gateway-rest", "api-gateway",
       "arn:aws:apigateway:eu-west-1::/restapis//stages/"},
      {R"({"requestContext":{"messageDirection":"IN","apiId":"a"}})", "api-gateway-websocket", "api-gateway",
       "arn:aws:apigateway:eu-west-1::/apis/a/stages/"},
      {R"({"type":"TOKEN","methodArn":"arn:m"})", "api-gateway-authorizer", "api-gateway", "arn:m"},
      {R"({"type":"REQUEST","routeArn":"arn:r","version":"2.0"})", "api-gateway-authorizer", "api-gateway", "arn:r"},
      {R"({"type":"REQUEST","methodArn":"arn:m","requestContext":{"stage":"s"},"httpMethod":"GET","resource":"/"})",
       "api-gateway-authorizer", "api-gateway", "arn:m"},
      {R"({"requestContext":{"elb":{"targetGroupArn":"arn:elb"}}})", "application-load-balancer",
       "application-load-balancer", "arn:elb"},
      {R"({"requestContext":{"domainName":"x.lambda-url.eu-west-1.on.aws","accountId":"1"}})", "lambda-function-url",
       "lambda-function-url", "arn:aws:lambda:eu-west-1:1:url:checkout"},
      {R"({"records":{"t-0":[{"topic":"t"}]}})", "msk", "msk", "(none)"},
      {R"({"records":{"t-0":{"0":{"topic":"t"}}},"eventSourceArn":"arn:k"})", "msk", "msk", "arn:k"},
      {R"({"Records":[{"eventSource":"aws:sqs"}]})", "sqs", "sqs", "(none)"},
      {R"({"Records":[{"Sns":null}]})", "sns", "sns", "(none)"},
      {R"({"Records":[{"dynamodb":{}}]})", "dynamodb", "dynamodb", "(none)"},
      {R"({"Records":[{"s3":{},"eventSource":"aws:s3"}]})", "s3", "s3", "aws:s3"},
      {R"({"Records":[{"kinesis":{}}]})", "kinesis", "kinesis", "(none)"},
      {R"({"detail-type":"t","source":"mine"})", "eventbridge", "eventbridge", "mine"},
      {R"({"Execution":{"Id":"e"},"State":{"Name":"n","EnteredTime":"t"}})", "step-functions", "states", "(none)"},
      {R"({"detail-type":"Scheduled Event","source":"aws.events","resources":["arn:rule"]})", "cloudwatch-events",
       "cloudwatch-events", "arn:rule"},
      {R"({"awslogs":{"data":"H4sI"}})", "cloudwatch-logs", "cloudwatch-logs", "(none)"},
      {R"({"Records":[{"cf":{"config":{"distributionId":"E1"}}}]})", "cloudfront", "cloudfront", "E1"},
      {R"({"userPoolId":"eu-west-1_a","triggerSource":"PreSignUp_SignUp"})", "cognito", "cognito", "eu-west-1_a"},
  };
  for (const auto& each : kCases) {
    SCOPED_TRACE(each.event);
    const Seen it = see(each.event, {.all_kinds = true});
    EXPECT_EQ(it.facts.trigger, each.trigger);
    EXPECT_EQ(it.tag("function_trigger.event_source"), each.source);
    EXPECT_EQ(it.tag("function_trigger.event_source_arn"), each.arn);
    EXPECT_TRUE(it.facts.spans.empty()) << "nothing says when";
  }
}

TEST(Triggers, AreNotSeenInWhatOnlyLooksLikeThem) {
  for (const char* event :
       {R"({"version":"2.0","rawQueryString":"","requestContext":{}})", R"({"Records":[]})", R"({"Records":{}})",
        R"({"Records":null})", R"({"Records":[null]})", R"({"Records":[[{"Sns":{}}]]})", R"({"requestContext":null})",
        R"({"requestContext":[]})", R"({"records":[{"topic":"t"}]})", R"({"records":{"t":[]}})", R"({"records":{}})",
        R"({"detail-type":"t","source":["mine"]})", R"({"detail-type":"t"})", R"({"source":"mine"})",
        R"({"Execution":{"Id":1},"State":{"Name":"n","EnteredTime":"t"}})", R"({"Execution":{"Id":"e"},"State":{}})",
        R"({"Records":[{"EventSource":"aws:sqs"}]})", R"({"type":"TOKEN"})", R"({"methodArn":"arn:m"})"}) {
    const Seen it = see(event, {.all_kinds = true});
    EXPECT_EQ(it.facts.trigger, "") << event;
    EXPECT_TRUE(it.facts.tags.empty() && it.facts.spans.empty()) << event;
  }
}

TEST(Triggers, ThatNobodyTagsAreTaggedWhenAsked) {
  for (const char* event :
       {R"({"detail-type":"Scheduled Event","source":"aws.events","resources":["arn:rule"]})",
        R"({"awslogs":{"data":"H4sI"}})", R"({"Records":[{"cf":{"config":{"distributionId":"E"}}}]})",
        R"({"userPoolId":"p","triggerSource":"PreSignUp_SignUp"})"}) {
    EXPECT_EQ(see(event).facts.trigger, "") << event;
    EXPECT_NE(see(event, {.all_kinds = true}).facts.trigger, "") << event;
  }
}

TEST(Triggers, NameThePartitionOfTheRegion) {
  const char* event = R"({"requestContext":{"messageDirection":"IN","apiId":"a","stage":"s"}})";
  const struct {
    const char *region, *arn;
  } kCases[] = {{"us-gov-west-1", "arn:aws-us-gov:apigateway:us-gov-west-1::/apis/a/stages/s"},
                {"cn-north-1", "arn:aws-cn:apigateway:cn-north-1::/apis/a/stages/s"},
                {"", "arn:aws:apigateway:us-east-1::/apis/a/stages/s"}};
  for (const auto& each : kCases) {
    EXPECT_EQ(see(event, {.region = each.region}).tag("function_trigger.event_source_arn"), each.arn);
  }
}

// ---- HTTP

std::string rest(std::string_view headers, std::string_view path = "/orders") {
  return R"({"resource":"/o","httpMethod":"GET",)" + std::string(headers) + R"("requestContext":{"stage":"s","path":")"
         + std::string(path)
         + R"(","httpMethod":"GET","domainName":"d","apiId":"a","requestTimeEpoch":1700000000000}})";
}

TEST(HttpTriggers, EndWithTheFunctionUnlessTheCallerDoesNotWait) {
  EXPECT_FALSE(see(rest("")).span().async);
  EXPECT_FALSE(see(rest(R"("headers":{"X-Amz-Invocation-Type":"RequestResponse"},)")).span().async);
  EXPECT_TRUE(see(rest(R"("headers":{"X-Amz-Invocation-Type":"Event"},)")).span().async);
  EXPECT_TRUE(see(rest(R"("multiValueHeaders":{"x-amz-invocation-type":["Event"]},)")).span().async);
}

TEST(HttpTriggers, CarryContextInTheirHeadersOfEitherForm) {
  EXPECT_EQ(see(rest(R"("headers":{"X-Datadog-Trace-Id":"12","n":3,"x":null},)")).carried("x-datadog-trace-id"), "12");
  EXPECT_EQ(see(rest(R"("headers":{"n":3},)")).carried("N"), "3");
  const Seen both = see(rest(R"("headers":null,"multiValueHeaders":{"X-Datadog-Trace-Id":["12","13"],"e":[]},)"));
  EXPECT_EQ(both.carried("x-datadog-trace-id"), "12");
  EXPECT_TRUE(both.carriers.headers.empty());
}

TEST(HttpTriggers, ShowIdsInPathsAsTheirNames) {
  const struct {
    const char *path, *resource;
  } kCases[] = {
      {"/users/42", "GET /users/{user_id}"},
      {"/users/42/", "GET /users/{user_id}"},
      {"/42", "GET /{id}"},
      {"//42", "GET /{id}"},
      {"/id/42", "GET /id/{id}"},
      {"/ids/42", "GET /ids/{id}"},
      {"/sss/42", "GET /sss/{id}"},
      {"/classes/7/students/8", "GET /classes/{classe_id}/students/{student_id}"},
      {"/users/42/43", "GET /users/{user_id}/{42_id}"},
      {"/users/42a", "GET /users/42a"},
      {"/o/6F9619FF-8B86-D011-B42D-00C04FC964FF", "GET /o/{o_id}"},
      {"/o/x-6f9619ff-8b86-d011-b42d-00c04fc964ff.pdf", "GET /o/{o_id}"},
      {"/o/6f9619ff8b86d011b42d00c04fc964ff", "GET /o/6f9619ff8b86d011b42d00c04fc964ff"},
      {"/o/01ARZ3NDEKTSV4RRFFQ69G5FAV", "GET /o/{o_id}"},
      {"/o/01arz3ndektsv4rrffq69g5fav", "GET /o/01arz3ndektsv4rrffq69g5fav"},
      {"/o/{proxy+}/42", "GET /o/{proxy+}/42"},
      {"/o/{42", "GET /o/{42"},
  };
  for (const auto& each : kCases) {
    const Seen it = see(rest("", each.path));
    EXPECT_EQ(it.span().resource, each.resource);
    EXPECT_EQ(it.meta("http.url"), "https://d" + std::string(each.path));
  }
}

TEST(HttpTriggers, TagWhatLoadBalancersKnow) {
  const Seen it = see(R"({"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"/p",)"
                      R"("multiValueHeaders":{"User-Agent":["curl"],"x-datadog-trace-id":["5","6"]}})");
  EXPECT_EQ(it.tag("http.method"), "GET");
  EXPECT_EQ(it.tag("http.url_details.path"), "/p");
  EXPECT_EQ(it.carried("x-datadog-trace-id"), "5");
  EXPECT_TRUE(it.facts.spans.empty());
}

TEST(HttpTriggers, HaveAServiceEvenWithoutADomain) {
  const Seen it = see(R"({"resource":"/o","httpMethod":"GET","requestContext":{"stage":"s","requestTimeEpoch":1}})");
  EXPECT_EQ(it.span().service, "aws.apigateway");
  EXPECT_EQ(it.meta("http.url"), "(none)");
  EXPECT_EQ(it.meta("dd_resource_key"), "(none)");
}

// ---- messages

std::string queue_message(std::string_view body, std::string_view attributes = "{}", std::string_view more = "") {
  return R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:q","body":)"
         + in_quotes(body) + R"(,"messageAttributes":)" + std::string(attributes)
         + R"(,"attributes":{"SentTimestamp":"1700000000500")" + std::string(more) + "}}]}";
}
std::string notification(std::string_view more) {
  return R"({"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:1:news","Timestamp":"2023-11-14T22:13:20.250Z")"
         + std::string(more) + "}";
}
std::string bus_event(std::string_view context) {
  return R"({"detail-type":"placed","source":"shop","time":"2023-11-14T22:13:20Z","detail":{"_datadog":)"
         + std::string(context) + "}}";
}

TEST(QueueMessages, CarryContextInTheirAttributeFirst) {
  const std::string inside =
      notification(R"(,"MessageAttributes":{"_datadog":{"Type":"String","Value":"{\"x-datadog-trace-id\":\"7\"}"}})");
  const struct {
    const char *attributes, *id;
  } kCases[] = {
      {R"({"_datadog":{"dataType":"String","stringValue":"{\"x-datadog-trace-id\":\"5\"}"}})", "5"},
      {R"({"_datadog":{"dataType":"String.json","stringValue":"{\"x-datadog-trace-id\":\"5\"}"}})", "5"},
      {R"({"_datadog":{"dataType":"Binary","binaryValue":"eyJ4LWRhdGFkb2ctdHJhY2UtaWQiOiI2In0="}})", "6"},
      {R"({"_datadog":{"dataType":"Binary.custom","binaryValue":"eyJ4LWRhdGFkb2ctdHJhY2UtaWQiOiI2In0="}})", "6"},
      {R"({"_datadog":{"dataType":"String","stringValue":"no JSON"}})", "(none)"},
      {R"({"_datadog":{"dataType":"Binary","binaryValue":"???"}})", "(none)"},
      {R"({"_datadog":{"dataType":"Number","stringValue":"1"}})", "7"},
      {R"({"_datadog":{"dataType":"String"}})", "7"},
      {R"({"_datadog":null})", "7"},
      {"null", "7"},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(see(queue_message(inside, each.attributes)).carried("x-datadog-trace-id"), each.id) << each.attributes;
  }
}

TEST(QueueMessages, HaveTheSpanOfWhatTheyWrap) {
  const Seen sns = see(queue_message(notification(R"(,"Subject":null,"MessageId":"m")")));
  ASSERT_EQ(sns.facts.spans.size(), 2u);
  EXPECT_EQ(sns.meta("function_trigger.event_source"), "sns");
  EXPECT_EQ(sns.span(1).name, "aws.sns");
  EXPECT_EQ(sns.span(1).service, "news");
  EXPECT_EQ(sns.span(1).start, 1700000000250000000);
  EXPECT_EQ(sns.meta("subject", 1), "(none)");
  EXPECT_EQ(sns.meta("message_id", 1), "m");
  EXPECT_EQ(sns.tag("function_trigger.event_source"), "sqs");

  const Seen bus = see(queue_message(bus_event(R"({"x-datadog-trace-id":"9","x-datadog-start-time":1700000000100})")));
  ASSERT_EQ(bus.facts.spans.size(), 2u);
  EXPECT_EQ(bus.meta("function_trigger.event_source"), "eventbridge");
  EXPECT_EQ(bus.span(1).name, "aws.eventbridge");
  EXPECT_EQ(bus.span(1).start, 1700000000100000000);
  EXPECT_EQ(bus.carried("x-datadog-trace-id"), "9");

  // A bus's event in a notification in a message: spans of two, the context of the third.
  const Seen all =
      see(queue_message(notification(",\"Message\":" + in_quotes(bus_event(R"({"x-datadog-trace-id":"9"})")))));
  ASSERT_EQ(all.facts.spans.size(), 2u);
  EXPECT_EQ(all.span(1).name, "aws.sns");
  EXPECT_EQ(all.carried("x-datadog-trace-id"), "9");
}

TEST(QueueMessages, WithoutATimeLeaveTheSpanAroundThemStanding) {
  std::string event = queue_message(notification(""));
  event.replace(event.find("SentTimestamp"), 13, "SomethingElse");
  const Seen it = see(event);
  ASSERT_EQ(it.facts.spans.size(), 1u);
  EXPECT_EQ(it.span().name, "aws.sns");
}

TEST(QueueMessages, CarryTheHeaderOfXRayBesideEverythingElse) {
  const Seen it = see(queue_message("hello", "{}", R"(,"AWSTraceHeader":"Root=1-2-3;Parent=4")"));
  EXPECT_EQ(it.carriers.aws_trace_header, "Root=1-2-3;Parent=4");
  EXPECT_TRUE(it.carriers.trigger.empty());
}

TEST(QueueMessages, AreOpenedOnlyWhenThereMayBeSomethingInThem) {
  const std::string large(2 << 20, 'x');
  const Seen it = see(queue_message("{\"TopicArn\":\"" + large + "\"}"));
  EXPECT_EQ(it.facts.spans.size(), 1u);
  EXPECT_EQ(it.meta("function_trigger.event_source"), "(none)");
}

TEST(Notifications, CarryContextInTheirAttributeElseInTheEventInThem) {
  const std::string inside = bus_event(R"({"x-datadog-trace-id":"9"})");
  const struct {
    const char *attributes, *id;
  } kCases[] = {
      {R"({"_datadog":{"Type":"String","Value":"{\"x-datadog-trace-id\":\"5\"}"}})", "5"},
      {R"({"_datadog":{"Type":"Binary","Value":"eyJ4LWRhdGFkb2ctdHJhY2UtaWQiOiI2In0="}})", "6"},
      {R"({"_datadog":{"Type":"Number","Value":"1"}})", "(none)"},
      {"{}", "9"},
      {"null", "9"},
  };
  for (const auto& each : kCases) {
    const Seen it =
        see(R"({"Records":[{"EventSubscriptionArn":"arn:sub","Sns":{"TopicArn":"arn:aws:sns:eu-west-1:1:news",)"
            R"("Timestamp":"2023-11-14T22:13:20.250Z","Subject":"","MessageAttributes":)"
            + std::string(each.attributes) + ",\"Message\":" + in_quotes(inside) + "}}]}");
    EXPECT_EQ(it.carried("x-datadog-trace-id"), each.id) << each.attributes;
    ASSERT_EQ(it.facts.spans.size(), 2u);
    EXPECT_EQ(it.meta("event_subscription_arn"), "arn:sub");
    EXPECT_EQ(it.meta("subject"), "") << "an empty subject is one";
    EXPECT_EQ(it.meta("function_trigger.event_source"), "eventbridge");
    EXPECT_EQ(it.meta("event_subscription_arn", 1), "(none)");
  }
}

TEST(BusEvents, AreNamedByTheBusThatTheirTracerWrote) {
  const Seen it = see(bus_event(R"({"x-datadog-resource-name":"the-bus","x-datadog-start-time":"1700000000100.5"})"));
  EXPECT_EQ(it.span().resource, "the-bus");
  EXPECT_EQ(it.span().service, "the-bus");
  EXPECT_EQ(it.span().start, 1700000000100500000);
  EXPECT_EQ(it.tag("function_trigger.event_source_arn"), "shop");
  EXPECT_EQ(see(bus_event("null")).span().resource, "shop");
  EXPECT_EQ(see(bus_event(R"({"x-datadog-start-time":"soon"})")).span().start, 1700000000000000000);
}

// ---- streams

TEST(Streams, TellOfTheirFirstRecord) {
  const Seen it =
      see(R"({"Records":[{"eventID":"shard-7:495","eventSourceARN":"arn:aws:kinesis:eu-west-1:1:stream/s/t",)"
          R"("kinesis":{"approximateArrivalTimestamp":1.643638425163E9,"partitionKey":"p","data":)"
          R"("eyJfZGF0YWRvZyI6eyJ4LWRhdGFkb2ctdHJhY2UtaWQiOiI4In19"}},{"kinesis":{}}]})");
  EXPECT_EQ(it.span().start, 1643638425163000000);
  EXPECT_EQ(it.span().resource, "t");
  EXPECT_EQ(it.meta("shard_id"), "shard-7");
  EXPECT_EQ(it.carried("x-datadog-trace-id"), "8");
  EXPECT_EQ(it.meta("event_name"), "(none)");
}

std::string kafka(std::string_view records) {
  return R"({"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:eu-west-1:1:cluster/c/7","records":)"
         + std::string(records) + "}";
}
std::string kafka_record(int partition, std::string_view headers) {
  return R"({"topic":"t","partition":)" + std::to_string(partition) + R"(,"timestamp":1700000000000,"headers":)"
         + std::string(headers) + "}";
}

TEST(Kafka, TakesTheFirstRecordThatHasAContextInTheOrderOfGroups) {
  const std::string none = kafka_record(1, "[]"), other = kafka_record(2, R"([{"h":[1]}])"),
                    with = kafka_record(3, R"([{"h":[1]},{"X-Datadog-Trace-Id":[49,50]}])"),
                    later = kafka_record(4, R"([{"traceparent":[51]}])");
  const struct {
    std::string records;
    const char* partition;
  } kCases[] = {
      {R"({"g":[)" + none + "," + other + "]}", "1"},
      {R"({"g":[)" + none + "," + with + "," + later + "]}", "3"},
      {R"({"b":[)" + later + R"(],"a":[)" + none + "," + with + "]}", "3"},
      {R"({"b":[)" + none + R"(],"a":[)" + other + "]}", "2"},
      {R"({"a":[)" + none + R"(],"b":[)" + later + "]}", "4"},
  };
  for (const auto& each : kCases) EXPECT_EQ(see(kafka(each.records)).meta("partition"), each.partition) << each.records;
}

TEST(Kafka, ReadsHeadersOfEveryForm) {
  for (const char* headers :
       {R"([{"x-datadog-trace-id":[49,50]}])", R"([{"x-datadog-trace-id":["49","50"]}])",
        R"([{"x-datadog-trace-id":{"0":"49","1":"50"}}])", R"({"0":{"x-datadog-trace-id":[49,50]}})",
        R"([null,1,{"bad":[256]},{"bad":["x"]},{"bad":[255]},{"bad":7},{"X-Datadog-TRACE-id":[49,50]}])"}) {
    const Seen it = see(kafka(R"({"g":[)" + kafka_record(1, headers) + "]}"));
    EXPECT_EQ(it.carried("x-datadog-trace-id"), "12") << headers;
    EXPECT_EQ(it.carried("bad"), "(none)") << headers;
  }
}

TEST(Kafka, NamesTheClusterOrItsKind) {
  const std::string records = R"({"g":[)" + kafka_record(1, "[]") + "]}";
  EXPECT_EQ(see(kafka(records)).span().service, "c");
  EXPECT_EQ(see(kafka(records), {.instances = false}).span().service, "msk");
  EXPECT_EQ(see(kafka(records), {.mapping = "c:streams"}).span().service, "streams");
  EXPECT_EQ(see(R"({"eventSource":"SelfManagedKafka","records":)" + records + "}").span().service, "msk");
}

// ---- state machines, and what nobody knows

std::string state_machine(std::string_view more = "") {
  return R"({"Execution":{"Id":"arn:e","RedriveCount":1},"State":{"Name":"n","EnteredTime":"t","RetryCount":2},)"
         R"("StateMachine":{"Id":"arn:m"})"
         + std::string(more) + "}";
}

TEST(StateMachines, AreFoundAtTheirFourPlaces) {
  for (const std::string& event :
       {state_machine(), R"({"_datadog":)" + state_machine() + "}", R"({"Payload":)" + state_machine() + "}",
        R"({"Payload":{"_datadog":)" + state_machine() + "}}"}) {
    const Seen it = see(event);
    EXPECT_EQ(it.tag("function_trigger.event_source"), "states") << event;
    EXPECT_EQ(it.tag("function_trigger.event_source_arn"), "arn:m");
    const auto& ids = it.carriers.state_machine;
    EXPECT_TRUE(ids.found);
    EXPECT_EQ(ids.execution_id, "arn:e");
    EXPECT_EQ(ids.state_name, "n");
    EXPECT_EQ(ids.entered_time, "t");
    EXPECT_EQ(ids.retry_count, 2u);
    EXPECT_EQ(ids.redrive_count, 1u);
    EXPECT_FALSE(ids.function_is_root);
  }
}

TEST(StateMachines, KnowTheFunctionThatStartedThem) {
  const Seen root = see(state_machine(R"(,"x-datadog-trace-id":"5","x-datadog-tags":"_dd.p.tid=1")"));
  EXPECT_TRUE(root.carriers.state_machine.function_is_root);
  EXPECT_EQ(root.carriers.state_machine.trace_id, "5");
  EXPECT_EQ(root.carriers.state_machine.tags, "_dd.p.tid=1");
  EXPECT_FALSE(see(state_machine(R"(,"x-datadog-trace-id":"5")")).carriers.state_machine.function_is_root);
  EXPECT_EQ(see(state_machine(R"(,"RootExecutionId":"r")")).carriers.state_machine.root_execution_id, "r");
}

TEST(UnknownEvents, KeepTheirHeadersAsCarriers) {
  const Seen it =
      see(R"({"headers":{"x-datadog-trace-id":"1"},"request":{"headers":{"x-datadog-trace-id":"2","n":null}}})");
  EXPECT_EQ(it.facts.trigger, "");
  EXPECT_EQ(*it.carriers.headers.find("x-datadog-trace-id"), "1");
  EXPECT_EQ(*it.carriers.request_headers.find("x-datadog-trace-id"), "2");
  EXPECT_EQ(it.carriers.request_headers.entries().size(), 1u);
}

// ---- bad input

TEST(BadEvents, HaveNoTriggerAndNoCarriers) {
  std::string large = R"({"Records":[{"eventSource":"aws:sqs"}],"x":")";
  large += std::string(traces::invocation::kEventBytesMax + 1 - large.size() - 2, 'x') + "\"}";
  ASSERT_EQ(large.size(), traces::invocation::kEventBytesMax + 1);
  const std::string deep =
      R"({"headers":{"x-datadog-trace-id":"1"},"a":)" + std::string(300, '[') + std::string(300, ']') + "}";
  for (const std::string& event : {std::string(), std::string("no JSON"), std::string("17"), std::string("\"text\""),
                                   std::string("[]"), std::string("\xff\xfe\x00{", 4), deep, large}) {
    const Seen it = see(event);
    EXPECT_EQ(it.facts.trigger, "") << event.substr(0, 40);
    EXPECT_TRUE(it.carriers.headers.empty() && it.carriers.trigger.empty()) << event.substr(0, 40);
  }
  large.erase(large.size() - 3, 1);
  EXPECT_EQ(see(large).facts.trigger, "sqs") << "one byte less is an event";
}

TEST(BadEvents, LoseWhatIsNoTextAndNotTheirNeighbours) {
  const Seen it =
      see(rest("\"headers\":{\"x-datadog-trace-id\":\"12\",\"referer\":\"a\xff"
               "b\"},"));
  EXPECT_EQ(it.tag("http.referer"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(it.carried("x-datadog-trace-id"), "12");
}

TEST(Facts, KeepLittle) {
  const std::string huge(1 << 20, 'x');
  const Seen it = see(R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":")" + huge + R"(","receiptHandle":")"
                      + huge + R"(","awsRegion":")" + huge + R"(","attributes":{"SenderId":")" + huge
                      + R"(","ApproximateReceiveCount":")" + huge + R"(","SentTimestamp":"1700000000000"}}]})");
  ASSERT_EQ(it.facts.spans.size(), 1u);
  EXPECT_EQ(it.meta("receipt_handle").size(), traces::invocation::kTextBytesMax);
  EXPECT_LE(it.facts.texts.bytes(), traces::invocation::kKeptBytesMax + traces::invocation::kTextBytesMax);

  const Seen usual = see(queue_message(notification(R"(,"MessageId":"12345678-90ab-cdef-1234-567890abcdef")")));
  std::size_t bytes = sizeof usual.facts + usual.facts.texts.bytes();
  bytes += usual.facts.tags.capacity() * sizeof(traces::Texts::value_type);
  for (const auto& span : usual.facts.spans) {
    bytes += sizeof span + span.meta.capacity() * sizeof(traces::Texts::value_type);
  }
  EXPECT_LE(bytes, 3072u);
}

TEST(Facts, AreCutBetweenCharacters) {
  std::string path = "/";
  while (path.size() < 6000) path += "\xe2\x82\xac";
  const Seen it = see(rest("", path));
  const std::string kept = it.tag("http.url_details.path");
  EXPECT_GT(kept.size(), 4990u);
  EXPECT_TRUE(sls::json::valid_utf8(kept));
}

}  // namespace
