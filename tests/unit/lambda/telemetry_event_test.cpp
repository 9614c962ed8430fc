#include "lambda/telemetry_event.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace agent {
namespace {

constexpr std::int64_t kNow = 42;

std::string_view text_of(sls_str text) { return {text.data, text.len}; }

std::string event(std::string_view type, std::string_view record) {
  return R"({"time":"2022-10-12T00:00:15.064Z","type":")" + std::string(type) + R"(","record":)" + std::string(record)
         + "}";
}

class TelemetryEvent : public ::testing::Test {
 protected:
  // The body alone in memory of its own size, so that the address sanitizer sees any byte read behind it.
  TelemetryBatch& parse(std::string_view body) {
    body_ = std::make_unique<char[]>(body.size() + 1);
    char* const begin = body_.get() + 1;
    body.copy(begin, body.size());
    return parser_.parse({begin, body.size()}, kNow);
  }
  TelemetryBatch& parse_one(std::string_view type, std::string_view record) {
    return parse('[' + event(type, record) + ']');
  }

  TelemetryParser parser_;
  std::unique_ptr<char[]> body_;
};

TEST_F(TelemetryEvent, ReadsLinesOfTheFunctionAndOfExtensions) {
  struct Case {
    std::string_view type, record, text, request_id;
  };
  const Case cases[] = {
      {"function", R"("hello\n")", "hello\n", ""},
      {"function", R"("")", "", ""},
      {"function", R"("a \"b\" \\ \u00e9 \/")", "a \"b\" \\ \xC3\xA9 /", ""},
      {"function", R"({"level":"INFO","requestId":"r1"})", R"({"level":"INFO","requestId":"r1"})", "r1"},
      {"function", R"({ "b": 1, "a": [ 1, "x y" ] })", R"({"b":1,"a":[1,"x y"]})", ""},
      {"function", R"({"m":"caf\u00e9 \/"})", "{\"m\":\"caf\xC3\xA9 /\"}", ""},
      {"function", R"({"AWSRequestId":"r2"})", R"({"AWSRequestId":"r2"})", "r2"},
      {"function", R"({"AWSRequestId":"r2","requestId":"r1"})", R"({"AWSRequestId":"r2","requestId":"r1"})", "r1"},
      {"function", R"({"AWSRequestId":"r2","requestId":7})", R"({"AWSRequestId":"r2","requestId":7})", ""},
      {"function", R"({"AWSRequestId":"r2","requestId":null})", R"({"AWSRequestId":"r2","requestId":null})", ""},
      {"function", R"({"a":{"requestId":"inner"}})", R"({"a":{"requestId":"inner"}})", ""},
      {"function", R"({"request\u0049d":"r\u0031"})", R"({"requestId":"r1"})", "r1"},
      {"extension", R"("x")", "x", ""},
      {"extension", R"({"requestId":"r1"})", R"({"requestId":"r1"})", ""},
  };
  for (const Case& c : cases) {
    const TelemetryBatch& batch = parse_one(c.type, c.record);
    ASSERT_EQ(batch.records.size(), 1u) << c.record;
    const sls_record& record = batch.records[0];
    EXPECT_EQ(record.kind, c.type == "function" ? SLS_RECORD_FUNCTION : SLS_RECORD_EXTENSION);
    EXPECT_EQ(text_of(record.text), c.text);
    EXPECT_NE(record.text.data, nullptr);
    EXPECT_EQ(text_of(record.request_id), c.request_id) << c.record;
    EXPECT_EQ(text_of(record.json), c.record);
    EXPECT_EQ(text_of(record.type), c.type);
    EXPECT_EQ(record.time_ns, 1'665'532'815'064'000'000);
    EXPECT_EQ(record.flags, 0u);
    EXPECT_TRUE(batch.facts.empty());
    EXPECT_EQ(batch.malformed + batch.unknown_types + batch.times_unusable, 0u);
  }
}

