// Invocations of tracers that call start- and end-invocation, in every order that may come.
#include "invocation/executions.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include "between/chunk_fields.hpp"
#include "steps.hpp"

namespace {

using namespace steps;
using traces::Span;

constexpr std::string_view kEvent =
    R"({"headers":{"x-datadog-trace-id":"1234","x-datadog-parent-id":"5678","x-datadog-sampling-priority":"2",)"
    R"("x-datadog-tags":"_dd.p.tid=66bcb5eb00000000,_dd.p.dm=-0"}})";

TEST(Executions, TheExampleOfTheContract) {
  Steps steps;
  steps.invoke("r");
  const Headers answer = steps.start("r", kEvent);
  const Headers wanted = {{"x-datadog-trace-id", "1234"},
                          {"x-datadog-sampling-priority", "2"},
                          {"x-datadog-tags", "_dd.p.tid=66bcb5eb00000000"}};
  EXPECT_EQ(answer, wanted);
  steps.end("r",
            {{"x-datadog-trace-id", "1234"},
             {"x-datadog-span-id", "987654321"},
             {"x-datadog-invocation-error", "TRUE"},
             {"x-datadog-invocation-error-msg", "b29wcw=="}},
            R"({"statusCode":500})");
  EXPECT_FALSE(steps.next());
  steps.done("r");
  ASSERT_TRUE(steps.next());
  ASSERT_EQ(steps.chunk.size(), 1u);
  const Span& lambda = steps.span("aws.lambda");
  EXPECT_EQ(lambda.trace_id, 1234u);
  EXPECT_EQ(lambda.span_id, 987654321u);
  EXPECT_EQ(lambda.parent_id, 5678u);
  EXPECT_EQ(lambda.resource, "checkout");
  EXPECT_EQ(lambda.service, "shop");
  EXPECT_EQ(lambda.type, "serverless");
  EXPECT_EQ(lambda.start, kStart);
  EXPECT_EQ(lambda.duration, 120'000'000);
  EXPECT_EQ(lambda.error, 1);
  EXPECT_EQ(lambda.tag("error.msg"), "oops");
  EXPECT_EQ(lambda.tag("http.status_code"), "500");
  EXPECT_EQ(lambda.tag("_dd.p.tid"), "66bcb5eb00000000");
  EXPECT_EQ(lambda.tag("_dd.p.dm"), "-0");
  EXPECT_EQ(lambda.tag("request_id"), "r");
  EXPECT_EQ(lambda.tag("cold_start"), "false");
  EXPECT_EQ(steps.chunk.priority, 2);
  EXPECT_EQ(steps.chunk.origin, "lambda");
  EXPECT_FALSE(steps.next());
}

TEST(Executions, WithoutAContextTheTracersOwnIdsCount) {
  Steps steps;
  steps.invoke("r");
  EXPECT_TRUE(steps.start("r", "no json").empty());
  steps.done("r");
  steps.end("r", {{"x-datadog-trace-id", "11"},
                  {"x-datadog-parent-id", "13"},
                  {"x-datadog-span-id", "12"},
                  {"x-datadog-sampling-priority", "-1"},
                  {"x-datadog-tags", "_dd.p.dm=-4,foo=bar"}});
  ASSERT_TRUE(steps.next());
  const Span& lambda = steps.span("aws.lambda");
  EXPECT_EQ(lambda.trace_id, 11u);
  EXPECT_EQ(lambda.span_id, 12u);
  EXPECT_EQ(lambda.parent_id, 13u);
  EXPECT_EQ(lambda.tag("_dd.p.dm"), "-4");
  EXPECT_EQ(lambda.find("foo"), nullptr);
  EXPECT_EQ(steps.chunk.priority, -1);
}

TEST(Executions, HeadersOfTheRequestAreTheLastResort) {
  Steps steps;
  steps.invoke("r");
  const Headers answer = steps.start("r", "", {{"X-Datadog-Trace-Id", "5"}, {"X-Datadog-Parent-Id", "6"}});
  EXPECT_EQ(answer, (Headers{{"x-datadog-trace-id", "5"}}));
}

TEST(Executions, TheContextIsToldToWhoAsksWhileItIsClearWhoseItIs) {
  Steps steps;
  EXPECT_TRUE(steps.context().empty());
  steps.invoke("a");
  EXPECT_TRUE(steps.context("a").empty()) << "no tracer has called";
  const Headers caller = {{"x-datadog-trace-id", "1234"},
                          {"x-datadog-sampling-priority", "2"},
                          {"x-datadog-tags", "_dd.p.tid=66bcb5eb00000000"}};
  EXPECT_EQ(steps.start("a", kEvent), caller);
  EXPECT_EQ(steps.context(), caller);
  EXPECT_EQ(steps.context("a"), caller);
  EXPECT_TRUE(steps.context("b").empty());
  steps.start("b", "{}");
  EXPECT_TRUE(steps.context().empty()) << "two are under way: whose would it be?";
  EXPECT_EQ(steps.context("a"), caller);
  EXPECT_TRUE(steps.context("b").empty()) << "nobody has named a trace yet";
  steps.end("b", {{"x-datadog-trace-id", "11"}, {"x-datadog-span-id", "12"}, {"x-datadog-sampling-priority", "-1"}});
  EXPECT_EQ(
      steps.context("b"),
      (Headers{{"x-datadog-trace-id", "11"}, {"x-datadog-span-id", "12"}, {"x-datadog-sampling-priority", "-1"}}));
  steps.done("b");
  EXPECT_EQ(steps.context(), caller) << "the other one is over";
}

struct ErrorCase {
  std::string_view name;
  Headers headers;
  std::string_view response;
  int error;
  std::string_view message, status;
};

TEST(Executions, ErrorsAreThoseOfHeadersAndOfTheResponse) {
  const std::vector<ErrorCase> cases = {
      {"none", {}, "{}", 0, "", ""},
      {"the flag", {{"x-datadog-invocation-error", "True"}}, "{}", 1, "", ""},
      {"another flag", {{"x-datadog-invocation-error", "yes"}}, "{}", 0, "", ""},
      {"an empty message", {{"x-datadog-invocation-error-msg", ""}}, "{}", 1, "", ""},
      {"a plain message", {{"x-datadog-invocation-error-msg", "it broke"}}, "{}", 1, "it broke", ""},
      {"plain words that decode to rubbish", {{"x-datadog-invocation-error-msg", "abcd"}}, "{}", 1, "abcd", ""},
      {"an encoded message", {{"x-datadog-invocation-error-msg", "YQpi"}}, "{}", 1, "a\nb", ""},
      {"500", {}, R"({"statusCode":500})", 1, "", "500"},
      {"500 as a text", {}, R"({"statusCode":"500"})", 1, "", "500"},
      {"5000", {}, R"({"statusCode":5000})", 0, "", "5000"},
      {"a fraction", {}, R"({"statusCode":200.5})", 0, "", ""},
      {"null", {}, R"({"statusCode":null})", 0, "", ""},
      {"404", {}, R"({"statusCode":404})", 0, "", "404"},
      {"99", {}, R"({"statusCode":99})", 0, "", "99"},
      {"599", {}, R"({"statusCode":599})", 1, "", "599"},
      {"600", {}, R"({"statusCode":600})", 0, "", "600"},
      {"no JSON", {}, "500", 0, "", ""},
  };
  for (const ErrorCase& given : cases) {
    SCOPED_TRACE(given.name);
    Steps steps;
    steps.invoke("r");
    steps.start("r", kEvent);
    Headers headers = given.headers;
    headers.emplace_back("x-datadog-span-id", "9");
    steps.end("r", headers, given.response);
    steps.done("r");
    ASSERT_TRUE(steps.next());
    EXPECT_EQ(steps.span("aws.lambda").error, given.error);
    EXPECT_EQ(steps.span("aws.lambda").tag("error.msg"), given.message);
    EXPECT_EQ(steps.span("aws.lambda").tag("http.status_code"), given.status);
  }
}

TEST(Executions, AStackIsAlwaysDecodedWithItsLines) {
  Steps steps;
  steps.invoke("r");
  steps.start("r", kEvent);
  steps.end("r", {{"x-datadog-span-id", "9"},
                  {"x-datadog-invocation-error-type", "TypeErro"},  // decodes, to rubbish
                  {"x-datadog-invocation-error-stack", "YXQgb25lCglhdCB0d28K"}});
  steps.done("r");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").tag("error.type"), "TypeErro");
  EXPECT_EQ(steps.span("aws.lambda").tag("error.stack"), "at one\n\tat two\n");
  EXPECT_EQ(steps.span("aws.lambda").error, 1);
}

TEST(Executions, OfTwoEndsTheErrorOfTheLaterOneCounts) {
  Steps steps;
  steps.invoke("r");
  steps.start("r", kEvent);
  for (const char* type : {"first", "second"})
    steps.end("r", {{"x-datadog-span-id", "9"}, {"x-datadog-invocation-error-type", type}});
  steps.end("r", {{"x-datadog-span-id", "9"}, {"x-datadog-invocation-error", "true"}});
  steps.done("r");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").error, 1);
  EXPECT_EQ(steps.span("aws.lambda").find("error.type"), nullptr);
}

TEST(Executions, NothingOfOneInvocationShowsOnTheNext) {
  Steps steps;
  const std::string sqs =
      R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:queue","body":"x",)"
      R"("attributes":{"SentTimestamp":"1790000000000"},"messageAttributes":{}}]})";
  for (const auto& [id, event] : {std::pair<std::string_view, std::string_view>{"a", sqs}, {"b", R"({"x":1})"}}) {
    steps.invoke(id);
    steps.start(id, event);
    steps.end(id, {{"x-datadog-trace-id", "11"}, {"x-datadog-span-id", "12"}});
    steps.done(id);
    ASSERT_TRUE(steps.next());
    EXPECT_EQ(steps.chunk.size(), id == "a" ? 2u : 1u);
    const Span& lambda = steps.span("aws.lambda");
    EXPECT_EQ(lambda.find("function_trigger.event_source") != nullptr, id == "a");
    steps.reported(id);
  }
}

TEST(Executions, ATimeOutIsAFinishedSpanWithAnError) {
  Steps steps;
  steps.invoke("r");
  steps.start("r", "{}");
  steps.done("r", "timeout");
  EXPECT_FALSE(steps.next()) << "the tracer's end may still come";
  steps.reported("r");
  ASSERT_TRUE(steps.next());
  const Span& lambda = steps.span("aws.lambda");
  EXPECT_NE(lambda.span_id, 0u);
  EXPECT_NE(lambda.trace_id, 0u);
  EXPECT_EQ(lambda.error, 1);
  EXPECT_EQ(lambda.tag("error.type"), "Timeout");
  EXPECT_EQ(lambda.tag("error.msg"), "Datadog detected a Timeout");
}

TEST(Executions, ACrashIsTooUnlessItIsSwitchedOff) {
  for (const bool on : {true, false}) {
    ExecutionSettings given = settings();
    given.cut_off_spans = on;
    Steps steps(std::move(given));
    steps.invoke("r");
    steps.start("r", kEvent);
    steps.done("r", "error", "Runtime.OutOfMemory");
    steps.executions.shut_down(kStart);
    ASSERT_EQ(steps.next(), on);
    if (!on) continue;
    EXPECT_EQ(steps.span("aws.lambda").trace_id, 1234u);
    EXPECT_EQ(steps.span("aws.lambda").tag("error.type"), "Runtime.OutOfMemory");
  }
}

TEST(Executions, WithoutAStartThereAreNoSpans) {
  Steps steps;
  steps.invoke("r");
  steps.done("r", "timeout");
  steps.reported("r");
  EXPECT_FALSE(steps.next());
}

TEST(Executions, ThePlaceholdersTagsBecomeThoseOfTheSpan) {
  Steps steps;
  steps.invoke("r");
  steps.start("r", kEvent);
  steps.end("r", {{"x-datadog-span-id", "9"}});
  Chunk arriving;
  Span& placeholder = steps.arrives(arriving, "aws.lambda", "dd-tracer-serverless-span");
  placeholder.set("request_id", "r");
  placeholder.set("language", "java");
  placeholder.set("cold_start", "whatever");
  placeholder.set_metric("_sampling_priority_v1", 1);
  Tracer tracer;
  tracer.computed_stats = true;
  steps.executions.see(arriving, tracer);
  steps.done("r");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").tag("language"), "java");
  EXPECT_EQ(steps.span("aws.lambda").tag("cold_start"), "false");
  EXPECT_EQ(steps.chunk.priority, 1) << "the tracer has decided last";
  EXPECT_TRUE(steps.tracer.computed_stats);
  steps.executions.see(arriving, tracer);  // too late: nothing happens
  EXPECT_FALSE(steps.next());
}

TEST(Executions, APlaceholderMayComeBeforeTheEnd) {
  Steps steps;
  steps.invoke("r");
  Chunk arriving;
  steps.arrives(arriving, "aws.lambda", "dd-tracer-serverless-span").set("request_id", "r");
  arriving.spans()[0].set("language", "dotnet");
  steps.executions.see(arriving, {});
  steps.start("r", kEvent);
  steps.end("r", {{"x-datadog-span-id", "9"}});
  steps.done("r");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").tag("language"), "dotnet");
}

TEST(Executions, TheColdStartGoesWithTheFirstInvocationOnce) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart - 500'000'000);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":321.5}})");
  for (const std::string_view id : {"a", "b"}) {
    steps.invoke(id, id == "a");
    steps.start(id, kEvent);
    steps.end(id, {{"x-datadog-span-id", "9"}});
    steps.done(id);
    ASSERT_TRUE(steps.next());
    EXPECT_EQ(steps.chunk.size(), id == "a" ? 2u : 1u);
    if (id == "b") continue;
    const Span& cold = steps.span("aws.lambda.cold_start");
    EXPECT_EQ(cold.trace_id, 1234u);
    EXPECT_EQ(cold.parent_id, 5678u);
    EXPECT_EQ(cold.start, kStart - 500'000'000);
    EXPECT_EQ(cold.duration, 321'500'000);
    EXPECT_EQ(cold.resource, "checkout");
    EXPECT_EQ(steps.span("aws.lambda").tag("cold_start"), "true");
    EXPECT_EQ(steps.chunk.spans()[traces::root_of(steps.chunk)].name, "aws.lambda");
  }
}

