#include "in/record.hpp"

#include <gtest/gtest.h>

namespace logs {
namespace {

sls_str str(std::string_view text) { return {text.data(), text.size()}; }

sls_record record_of(std::uint32_t kind, std::string_view json, std::string_view id = "id-1") {
  sls_record record{};
  record.kind = kind;
  record.time_ns = 1'666'361'103'165'999'999;
  record.json = str(json);
  record.request_id = str(id);
  return record;
}

struct Case {
  std::uint32_t kind;
  std::string_view json, text;
  Status status;
};

TEST(RecordReader, WritesThePlatformsLinesAsCloudWatchShowsThem) {
  const Case kCases[] = {
      {SLS_RECORD_INIT_START, R"({"initializationType":"on-demand","phase":"init"})",
       "INIT_START Runtime Version: ? Runtime Version ARN: ?", Status::kInfo},
      {SLS_RECORD_INIT_START, R"({"runtimeVersion":"nodejs:20.v1","runtimeVersionArn":"arn:x"})",
       "INIT_START Runtime Version: nodejs:20.v1 Runtime Version ARN: arn:x", Status::kInfo},
      {SLS_RECORD_START, R"({"requestId":"id-1"})", "START RequestId: id-1 Version: $LATEST", Status::kInfo},
      {SLS_RECORD_START, R"({"requestId":"id-1","version":"7"})", "START RequestId: id-1 Version: 7", Status::kInfo},
      {SLS_RECORD_RUNTIME_DONE, R"({"status":"error","errorType":"E"})", "END RequestId: id-1", Status::kInfo},
      {SLS_RECORD_RUNTIME_DONE, R"({"status":"success","metrics":{"durationMs":1.5}})", "END RequestId: id-1",
       Status::kInfo},
      {SLS_RECORD_RUNTIME_DONE, R"({"status":"failure","metrics":{"durationMs":1.5}})", "END RequestId: id-1",
       Status::kInfo},
      {SLS_RECORD_RUNTIME_DONE, R"({"status":"timeout","metrics":{"durationMs":5000}})",
       "END RequestId: id-1 Task timed out after 5.00 seconds", Status::kError},
      {SLS_RECORD_RUNTIME_DONE, R"({"status":"error","errorType":"a\"b\\c","metrics":{"durationMs":1}})",
       R"(END RequestId: id-1 Task failed: "a\"b\\c")", Status::kError},
      {SLS_RECORD_RUNTIME_DONE, R"({"status":"error","metrics":{"durationMs":1}})",
       R"(END RequestId: id-1 Task failed: "")", Status::kError},
      {SLS_RECORD_REPORT, R"({"status":"success","metrics":{"durationMs":123.456}})",
       "REPORT RequestId: id-1 Runtime Duration: 123.46 ms", Status::kInfo},
      {SLS_RECORD_REPORT, R"({"status":"timeout","metrics":{"durationMs":3000}})",
       "REPORT RequestId: id-1 Runtime Duration: 3000.00 ms Task timed out after 3.00 seconds", Status::kError},
      {SLS_RECORD_REPORT, R"({"status":"error","errorType":"X","metrics":{"durationMs":1}})",
       "REPORT RequestId: id-1 Runtime Duration: 1.00 ms Task failed: X", Status::kError},
      {SLS_RECORD_REPORT, R"({"status":"error","metrics":{"durationMs":1}})",
       "REPORT RequestId: id-1 Runtime Duration: 1.00 ms Task failed with an unknown error", Status::kError},
  };
  for (const Case& each : kCases) {
    RecordReader reader;
    Line line;
    ASSERT_TRUE(reader.read(record_of(each.kind, each.json), line)) << each.json;
    EXPECT_EQ(line.text, each.text) << each.json;
    EXPECT_EQ(line.status, each.status) << each.json;
    EXPECT_EQ(line.source, Source::kPlatform);
  }
}

constexpr std::string_view kReport =
    R"({"status":"success","metrics":{"durationMs":2600.5,"billedDurationMs":2601,"memorySizeMB":128.0,)"
    R"("maxMemoryUsedMB":94,"initDurationMs":549.035}})";