TEST_F(TelemetryEvent, GivesNoTextForWhatIsNeitherTextNorObject) {
  for (const std::string_view record : {"1", "true", "null", "[]", R"(["x"])"}) {
    const TelemetryBatch& batch = parse_one("function", record);
    ASSERT_EQ(batch.records.size(), 1u) << record;
    EXPECT_EQ(batch.records[0].text.data, nullptr) << record;
    EXPECT_EQ(text_of(batch.records[0].json), record);
  }
}

TEST_F(TelemetryEvent, CopiesNoTextThatStandsInTheBodyAsItIs) {
  const TelemetryBatch& batch =
      parse('[' + event("function", R"("plain")") + ',' + event("function", "{\"a\":1}") + ']');
  ASSERT_EQ(batch.records.size(), 2u);
  EXPECT_EQ(batch.records[0].text.data, batch.records[0].json.data + 1);
  EXPECT_EQ(batch.records[1].text.data, batch.records[1].json.data);
}

TEST_F(TelemetryEvent, ReadsTheReportOfAnInvocation) {
  const TelemetryBatch& batch = parse_one("platform.report", R"({"requestId":"r1","status":"error",
    "errorType":"Runtime.ExitError","metrics":{"durationMs":101.5,"billedDurationMs":102,"memorySizeMB":512,
    "maxMemoryUsedMB":33,"initDurationMs":116.67,"restoreDurationMs":1.5,"other":[1]},
    "spans":[{"name":"responseLatency","start":"2022-10-12T00:00:15.064Z","durationMs":23.02},
             {"name":"responseDuration","durationMs":20},{"name":"runtimeOverhead","durationMs":9},7],"tracing":{}})");
  ASSERT_EQ(batch.records.size(), 1u);
  EXPECT_EQ(batch.records[0].kind, SLS_RECORD_REPORT);
  EXPECT_EQ(text_of(batch.records[0].request_id), "r1");
  EXPECT_EQ(batch.records[0].text.data, nullptr);
  ASSERT_EQ(batch.facts.size(), 1u);
  const PlatformFacts& facts = batch.facts[0];
  EXPECT_EQ(facts.record, 0u);
  EXPECT_EQ(facts.request_id, "r1");
  EXPECT_EQ(facts.status, "error");
  EXPECT_EQ(facts.error_type, "Runtime.ExitError");
  EXPECT_EQ(facts.duration_ms, 101.5);
  EXPECT_EQ(facts.billed_ms, 102);
  EXPECT_EQ(facts.memory_size_mb, 512);
  EXPECT_EQ(facts.max_memory_used_mb, 33);
  EXPECT_EQ(facts.init_duration_ms, 116.67);
  EXPECT_EQ(facts.restore_duration_ms, 1.5);
  EXPECT_EQ(facts.produced_bytes, kAbsent);
  EXPECT_EQ(facts.response_latency_ms, 23.02);
  EXPECT_EQ(facts.response_duration_ms, 20);
  EXPECT_TRUE(facts.has_metrics);
  EXPECT_TRUE(facts.on_demand());
}

TEST_F(TelemetryEvent, TellsAManagedInstanceByItsShortReport) {
  const TelemetryBatch& batch =
      parse_one("platform.report", R"({"requestId":"r1","status":"success","metrics":{"durationMs":5}})");
  ASSERT_EQ(batch.facts.size(), 1u);
  EXPECT_FALSE(batch.facts[0].on_demand());
  EXPECT_EQ(batch.facts[0].duration_ms, 5);
}