TEST(Executions, AColdStartThatIsToldLateGoesAlone) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart);
  steps.invoke("a", true);
  steps.start("a", kEvent);
  steps.end("a", {{"x-datadog-span-id", "9"}});
  steps.done("a");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.chunk.size(), 1u);
  EXPECT_FALSE(steps.next());
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda.cold_start").parent_id, 5678u);
  EXPECT_FALSE(steps.next());
}

TEST(Executions, ARestoreTakesThePlaceOfTheColdStart) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart - 1);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  steps.platform(SLS_RECORD_RESTORE_START, kStart);
  steps.platform(SLS_RECORD_RESTORE_REPORT, kStart, R"({"metrics":{"durationMs":2}})");
  steps.invoke("a", true);
  steps.start("a", kEvent);
  steps.end("a", {{"x-datadog-span-id", "9"}});
  steps.done("a");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda.snapstart_restore").duration, 2'000'000);
}

TEST(Executions, ALibrarysLoadSpanBecomesAChildOfTheColdStart) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart - 1);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  steps.invoke("a", true);
  Chunk arriving;
  steps.arrives(arriving, "aws.lambda.load", "handler");
  steps.executions.see(arriving, {});
  steps.done("a");
  ASSERT_TRUE(steps.next());
  ASSERT_EQ(steps.chunk.size(), 1u);
  const Span& cold = steps.span("aws.lambda.cold_start");
  EXPECT_EQ(cold.trace_id, 77u);
  EXPECT_EQ(cold.parent_id, 0u);
  EXPECT_EQ(arriving.spans()[0].parent_id, cold.span_id);
  steps.invoke("b");
  steps.done("b");
  EXPECT_FALSE(steps.next()) << "once";
}