TEST(RecordReader, ReportsTheRuntimeDurationOfTheSameInvocation) {
  RecordReader reader;
  Line line;
  reader.read(record_of(SLS_RECORD_RUNTIME_DONE, R"({"metrics":{"durationMs":2599}})"), line);
  reader.read(record_of(SLS_RECORD_RUNTIME_DONE, R"({"metrics":{"durationMs":7}})", "id-2"), line);
  reader.read(record_of(SLS_RECORD_REPORT, kReport), line);
  EXPECT_EQ(line.text,
            "REPORT RequestId: id-1 Duration: 2600.50 ms Runtime Duration: 2599.00 ms Post Runtime Duration: 1.50 ms "
            "Billed Duration: 2601 ms Memory Size: 128 MB Max Memory Used: 94 MB Init Duration: 549.03 ms");
}

TEST(RecordReader, DoesNotLendAnotherInvocationsRuntimeDuration) {
  RecordReader reader;
  Line line;
  reader.read(record_of(SLS_RECORD_RUNTIME_DONE, R"({"metrics":{"durationMs":2599}})", "id-0"), line);
  reader.read(record_of(SLS_RECORD_REPORT, kReport), line);
  EXPECT_NE(line.text.find("Runtime Duration: 0.00 ms Post Runtime Duration: 0.00 ms"), std::string_view::npos)
      << line.text;
}

TEST(RecordReader, MakesNoLogOfOtherRecordsNorOfRecordsWithoutText) {
  RecordReader reader;
  Line line;
  for (const std::uint32_t kind :
       {SLS_RECORD_INIT_RUNTIME_DONE, SLS_RECORD_INIT_REPORT, SLS_RECORD_RESTORE_START, SLS_RECORD_RESTORE_RUNTIME_DONE,
        SLS_RECORD_RESTORE_REPORT, SLS_RECORD_LOGS_DROPPED, SLS_RECORD_OTHER}) {
    EXPECT_FALSE(reader.read(record_of(static_cast<std::uint32_t>(kind), "{}"), line)) << kind;
  }
  EXPECT_FALSE(reader.read(record_of(SLS_RECORD_FUNCTION, "12"), line));
  sls_record empty = record_of(SLS_RECORD_FUNCTION, "\"\"");
  empty.text = {"", 0};
  EXPECT_TRUE(reader.read(empty, line)) << "an empty line is a line";
}

TEST(RecordReader, ReadsTheDurableExecutionOfObjectRecords) {
  const struct {
    std::string_view json, name, id;
  } kCases[] = {
      {R"({"executionArn":"arn:aws:lambda:x:1:function:f:1/durable-execution/my-name/my-id"})", "my-name", "my-id"},
      {R"({"executionArn":"a/durable-execution/n/i/more"})", "n", "i/more"},
      {R"({"executionArn":"a/durable-execution//i"})", "", ""},
      {R"({"executionArn":"a/durable-execution/n/"})", "", ""},
      {R"({"executionArn":"a/durable-execution/n"})", "", ""},
      {R"({"executionArn":7})", "", ""},
      {R"({"message":"hello"})", "", ""},
  };
  for (const auto& each : kCases) {
    RecordReader reader;
    Line line;
    sls_record record = record_of(SLS_RECORD_FUNCTION, each.json);
    record.text = record.json;
    ASSERT_TRUE(reader.read(record, line));
    EXPECT_EQ(line.execution_name, each.name) << each.json;
    EXPECT_EQ(line.execution_id, each.id) << each.json;
  }
}

TEST(RecordReader, LivesOnMalformedRecords) {
  for (const std::string_view json : {"", "{", "[]", "null", R"({"metrics":7})", R"({"metrics":{"durationMs":"x"}})"}) {
    for (const std::uint32_t kind :
         {SLS_RECORD_INIT_START, SLS_RECORD_START, SLS_RECORD_RUNTIME_DONE, SLS_RECORD_REPORT}) {
      RecordReader reader;
      Line line;
      EXPECT_TRUE(reader.read(record_of(static_cast<std::uint32_t>(kind), json), line)) << json;
    }
  }
}

}  // namespace
}  // namespace logs