TEST_F(TelemetryEvent, ReadsTheOtherPlatformRecords) {
  const TelemetryBatch& batch =
      parse("[" + event("platform.initStart", R"({"initializationType":"on-demand",
      "phase":"init","runtimeVersion":"nodejs:20.v1","runtimeVersionArn":"arn:x","functionName":"f"})")
            + ',' + event("platform.start", R"({"requestId":"r1","version":"$LATEST"})") + ','
            + event("platform.runtimeDone",
                    R"({"requestId":"r1","status":"timeout","metrics":{"durationMs":3,"producedBytes":7}})")
            + ',' + event("platform.logsDropped", R"({"reason":"slow","droppedRecords":12,"droppedBytes":3456})") + ','
            + event("function", R"("x")") + ',' + event("platform.restoreStart", "{}") + ']');
  ASSERT_EQ(batch.records.size(), 6u);
  ASSERT_EQ(batch.facts.size(), 5u);
  EXPECT_EQ(batch.facts[0].init_type, "on-demand");
  EXPECT_EQ(batch.facts[0].phase, "init");
  EXPECT_EQ(batch.facts[0].runtime_version, "nodejs:20.v1");
  EXPECT_EQ(batch.facts[0].runtime_version_arn, "arn:x");
  EXPECT_EQ(batch.facts[1].version, "$LATEST");
  EXPECT_EQ(batch.facts[2].status, "timeout");
  EXPECT_EQ(batch.facts[2].produced_bytes, 7);
  EXPECT_EQ(batch.facts[3].dropped_reason, "slow");
  EXPECT_EQ(batch.facts[3].dropped_records, 12);
  EXPECT_EQ(batch.facts[3].dropped_bytes, 3456);
  EXPECT_EQ(batch.facts[4].record, 5u);
  for (const PlatformFacts& facts : batch.facts) {
    EXPECT_EQ(text_of(batch.records[facts.record].request_id), facts.request_id);
  }
}

TEST_F(TelemetryEvent, KnowsWhatEachTypeMustHave) {
  struct Case {
    std::string_view type, record;
    std::uint32_t kind;  // 0: malformed
  };
  const Case cases[] = {
      {"platform.initStart", R"({"initializationType":"snap-start","phase":"invoke"})", SLS_RECORD_INIT_START},
      {"platform.initStart", R"({"initializationType":"snap-start"})", 0},
      {"platform.initStart", R"({"initializationType":"other","phase":"init"})", 0},
      {"platform.initStart", R"({"initializationType":"on-demand","phase":"Init"})", 0},
      {"platform.initStart", R"({"initializationType":"on-demand","phase":"init","runtimeVersion":null})",
       SLS_RECORD_INIT_START},
      {"platform.initRuntimeDone", R"({"initializationType":"on-demand","status":"success"})",
       SLS_RECORD_INIT_RUNTIME_DONE},
      {"platform.initRuntimeDone", R"({"initializationType":"on-demand"})", 0},
      {"platform.initReport",
       R"({"initializationType":"provisioned-concurrency","phase":"init","metrics":{"durationMs":1}})",
       SLS_RECORD_INIT_REPORT},
      {"platform.initReport", R"({"initializationType":"on-demand","phase":"init"})", 0},
      {"platform.initReport", R"({"initializationType":"on-demand","phase":"init","metrics":{}})", 0},
      {"platform.initReport", R"({"initializationType":"on-demand","phase":"init","metrics":{"durationMs":"1"}})", 0},
      {"platform.start", R"({"requestId":"r"})", SLS_RECORD_START},
      {"platform.start", R"({"requestId":"r","version":null})", SLS_RECORD_START},
      {"platform.start", R"({"version":"1"})", 0},
      {"platform.start", R"({"requestId":1})", 0},
      {"platform.start", R"("text")", 0},
      {"platform.start", "null", 0},
      {"platform.start", "[]", 0},
      {"platform.runtimeDone", R"({"requestId":"r","status":"success"})", SLS_RECORD_RUNTIME_DONE},
      {"platform.runtimeDone", R"({"requestId":"r","status":"failure","metrics":null})", SLS_RECORD_RUNTIME_DONE},
      {"platform.runtimeDone", R"({"requestId":"r","status":"failure","metrics":{"producedBytes":1}})", 0},
      {"platform.runtimeDone", R"({"requestId":"r","status":"fine"})", 0},
      {"platform.runtimeDone", R"({"requestId":"r","status":""})", 0},
      {"platform.runtimeDone", R"({"requestId":"r"})", 0},
      {"platform.report", R"({"requestId":"r","status":"success"})", 0},
      {"platform.report", R"({"requestId":"r","status":"success","metrics":{"durationMs":-1}})", 0},
      {"platform.report", R"({"requestId":"r","status":"success","metrics":{"durationMs":1},"spans":3})",
       SLS_RECORD_REPORT},
      {"platform.restoreStart", "{}", SLS_RECORD_RESTORE_START},
      {"platform.restoreStart", "1", 0},
      {"platform.restoreRuntimeDone", R"({"status":"success"})", SLS_RECORD_RESTORE_RUNTIME_DONE},
      {"platform.restoreRuntimeDone", "{}", 0},
      {"platform.restoreReport", R"({"status":"error","errorType":"X"})", SLS_RECORD_RESTORE_REPORT},
      {"platform.restoreReport", R"({"status":"error","metrics":{"durationMs":1.5}})", SLS_RECORD_RESTORE_REPORT},
      {"platform.logsDropped", R"({"reason":"x","droppedRecords":1,"droppedBytes":2})", SLS_RECORD_LOGS_DROPPED},
      {"platform.logsDropped", R"({"reason":"x","droppedRecords":1})", 0},
      {"platform.extension", R"({"name":"x","state":"Ready","events":[]})", SLS_RECORD_OTHER},
      {"platform.telemetrySubscription", R"({"name":"x","state":"Subscribed","types":[]})", SLS_RECORD_OTHER},
  };
  for (const Case& c : cases) {
    const TelemetryBatch& batch = parse_one(c.type, c.record);
    ASSERT_EQ(batch.records.size(), c.kind == 0 ? 0u : 1u) << c.type << ' ' << c.record;
    EXPECT_EQ(batch.malformed, c.kind == 0 ? 1u : 0u) << c.record;
    EXPECT_EQ(batch.facts.size(), c.kind == 0 || c.kind == SLS_RECORD_OTHER ? 0u : 1u) << c.record;
    EXPECT_EQ(batch.unknown_types, 0u);
    if (c.kind != 0) {
      EXPECT_EQ(batch.records[0].kind, c.kind) << c.type;
    }
  }
}