TEST(Executions, OnAManagedInstanceThereIsNoColdStart) {
  ExecutionSettings given = settings();
  given.function.managed = true;
  Steps steps(std::move(given));
  steps.platform(SLS_RECORD_INIT_START, kStart - 1);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  steps.invoke("a", true);
  steps.start("a", kEvent);
  steps.end("a", {{"x-datadog-span-id", "9"}});
  steps.done("a");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.chunk.size(), 1u);
  EXPECT_EQ(steps.span("aws.lambda").find("cold_start"), nullptr);
}

TEST(Executions, ADurableExecutionIsNotedForOtherPlugins) {
  Headers noted;
  Executions executions(settings(), [&](std::string_view id, std::string_view key, std::string_view value) {
    EXPECT_EQ(id, "r");
    noted.emplace_back(key, value);
  });
  Chunk arriving;
  Span& lambda = arriving.add();
  lambda.name = "aws.lambda";
  lambda.set("request_id", "r");
  executions.see(arriving, {});
  EXPECT_TRUE(noted.empty());
  lambda.set("aws.durable.execution_id", "e-1");
  lambda.set("aws.durable.first_invocation", "true");
  executions.see(arriving, {});
  EXPECT_EQ(noted, (Headers{{"aws.durable.execution_id", "e-1"}, {"aws.durable.first_invocation", "true"}}));
}

