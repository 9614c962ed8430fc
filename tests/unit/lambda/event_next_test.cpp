#include "lambda/event_next.hpp"

#include <gtest/gtest.h>

namespace agent {
namespace {

TEST(EventNext, ReadsAnInvocation) {
  const auto event = parse_next_event(R"({"eventType":"INVOKE","deadlineMs":1665532815064,"requestId":"r1",
      "invokedFunctionArn":"arn:aws:lambda:us-east-1:1:function:F:2","new":{"x":[1]},
      "tracing":{"type":"X-Amzn-Trace-Id","value":"Root=1-5759e988-bd862e3fe1be46a994272793"}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, NextEvent::Kind::kInvoke);
  EXPECT_EQ(event->deadline_ms, 1'665'532'815'064);
  EXPECT_EQ(event->request_id, "r1");
  EXPECT_EQ(event->function_arn, "arn:aws:lambda:us-east-1:1:function:F:2");
  EXPECT_EQ(event->trace_type, "X-Amzn-Trace-Id");
  EXPECT_EQ(event->trace_value, "Root=1-5759e988-bd862e3fe1be46a994272793");
}

TEST(EventNext, ReadsADeadlineInEveryFormThatMeansOne) {
  struct Case {
    std::string_view text;
    std::int64_t deadline_ms;
  };
  const Case cases[] = {{"1665532815064", 1'665'532'815'064},
                        {"\"1665532815064\"", 1'665'532'815'064},
                        {"1665532815064.0", 1'665'532'815'064},
                        {"1.665532815064e12", 1'665'532'815'064},
                        {"1", 1}};
  for (const Case& c : cases) {
    const auto event = parse_next_event(
        R"({"eventType":"INVOKE","requestId":"r","invokedFunctionArn":"a","deadlineMs":)" + std::string(c.text) + "}");
    ASSERT_TRUE(event) << c.text;
    EXPECT_EQ(event->deadline_ms, c.deadline_ms) << c.text;
    EXPECT_EQ(event->trace_value, "");
  }
}

TEST(EventNext, TakesTheEndOfTheSandboxWithWhateverItHas) {
  struct Case {
    std::string_view body, reason;
    std::int64_t deadline_ms;
  };
  const Case cases[] = {
      {R"({"eventType":"SHUTDOWN","shutdownReason":"spindown","deadlineMs":5})", "spindown", 5},
      {R"({"eventType":"SHUTDOWN","shutdownReason":"timeout"})", "timeout", 0},
      {R"({"eventType":"SHUTDOWN","deadlineMs":"7"})", "", 7},
      {R"({"eventType":"SHUTDOWN"})", "", 0},
      {R"({"eventType":"SHUTDOWN","shutdownReason":3,"deadlineMs":null})", "", 0},
      {R"({"eventType":"SHUTDOWN","deadlineMs":-4})", "", 0},
      {R"({"eventType":"SHUTDOWN","deadlineMs":1e300})", "", 0},
      {R"({"eventType":"SHUTDOWN","deadlineMs":"soon"})", "", 0},
      {R"({"eventType":"SHUTDOWN","deadlineMs":"\"5\""})", "", 0},
  };
  for (const Case& c : cases) {
    const auto event = parse_next_event(c.body);
    ASSERT_TRUE(event) << c.body;
    EXPECT_EQ(event->kind, NextEvent::Kind::kShutdown);
    EXPECT_EQ(event->shutdown_reason, c.reason) << c.body;
    EXPECT_EQ(event->deadline_ms, c.deadline_ms) << c.body;
  }
}

TEST(EventNext, SaysWhatItCannotUse) {
  struct Case {
    std::string_view body, sentence;
  };
  const Case cases[] = {
      {"", "the answer of /next (0 bytes) is no JSON object"},
      {"[]", "the answer of /next (2 bytes) is no JSON object"},
      {"{\"eventType\":\"INVOKE\"", "the answer of /next (21 bytes) is no JSON object"},
      {"{}", "the answer of /next has no eventType; wanted is \"INVOKE\" or \"SHUTDOWN\""},
      {R"({"eventType":"PAUSE"})",
       "the answer of /next has the eventType \"PAUSE\"; wanted is \"INVOKE\" or \"SHUTDOWN\""},
      {R"({"eventType":1})", "the answer of /next has the eventType 1; wanted is \"INVOKE\" or \"SHUTDOWN\""},
      {R"({"eventType":"INVOKE","deadlineMs":1,"invokedFunctionArn":"a"})",
       "the answer of /next is an INVOKE without a usable requestId; wanted is a text"},
      {R"({"eventType":"INVOKE","deadlineMs":1,"invokedFunctionArn":"a","requestId":9})",
       "the answer of /next is an INVOKE without a usable requestId; wanted is a text"},
      {R"({"eventType":"INVOKE","invokedFunctionArn":"a","requestId":"r"})",
       "the answer of /next is an INVOKE without a usable deadlineMs; wanted is a number of milliseconds"},
      {R"({"eventType":"INVOKE","deadlineMs":"x","invokedFunctionArn":"a","requestId":"r"})",
       "the answer of /next is an INVOKE without a usable deadlineMs; wanted is a number of milliseconds"},
      {R"({"eventType":"INVOKE","deadlineMs":1,"requestId":"r"})",
       "the answer of /next is an INVOKE without a usable invokedFunctionArn; wanted is a text"},
  };
  for (const Case& c : cases) {
    const auto event = parse_next_event(c.body);
    ASSERT_FALSE(event) << c.body;
    EXPECT_EQ(event.error().code, ErrorCode::kProtocol);
    EXPECT_EQ(event.error().text, c.sentence);
  }
}

}  // namespace
}  // namespace agent