TEST_F(TelemetryEvent, KeepsRecordsOfUnknownTypes) {
  const TelemetryBatch& batch = parse_one("platform.fault", R"({"requestId":"r"})");
  ASSERT_EQ(batch.records.size(), 1u);
  EXPECT_EQ(batch.records[0].kind, SLS_RECORD_OTHER);
  EXPECT_EQ(text_of(batch.records[0].type), "platform.fault");
  EXPECT_EQ(text_of(batch.records[0].json), R"({"requestId":"r"})");
  EXPECT_EQ(batch.unknown_types, 1u);
  EXPECT_EQ(batch.malformed, 0u);
  EXPECT_TRUE(batch.facts.empty());
}

TEST_F(TelemetryEvent, TakesTheTimeOfArrivalWhereTheEventHasNone) {
  for (const std::string_view time : {R"("yesterday")", "12", "null", R"("")"}) {
    const TelemetryBatch& batch = parse(R"([{"type":"function","record":"x","time":)" + std::string(time) + "}]");
    ASSERT_EQ(batch.records.size(), 1u) << time;
    EXPECT_EQ(batch.records[0].time_ns, kNow);
    EXPECT_EQ(batch.times_unusable, 1u);
  }
  EXPECT_EQ(parse(R"([{"type":"function","record":"x"}])").times_unusable, 1u);
}

TEST_F(TelemetryEvent, TakesMembersInAnyOrderAndIgnoresOthers) {
  const TelemetryBatch& batch = parse(
      R"( [ { "record" : {"requestId":"r"} , "x":[{}], "type" : "platform.start" , "time":"1970-01-01T00:00:00Z" } ] )");
  ASSERT_EQ(batch.records.size(), 1u);
  EXPECT_EQ(batch.records[0].kind, SLS_RECORD_START);
  EXPECT_EQ(batch.records[0].time_ns, 0);
  EXPECT_EQ(batch.malformed, 0u);
}