TEST(Executions, ARetryOfThePlatformIsAnInvocationOfItsOwn) {
  Steps steps;
  for (const bool start_first : {false, true, true}) {  // the first one's report comes late or never
    if (!start_first) steps.invoke("r");
    steps.start("r", kEvent);
    if (start_first) steps.invoke("r");
    steps.end("r", {{"x-datadog-span-id", start_first ? "10" : "9"}});
    steps.done("r");
    ASSERT_TRUE(steps.next());
    EXPECT_EQ(steps.span("aws.lambda").span_id, start_first ? 10u : 9u);
    EXPECT_FALSE(steps.next());
  }
}

TEST(Executions, WhatATracerSaysAgainOfWhatIsOverMakesNoSpan) {
  for (const bool is_reported : {false, true}) {
    Steps steps;
    steps.invoke("r");
    steps.start("r", kEvent);
    steps.end("r", {{"x-datadog-span-id", "9"}});
    steps.done("r");
    ASSERT_TRUE(steps.next());
    if (is_reported) steps.reported("r");
    steps.start("r", kEvent);
    steps.end("r", {{"x-datadog-span-id", "9"}});
    steps.executions.shut_down(kStart);
    EXPECT_FALSE(steps.next()) << is_reported;
  }
}

// The host could not tell whose it is.
TEST(Executions, AnEndThatBelongsToNoInvocationShowsOnNoOther) {
  Steps steps;
  steps.end("", {{"x-datadog-span-id", "9"}, {"x-datadog-invocation-error", "true"}});
  steps.invoke("r");
  steps.start("r", kEvent);
  steps.done("r");
  EXPECT_FALSE(steps.next()) << "its own end is still to come";
  steps.end("r", {{"x-datadog-span-id", "10"}});
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").span_id, 10u);
  EXPECT_EQ(steps.span("aws.lambda").error, 0);
}