TEST_F(TelemetryEvent, BelievesTheLastOfMembersThatStandTwice) {
  struct Case {
    std::string_view body, request_id;
    std::uint32_t kind;  // 0: malformed
  };
  const Case cases[] = {
      {R"([{"type":"function","record":{"requestId":"r"},"type":"platform.start"}])", "r", SLS_RECORD_START},
      {R"([{"type":"function","record":{"requestId":1},"type":"platform.start"}])", "", 0},
      {R"([{"type":"platform.start","record":{"requestId":"r"},"record":{}}])", "", 0},
      {R"([{"type":"platform.start","record":{},"record":{"requestId":"r"}}])", "r", SLS_RECORD_START},
      {R"([{"type":"platform.start","record":{"requestId":"r"},"record":"x"}])", "", 0},
      {R"([{"type":"platform.start","record":{"requestId":"r"},"type":"function"}])", "r", SLS_RECORD_FUNCTION},
      {R"([{"type":"function","record":{"requestId":"r"},"record":{"AWSRequestId":"s"}}])", "s", SLS_RECORD_FUNCTION},
      {R"([{"type":"function","record":{"requestId":"r"},"record":"x"}])", "", SLS_RECORD_FUNCTION},
      {R"([{"type":"function","record":{"requestId":"r","requestId":"s"}}])", "s", SLS_RECORD_FUNCTION},
  };
  for (const Case& c : cases) {
    const TelemetryBatch& batch = parse(c.body);
    ASSERT_EQ(batch.records.size(), c.kind == 0 ? 0u : 1u) << c.body;
    EXPECT_EQ(batch.facts.size(), c.kind == SLS_RECORD_START ? 1u : 0u) << c.body;
    if (c.kind == 0) continue;
    EXPECT_EQ(batch.records[0].kind, c.kind) << c.body;
    EXPECT_EQ(text_of(batch.records[0].request_id), c.request_id) << c.body;
  }
}

TEST_F(TelemetryEvent, LosesOnlyTheMalformedElement) {
  const std::string good = event("function", R"("good")");
  struct Case {
    std::string body;
    std::size_t records, malformed;
    bool unparsable;
  };
  const auto between = [&good](std::string_view bad) { return '[' + good + ',' + std::string(bad) + ',' + good + ']'; };
  const Case cases[] = {
      {"", 0, 0, true},
      {" ", 0, 0, true},
      {"{}", 0, 0, true},
      {"\"x\"", 0, 0, true},
      {"null", 0, 0, true},
      {"not json", 0, 0, true},
      {"\xFF\xFE", 0, 0, true},
      {"[]", 0, 0, false},
      {" [ ] ", 0, 0, false},
      {"[", 0, 1, false},
      {between("1"), 2, 1, false},
      {between("null"), 2, 1, false},
      {between("[]"), 2, 1, false},
      {between("{}"), 2, 1, false},
      {between(R"({"type":"function"})"), 2, 1, false},
      {between(R"({"record":"x"})"), 2, 1, false},
      {between(R"({"type":3,"record":"x"})"), 2, 1, false},
      {between(R"({"type":"function","record":x})"), 2, 1, false},
      {between(R"({"type":"function","record":"a\q"})"), 2, 1, false},
      {between(R"({"type":"function","record":{"a":[1,2}})"), 2, 1, false},
      {between(R"({"type":"function","record":"x"]})"), 2, 1, false},
      {between("{\"type\":\"function\",\"record\":\"a\nb\"}"), 2, 1, false},
      {between(""), 2, 1, false},
      {between("}"), 2, 1, false},
      {'[' + good + ' ' + good + ',' + good + ']', 2, 1, false},
      {'[' + good + ",]", 1, 1, false},
      {'[' + good + "]garbage", 1, 1, false},
      {'[' + good + "][" + good + ']', 1, 1, false},
      {'[' + good, 1, 1, false},
      {'[' + good + ',', 1, 1, false},
      {between(event("function", std::string(1000, '[') + std::string(1000, ']'))), 2, 1, false},
      {between(event("platform.start", "{}")), 2, 1, false},
  };
  for (const Case& c : cases) {
    const TelemetryBatch& batch = parse(c.body);
    EXPECT_EQ(batch.records.size(), c.records) << c.body;
    EXPECT_EQ(batch.malformed, c.malformed) << c.body;
    EXPECT_EQ(batch.unparsable, c.unparsable) << c.body;
    for (const sls_record& record : batch.records) EXPECT_EQ(text_of(record.text), "good") << c.body;
  }
}

TEST_F(TelemetryEvent, KeepsWhatIsCompleteWhereverTheBodyIsCut) {
  const std::vector<std::string> events = {event("function", R"("a\"]}")"),
                                           event("platform.start", R"({"requestId":"r"})"),
                                           event("function", R"({"x":[1,2]})")};
  std::string body = "[";
  std::vector<std::size_t> ends;
  for (const std::string& each : events) {
    body += ends.empty() ? "" : ",";
    body += each;
    ends.push_back(body.size());
  }
  body += ']';
  for (std::size_t cut = 0; cut < body.size(); ++cut) {
    std::size_t complete = 0;
    while (complete < ends.size() && ends[complete] <= cut) ++complete;
    const TelemetryBatch& batch = parse(body.substr(0, cut));
    EXPECT_EQ(batch.records.size(), complete) << cut;
    EXPECT_EQ(batch.malformed, cut == 0 ? 0u : 1u) << cut;
  }
}

TEST_F(TelemetryEvent, MendsWhatIsNotUtf8) {
  struct Case {
    std::string_view record, json, text;
  };
  const Case cases[] = {
      {"\"a\xFFz\"", "\"a\xEF\xBF\xBDz\"", "a\xEF\xBF\xBDz"},
      {"\"\xC3\xA9\"", "\"\xC3\xA9\"", "\xC3\xA9"},
      {"\"\xFF\\n\"", "\"\xEF\xBF\xBD\\n\"", "\xEF\xBF\xBD\n"},
      {"{\"a\": \"\xFF\"}", "{\"a\": \"\xEF\xBF\xBD\"}", "{\"a\":\"\xEF\xBF\xBD\"}"},
      {"\"\\ud800\"", "\"\\ud800\"", "\xEF\xBF\xBD"},
  };
  for (const Case& c : cases) {
    const TelemetryBatch& batch = parse_one("function", c.record);
    ASSERT_EQ(batch.records.size(), 1u) << c.json;
    EXPECT_EQ(text_of(batch.records[0].json), c.json);
    EXPECT_EQ(text_of(batch.records[0].text), c.text);
  }
  const TelemetryBatch& batch = parse_one("function", "{\"requestId\":\"r\xFF\"}");
  EXPECT_EQ(text_of(batch.records[0].request_id), "r\xEF\xBF\xBD");
  EXPECT_EQ(text_of(parse_one("odd\xFF", "1").records[0].type), "odd\xEF\xBF\xBD");
}

TEST_F(TelemetryEvent, HoldsTheTextsOfAHugeBatchUntilTheNext) {
  std::string body = "[";
  for (int i = 0; i < 20'000; ++i) {
    body += (i == 0 ? "" : ",") + event("function", "\"line\\t" + std::to_string(i) + "\"");
  }
  body += ',' + event("function", '"' + std::string(3 << 20, 'x') + "\\n\"") + ']';
  for (int round = 0; round < 2; ++round) {
    const TelemetryBatch& batch = parse(body);
    ASSERT_EQ(batch.records.size(), 20'001u);
    for (int i = 0; i < 20'000; ++i) {
      ASSERT_EQ(text_of(batch.records[static_cast<std::size_t>(i)].text), "line\t" + std::to_string(i));
    }
    EXPECT_EQ(batch.records.back().text.len, (3u << 20) + 1);
    EXPECT_EQ(parse("[]").records.size(), 0u);
  }
}

}  // namespace
}  // namespace agent