TEST(Executions, ALateEndDoesNotTakeTheNextOnesNamelessStart) {
  Steps steps;
  steps.invoke("a");
  steps.done("a");
  steps.reported("a");
  steps.start("", kEvent);
  steps.end("a", {{"x-datadog-span-id", "9"}});
  steps.invoke("b");
  steps.end("b", {{"x-datadog-span-id", "10"}});
  steps.done("b");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").tag("request_id"), "b");
  EXPECT_EQ(steps.span("aws.lambda").trace_id, 1234u);
}

TEST(Executions, OfTooManyInvocationsTheOldestGoesAndWhatTracersMadeUpGoesFirst) {
  Steps steps;
  steps.invoke("live");
  steps.start("live", kEvent);
  const auto name = [](std::size_t i) { return "made up " + std::to_string(i); };
  for (std::size_t i = 0; i < 2 * traces::invocation::kExecutionsMax; ++i) steps.start(name(i), "{}");
  EXPECT_EQ(steps.executions.open(), traces::invocation::kExecutionsMax);
  steps.end("live", {{"x-datadog-span-id", "9"}});
  steps.done("live");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").trace_id, 1234u);
  for (std::size_t i = 0; i < traces::invocation::kExecutionsMax; ++i) steps.invoke(std::to_string(i));
  EXPECT_EQ(steps.executions.open(), traces::invocation::kExecutionsMax);
}

TEST(Executions, TheRuntimesNameIsThatWhichAnotherPluginHasNoted) {
  Steps steps;
  steps.executions.noted("runtime", "java21");
  steps.executions.noted("aws.durable.execution_id", "e");
  steps.invoke("r");
  steps.start("r", kEvent);
  steps.end("r", {{"x-datadog-span-id", "9"}});
  steps.done("r");
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").tag("runtime"), "java21");
}

// One invocation from INVOKE to runtimeDone.
void whole(Steps& steps, std::string_view id, std::string_view event, const Headers& more = {}) {
  steps.invoke(id);
  steps.start(id, event);
  Headers headers = {{"x-datadog-span-id", "9"}};
  headers.insert(headers.end(), more.begin(), more.end());
  steps.end(id, headers);
  steps.done(id);
}

// The glibc's own count; other allocators, as a sanitizer's, have none.
std::size_t allocated_bytes() { return mallinfo2().uordblks; }

TEST(Executions, AnOpenInvocationTakesLittleBeyondItsPayload) {
  constexpr std::size_t kOpen = 400, kBytesMax = 4096;
  const std::string event =
      R"({"version":"2.0","routeKey":"GET /user/{id}","rawPath":"/user/42","rawQueryString":"a=1","headers":{)"
      R"("accept":"*/*","user-agent":"curl/8.1.2","x-datadog-trace-id":"1234","x-datadog-parent-id":"5678",)"
      R"("x-datadog-tags":"_dd.p.tid=66bcb5eb00000000,_dd.p.dm=-0","x-forwarded-for":"76.115.124.192"},)"
      R"("requestContext":{"accountId":"425362996713","apiId":"9vj54we5ih",)"
      R"("domainName":"9vj54we5ih.execute-api.sa-east-1.amazonaws.com","http":{"method":"GET","path":"/user/42",)"
      R"("protocol":"HTTP/1.1","sourceIp":"76.115.124.192","userAgent":"curl/8.1.2"},)"
      R"("requestId":"Ur2JtjEfGjQEPOg=","routeKey":"GET /user/{id}","stage":"$default","timeEpoch":1710529905066},)"
      R"("pathParameters":{"id":"42"},"isBase64Encoded":false})";
  Steps steps;
  whole(steps, "first", event);  // what is reused is there
  ASSERT_TRUE(steps.next());
  const std::size_t before = allocated_bytes();
  for (std::size_t i = 0; i < kOpen; ++i) {
    const std::string id = "8286a188-ba32-4475-8077-530cd35c0" + std::to_string(1000 + i);
    steps.invoke(id);
    steps.start(id, event);
    steps.end(id, {{"x-datadog-span-id", "9"}});
  }
  const std::size_t each = (allocated_bytes() - before) / kOpen;
  RecordProperty("bytes", static_cast<int>(each));
  if (before == 0 || each == 0) GTEST_SKIP() << "this allocator does not count";
  EXPECT_LE(each, kBytesMax);
  EXPECT_GT(each, 200u);
}

// ---- defects that others have, by their numbers in the specification

constexpr std::string_view kCreated =
    R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2025-01-30T10:20:30Z",)"
    R"("s3":{"bucket":{"name":"b"},"object":{"key":"k","eTag":"e"}}}]})";
// A notification in a queue: two inferred spans.
constexpr std::string_view kWrapped =
    R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:q","attributes":)"
    R"({"SentTimestamp":"1700000000000"},"body":"{\"Type\":\"Notification\",\"TopicArn\":\"a:t\",\"Timestamp\":)"
    R"(\"2023-11-14T22:13:19Z\",\"MessageAttributes\":{\"_datadog\":{\"Type\":\"String\",\"Value\":)"
    R"(\"{\\\"x-datadog-trace-id\\\":\\\"5\\\",\\\"x-datadog-parent-id\\\":\\\"6\\\",\\\"x-datadog-tags\\\":)"
    R"(\\\"_dd.p.tid=66bcb5eb00000000\\\"}\"}}}"}]})";

TEST(ExecutionDefects, X2_PointersDoNotStayForTheNextInvocation) {
  Steps steps;
  whole(steps, "a", kCreated, {{"x-datadog-trace-id", "11"}});
  ASSERT_TRUE(steps.next());
  EXPECT_NE(steps.span("aws.s3").find("_dd.span_links"), nullptr);
  whole(steps, "b", R"({"x":1})", {{"x-datadog-trace-id", "12"}});
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.chunk.size(), 1u);
  EXPECT_EQ(steps.span("aws.lambda").find("_dd.span_links"), nullptr);
}

TEST(ExecutionDefects, X3_AnEndBehindRuntimeDoneLosesNothing) {
  Steps steps;
  steps.invoke("r");
  steps.start("r", kEvent);
  steps.done("r");
  EXPECT_FALSE(steps.next());
  steps.end("r", {{"x-datadog-span-id", "9"}});
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").span_id, 9u);
}

TEST(ExecutionDefects, X4_OnAManagedInstanceAStartBehindPlatformStartCounts) {
  ExecutionSettings given = settings();
  given.function.managed = true;
  Steps steps(std::move(given));
  for (const char* id : {"a", "b"}) steps.invoke(id);
  for (const char* id : {"b", "a"}) steps.start(id, kEvent);
  for (const char* id : {"a", "b"}) steps.end(id, {{"x-datadog-span-id", id[0] == 'a' ? "9" : "10"}});
  for (const char* id : {"b", "a"}) {
    steps.done(id);
    steps.reported(id);
    ASSERT_TRUE(steps.next()) << id;
    EXPECT_EQ(steps.span("aws.lambda").span_id, id[0] == 'a' ? 9u : 10u);
  }
}

TEST(ExecutionDefects, X5_NothingIsKeptOfInvocationsWhoseTracerNeverCalls) {
  Steps steps;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = std::to_string(i);
    steps.invoke(id);
    steps.done(id);
    steps.reported(id);
    EXPECT_EQ(steps.executions.open(), 0u);
  }
  EXPECT_FALSE(steps.next());
}

TEST(ExecutionDefects, X11_ProactiveIsSaidOfTheInvocationThatWas) {
  Steps steps;
  for (const bool proactive : {true, false}) {
    const char* id = proactive ? "a" : "b";
    steps.invoke(id, false, proactive);
    steps.start(id, kEvent);
    steps.end(id, {{"x-datadog-span-id", "9"}});
    steps.done(id);
    ASSERT_TRUE(steps.next());
    EXPECT_EQ(steps.span("aws.lambda").tag("proactive_initialization"), proactive ? "true" : "");
    EXPECT_EQ(steps.span("aws.lambda").tag("cold_start"), "false");
  }
}

TEST(ExecutionDefects, X21_TheStartOfTheSandboxIsKeptWheneverItIsTold) {
  enum When { kBefore, kInvoked, kStarted, kDone };
  for (const When when : {kBefore, kInvoked, kStarted, kDone}) {
    SCOPED_TRACE(when);
    Steps steps;
    const auto tell = [&](When now) {
      if (now == when) steps.platform(SLS_RECORD_INIT_START, kStart - 5);
    };
    tell(kBefore);
    steps.invoke("a", true);
    tell(kInvoked);
    steps.start("a", kEvent);
    tell(kStarted);
    steps.end("a", {{"x-datadog-span-id", "9"}});
    steps.done("a");
    tell(kDone);
    steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":7}})");
    int cold_starts = 0;
    const auto count = [&] {
      while (steps.next())
        for (const Span& span : steps.chunk.spans()) {
          if (span.name != "aws.lambda.cold_start") continue;
          ++cold_starts;
          EXPECT_EQ(span.duration, 7'000'000);
          EXPECT_EQ(span.parent_id, 5678u);
        }
    };
    count();
    whole(steps, "b", kEvent);
    count();
    EXPECT_EQ(cold_starts, 1);
  }
}

TEST(ExecutionDefects, X24_ThePointersStandOnTheOutermostSpan) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart - 1);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  whole(steps, "a", kCreated, {{"x-datadog-trace-id", "11"}});
  ASSERT_TRUE(steps.next());
  ASSERT_EQ(steps.chunk.size(), 3u);
  for (const Span& span : steps.chunk.spans())
    EXPECT_EQ(span.find("_dd.span_links") != nullptr, span.name == "aws.s3") << span.name;
}

TEST(ExecutionDefects, X26_X29_TheCallersDecisionIsTheChunksAndTheColdStartIsNotItsRoot) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart - 1);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  whole(steps, "a", kEvent);
  ASSERT_TRUE(steps.next());
  ASSERT_EQ(steps.chunk.size(), 2u);
  EXPECT_EQ(steps.chunk.priority, 2);
  EXPECT_EQ(steps.chunk.origin, "lambda");
  EXPECT_EQ(steps.chunk.spans()[traces::root_of(steps.chunk)].name, "aws.lambda");
}

TEST(ExecutionDefects, X30_TheRootTellsTheHighHalfOfTheTracesId) {
  Steps steps;
  whole(steps, "a", kWrapped);
  ASSERT_TRUE(steps.next());
  ASSERT_EQ(steps.chunk.size(), 3u);
  const Span& root = steps.chunk.spans()[traces::root_of(steps.chunk)];
  EXPECT_EQ(root.name, "aws.sns");
  EXPECT_EQ(root.parent_id, 6u);
  EXPECT_EQ(root.tag("_dd.p.tid"), "66bcb5eb00000000");
  whole(steps, "b", kCreated, {{"x-datadog-trace-id", "11"}, {"x-datadog-tags", "_dd.p.tid=66bcb5eb00000001"}});
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.s3").tag("_dd.p.tid"), "66bcb5eb00000001") << "the tracer's own";
}

// ---- what else there is to check from outside

TEST(Executions, ATimeOutTakesTheSpansAroundItAlong) {
  Steps steps;
  steps.platform(SLS_RECORD_INIT_START, kStart - 1);
  steps.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  steps.invoke("a", true);
  steps.start("a", kCreated);
  steps.done("a", "timeout");
  steps.executions.shut_down(kStart);
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.chunk.size(), 3u);
  EXPECT_EQ(steps.span("aws.s3").error, 1);
  EXPECT_EQ(steps.span("aws.lambda.cold_start").trace_id, steps.span("aws.lambda").trace_id);

  Steps without;
  without.platform(SLS_RECORD_INIT_START, kStart - 1);
  without.platform(SLS_RECORD_INIT_REPORT, kStart, R"({"metrics":{"durationMs":1}})");
  without.invoke("a", true);
  without.done("a", "timeout");
  without.executions.shut_down(kStart);
  EXPECT_FALSE(without.next()) << "no tracer, no trace";
}

TEST(Executions, TheFirstMessageOfABatchDecides) {
  std::string batch = R"({"Records":[)";
  for (const char* id : {"21", "22"})
    batch += std::string(batch.back() == '[' ? "" : ",")
             + R"({"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:q)" + id
             + R"(","attributes":{"SentTimestamp":"1700000000000"},"messageAttributes":{"_datadog":{"dataType":)"
             + R"("String","stringValue":"{\"x-datadog-trace-id\":\")" + id + R"(\"}"}}})";
  for (const char* rest : {"", ",{\"eventSource\":7}", ",null,tru"}) {
    Steps steps;
    whole(steps, "a", batch + rest + "]}");
    ASSERT_TRUE(steps.next()) << rest;
    EXPECT_EQ(steps.span("aws.lambda").trace_id, 21u) << rest;
    EXPECT_EQ(steps.span("aws.sqs").resource, "q21") << rest;
  }
}

TEST(Executions, WithABadBodyTheHeadersAreStillHonoured) {
  const std::string deep = std::string(100'000, '[');
  const std::string large = "\"" + std::string(6 << 20, 'x') + "\"";
  const std::string_view bodies[] = {
      "",         "no JSON", "7",  "null", "{\"headers\":null,\"Records\":null}", "{\"headers\":\"\xff\xfe\"}",
      "\xff\xfe", deep,      large};
  for (const std::string_view body : bodies) {
    SCOPED_TRACE(body.substr(0, 20));
    Steps steps;
    steps.invoke("r");
    EXPECT_EQ(steps.start("r", body, {{"x-datadog-trace-id", "5"}, {"x-datadog-parent-id", "6"}}),
              (Headers{{"x-datadog-trace-id", "5"}}));
    steps.end("r", {{"x-datadog-span-id", "9"}, {"x-datadog-invocation-error", "TRUE"}}, body);
    steps.done("r");
    ASSERT_TRUE(steps.next());
    EXPECT_EQ(steps.span("aws.lambda").parent_id, 6u);
    EXPECT_EQ(steps.span("aws.lambda").error, 1);
    EXPECT_EQ(steps.chunk.size(), 1u);
  }
}

TEST(Executions, KeysOfAnApisHeadersHaveLettersOfEitherCase) {
  Steps steps;
  const Headers answer = steps.start(
      "r",
      R"({"resource":"/","httpMethod":"GET","requestContext":{"stage":"s"},"headers":{"X-Datadog-Trace-ID":"5"}})");
  EXPECT_EQ(answer, (Headers{{"x-datadog-trace-id", "5"}}));
}

TEST(Executions, BytesThatAreNoTextAreMended) {
  Steps steps;
  whole(steps, "r\xff", kEvent, {{"x-datadog-invocation-error-msg", "bro\xc3"}});
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.span("aws.lambda").tag("error.msg"), "bro\xef\xbf\xbd");
  EXPECT_EQ(steps.span("aws.lambda").tag("request_id"), "r\xef\xbf\xbd");
}

}  // namespace
