// The enhanced metrics one rule at a time; all orders at once are in enhanced_model_test.cpp.
#include "between/enhanced.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "between/enhanced_facts.hpp"

namespace {

using metrics::Ending;
using metrics::Enhanced;
using metrics::EnhancedSample;
using metrics::PlatformFacts;
using metrics::PlatformKind;

// Counts up with every reading, so that a difference tells which two readings it is of.
class CountingSensors final : public metrics::Sensors {
 public:
  std::shared_ptr<const metrics::Reading> read() override {
    const auto out = std::make_shared<metrics::Reading>();
    const double n = ++readings;
    out->network = {n * 100, n * 10};
    out->cpu = {n * 1000, n * 500, n * 50, {n * 20, n * 30}};
    out->uptime_ms = n * 100;
    return out;
  }
  void begin(std::int64_t) override { ++begun; }
  void tick(std::int64_t) override { ++ticks; }
  metrics::Usage usage(std::int64_t) override {
    metrics::Usage out;
    out.descriptors = 10.0 * ++asked;
    return out;
  }
  int readings = 0, begun = 0, ticks = 0, asked = 0;
};

PlatformFacts fact(PlatformKind kind, Ending ending = Ending::kSuccess, double duration_ms = 5) {
  PlatformFacts out;
  out.kind = kind;
  out.time_ns = 1'000'000'000;
  out.ending = ending;
  out.duration_ms = duration_ms;
  return out;
}

// "name=value tags", without the prefix.
std::vector<std::string> told(Enhanced& enhanced, std::string_view only = {}) {
  std::vector<std::string> out;
  for (const EnhancedSample& each : enhanced.take()) {
    const std::string_view name = each.name.substr(20);
    if (!only.empty() && name != only) continue;
    std::ostringstream text;
    text << name << "=" << each.value << " " << each.tags;
    out.push_back(text.str());
  }
  return out;
}
using Wanted = std::vector<std::string>;

TEST(Enhanced, HoldsTheFirstInvocationUntilInitStartSaysWhatItIs) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.invoked("a", true, false, 1);
  EXPECT_EQ(told(enhanced), Wanted{});
  enhanced.end_waiting();
  EXPECT_EQ(told(enhanced), Wanted{});
  PlatformFacts start = fact(PlatformKind::kInitStart);
  start.durable = true;
  enhanced.platform("", start, 2);
  EXPECT_EQ(told(enhanced), Wanted{"invocations=1 cold_start:true,durable_function:true"});
}

TEST(Enhanced, LetsTheFirstInvocationGoWhenInitStartCanNoLongerCome) {
  const auto held = [] {
    auto out = std::make_unique<Enhanced>(false, "x86_64", nullptr);
    out->invoked("a", true, false, 1);
    return out;
  };
  const Wanted wanted{"invocations=1 cold_start:true"};
  auto by_done = held();
  by_done->platform("a", fact(PlatformKind::kRuntimeDone), 2);
  EXPECT_EQ(told(*by_done, "invocations"), wanted);
  auto by_report = held();
  by_report->platform("a", fact(PlatformKind::kReport), 2);
  EXPECT_EQ(told(*by_report, "invocations"), wanted);
  auto by_next = held();
  by_next->invoked("b", false, false, 2);
  EXPECT_EQ(told(*by_next, "invocations"), (Wanted{wanted[0], "invocations=1 cold_start:false"}));
  auto by_shutdown = held();
  by_shutdown->shut_down(2);
  EXPECT_EQ(told(*by_shutdown, "invocations"), wanted);
}

TEST(Enhanced, GivesAnInvocationsSampleTheTimeOfItsInvoke) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.invoked("a", true, false, 1'000);
  enhanced.platform("", fact(PlatformKind::kInitStart), 2'000);
  const auto samples = enhanced.take();
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_EQ(samples[0].time_ns, 1'000);
}

TEST(Enhanced, CountsARetryWithTheSameIdAsAnInvocationOfItsOwn) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.platform("", fact(PlatformKind::kInitStart), 1);
  for (int n = 0; n < 2; ++n) {
    enhanced.invoked("a", n == 0, false, 2);
    enhanced.platform("a", fact(PlatformKind::kRuntimeDone, Ending::kError), 3);
  }
  // The report of the first comes with that of the second.
  enhanced.platform("a", fact(PlatformKind::kReport, Ending::kError, 6), 4);
  enhanced.platform("a", fact(PlatformKind::kReport, Ending::kError, 7), 4);
  enhanced.platform("a", fact(PlatformKind::kReport, Ending::kError, 7), 4);
  const auto samples = enhanced.take();
  const auto count = [&](std::string_view name) {
    return std::count_if(samples.begin(), samples.end(),
                         [&](const EnhancedSample& each) { return each.name.substr(20) == name; });
  };
  EXPECT_EQ(count("invocations"), 2);
  EXPECT_EQ(count("errors"), 2);
  EXPECT_EQ(count("runtime_duration"), 2);
  EXPECT_EQ(count("duration"), 2);
  EXPECT_EQ(count("post_runtime_duration"), 2);
}

TEST(Enhanced, TakesALibrarysErrorForThatOfTheInvocationThatRuns) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.invoked("a", true, false, 1);
  enhanced.platform("", fact(PlatformKind::kInitStart), 1);
  enhanced.error_by_library(2);
  enhanced.failed_by_tracer("a", 3);
  enhanced.platform("a", fact(PlatformKind::kRuntimeDone, Ending::kError), 4);
  enhanced.error_by_library(5);  // late: still the same
  EXPECT_EQ(told(enhanced, "errors"), Wanted{"errors=1 cold_start:true"});
  enhanced.invoked("b", false, false, 6);
  enhanced.error_by_library(7);
  EXPECT_EQ(told(enhanced, "errors"), Wanted{"errors=1 cold_start:false"});
}

TEST(Enhanced, GivesALibrarysErrorThatIsHereBeforeItsInvokeToThatInvocation) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.error_by_library(1);
  enhanced.invoked("a", true, false, 2);
  enhanced.platform("a", fact(PlatformKind::kRuntimeDone, Ending::kError), 3);
  EXPECT_EQ(told(enhanced, "errors"), Wanted{"errors=1 cold_start:true"});
  enhanced.invoked("b", false, false, 4);
  enhanced.platform("b", fact(PlatformKind::kRuntimeDone), 5);
  enhanced.error_by_library(6);
  enhanced.invoked("c", false, false, 7);
  enhanced.platform("c", fact(PlatformKind::kRuntimeDone, Ending::kError), 8);
  EXPECT_EQ(told(enhanced, "errors"), Wanted{"errors=1 cold_start:false"});
}

TEST(Enhanced, GivesALibrarysLateErrorToTheLastInvocationWhenAFlushComesFirst) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.invoked("a", true, false, 1);
  enhanced.platform("a", fact(PlatformKind::kRuntimeDone), 2);  // it answered with a status of 500
  enhanced.error_by_library(3);
  enhanced.end_waiting();
  EXPECT_EQ(told(enhanced, "errors"), Wanted{"errors=1 cold_start:true"});
}

TEST(Enhanced, MatchesALibrarysErrorsOnManagedInstancesWithThoseThatRan) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  Enhanced enhanced(true, "x86_64", nullptr);
  // Packets are here before the platform's records, whose time is 1 s.
  enhanced.error_by_library(2 * kSecond);
  enhanced.error_by_library(2 * kSecond);
  for (const char* id : {"a", "b", "c"}) {
    enhanced.platform(id, fact(PlatformKind::kStart), 3 * kSecond);
    enhanced.invoked(id, false, false, 3 * kSecond);
  }
  enhanced.platform("b", fact(PlatformKind::kReport, Ending::kError), 4 * kSecond);
  EXPECT_EQ(told(enhanced, "errors").size(), 1u);
  enhanced.platform("a", fact(PlatformKind::kReport), 20 * kSecond);
  EXPECT_EQ(told(enhanced, "errors").size(), 0u);
  // All that ran when the second copy came have been reported: it told of an error that the platform knows nothing of.
  enhanced.platform("c", fact(PlatformKind::kReport), 21 * kSecond);
  EXPECT_EQ(told(enhanced, "errors").size(), 1u);
  enhanced.error_by_library(22 * kSecond);
  enhanced.shut_down(23 * kSecond);
  EXPECT_EQ(told(enhanced, "errors").size(), 1u);
}

TEST(Enhanced, CountsAnOutOfMemoryOfTheInitPhaseWithTheFirstInvocation) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.out_of_memory_by_line("", 1);
  enhanced.out_of_memory_by_line("", 1);
  enhanced.invoked("a", true, false, 2);
  enhanced.out_of_memory_by_line("a", 3);
  enhanced.out_of_memory_by_line("an id of the function's own", 3);
  enhanced.shut_down(4);
  EXPECT_EQ(told(enhanced, "out_of_memory"), Wanted{"out_of_memory=1 cold_start:true"});
}

TEST(Enhanced, TellsInitDurationOnceByWhoeverSaysItFirstAndKeepsTheType) {
  Enhanced enhanced(false, "x86_64", nullptr);
  enhanced.invoked("a", false, true, 1);
  PlatformFacts init = fact(PlatformKind::kInitReport, Ending::kSuccess, 1500);
  init.init_type = "provisioned-concurrency";
  enhanced.platform("", init, 2);
  PlatformFacts report = fact(PlatformKind::kReport);
  report.init_ms = 1499;
  enhanced.platform("a", report, 3);
  enhanced.shut_down(4);
  const Wanted lines = told(enhanced);
  const std::string tags = "cold_start:false,init_type:provisioned-concurrency,proactive_initialization:true";
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("init_"); }), 1);
  EXPECT_EQ(lines[0], "init_duration=1.5 " + tags);
  EXPECT_EQ(lines.back(), "shutdowns=1 " + tags);
}

TEST(Enhanced, MeasuresFromInvokeToRuntimeDoneAndToTheReport) {
  CountingSensors sensors;
  Enhanced enhanced(false, "x86_64", &sensors);
  enhanced.invoked("a", true, false, 1);                        // reading 1
  enhanced.platform("a", fact(PlatformKind::kRuntimeDone), 2);  // reading 2
  EXPECT_EQ(told(enhanced, "num_cores").size(), 1u);
  enhanced.platform("a", fact(PlatformKind::kReport), 3);  // reading 3
  const Wanted lines = told(enhanced);
  EXPECT_NE(std::find(lines.begin(), lines.end(), "rx_bytes=200 cold_start:true"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "total_network=220 cold_start:true"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "cpu_total_time=3000 cold_start:true"), lines.end());
  EXPECT_EQ(sensors.readings, 3);
  enhanced.platform("a", fact(PlatformKind::kReport), 4);
  enhanced.platform("a", fact(PlatformKind::kRuntimeDone), 4);
  EXPECT_EQ(sensors.readings, 3);
}

TEST(Enhanced, GivesALateReportNothingOfWhatTheNextInvocationUsed) {
  CountingSensors sensors;
  Enhanced enhanced(false, "x86_64", &sensors);
  enhanced.invoked("a", true, false, 1);   // reading 1
  enhanced.invoked("b", false, false, 2);  // reading 2, which closes a
  (void)enhanced.take();
  enhanced.platform("a", fact(PlatformKind::kRuntimeDone), 3);
  enhanced.platform("a", fact(PlatformKind::kReport), 3);
  const Wanted lines = told(enhanced);
  EXPECT_NE(std::find(lines.begin(), lines.end(), "rx_bytes=100 cold_start:true"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "fd_use=10 cold_start:true"), lines.end());
  EXPECT_EQ(sensors.readings, 2);
}

TEST(Enhanced, TellsTheUsageOfManagedInstancesOnceAtTheEnd) {
  CountingSensors sensors;
  Enhanced enhanced(true, "x86_64", &sensors);
  for (const char* id : {"a", "b"}) {
    enhanced.platform(id, fact(PlatformKind::kStart), 1);
    enhanced.invoked(id, false, false, 1);
    enhanced.platform(id, fact(PlatformKind::kReport), 2);
  }
  EXPECT_EQ(told(enhanced, "fd_use").size(), 0u);
  EXPECT_EQ(sensors.begun, 0);
  enhanced.shut_down(3);
  EXPECT_EQ(told(enhanced, "fd_use").size(), 1u);
}

TEST(Enhanced, AsksTheMachineForNothingBeforeTheFirstInvocation) {
  CountingSensors sensors;
  Enhanced enhanced(false, "x86_64", &sensors);
  enhanced.tick(1);
  enhanced.platform("", fact(PlatformKind::kInitStart), 1);
  enhanced.platform("", fact(PlatformKind::kInitReport), 1);
  enhanced.shut_down(2);
  EXPECT_EQ(sensors.readings + sensors.begun + sensors.ticks + sensors.asked, 0);
}

TEST(Enhanced, GivesTheOldestInvocationUpAndForgetsNoSampleOfIt) {
  Enhanced enhanced(false, "x86_64", nullptr);
  // Reports without an INVOKE wait for it; those of the oldest go when there are too many.
  const std::size_t many = Enhanced::kInvocationsMax + 100;
  for (std::size_t n = 0; n < many; ++n)
    enhanced.platform("id-" + std::to_string(n), fact(PlatformKind::kRuntimeDone), 1);
  EXPECT_EQ(told(enhanced, "runtime_duration").size(), 100u);
  enhanced.platform("id-550", fact(PlatformKind::kRuntimeDone), 2);  // known still
  enhanced.platform("id-5", fact(PlatformKind::kRuntimeDone), 2);    // forgotten: counts as new
  enhanced.end_waiting();
  EXPECT_EQ(told(enhanced, "runtime_duration").size(), Enhanced::kInvocationsMax + 1);
}

TEST(EnhancedFacts, KnowARuntimesLastWordsForWantOfMemory) {
  for (const char* line :
       {"fatal error: runtime: out of memory", "x java.lang.OutOfMemoryError: Java heap space",
        "FATAL ERROR: JavaScript heap out of memory", "Runtime exited with error: signal: killed",
        "[ERROR] MemoryError", "failed to allocate memory (NoMemoryError)", "System.OutOfMemoryException: thrown"})
    EXPECT_TRUE(metrics::says_out_of_memory(line)) << line;
  for (const char* line : {"", "memory usage is fine", "out of memory", "memoryerror", "signal: killed"})
    EXPECT_FALSE(metrics::says_out_of_memory(line)) << line;
}

TEST(EnhancedFacts, TakeAnEndForAnErrorByAnyOfItsHeadersOrByItsStatus) {
  struct Case {
    const char *key, *value, *response;
    bool error;
  };
  for (const Case& one : {Case{"x-datadog-invocation-error", "true", "", true},
                          {"X-Datadog-Invocation-Error", "TRUE", "{}", true},
                          {"x-datadog-invocation-error", "false", "{}", false},
                          {"x-datadog-invocation-error-msg", "", "{}", true},
                          {"x-datadog-invocation-error-type", "RQ==", "{}", true},
                          {"x-datadog-invocation-error-stack", "RQ==", "not json", true},
                          {"x-datadog-trace-id", "1", R"({"statusCode":500})", true},
                          {"x-datadog-trace-id", "1", R"({"a":{"statusCode":200},"statusCode":599})", true},
                          {"x-datadog-trace-id", "1", R"({"statusCode":"500"})", false},
                          {"x-datadog-trace-id", "1", R"({"statusCode":500.5})", false},
                          {"x-datadog-trace-id", "1", R"({"statusCode":50})", false},
                          {"x-datadog-trace-id", "1", R"({"a":{"statusCode":500}})", false},
                          {"x-datadog-trace-id", "1", R"({"statusCode":)", false},
                          {"x-datadog-trace-id", "1", R"([500])", false}}) {
    const sls_pair header = sls::pair(one.key, one.value);
    EXPECT_EQ(metrics::says_error(sls::Pairs(std::span(&header, 1)), one.response), one.error)
        << one.key << ": " << one.value << " " << one.response;
  }
}

TEST(EnhancedFacts, TakeWhatIsOfAWrongTypeForAbsent) {
  PlatformFacts out;
  metrics::read_platform_record(
      R"({"status":7,"metrics":{"durationMs":"5","billedDurationMs":-1,"memorySizeMB":1e400,"producedBytes":8,
          "maxMemoryUsedMB":null},"spans":[1,{"name":"responseLatency","durationMs":2.5},{"durationMs":1},{"name":
          "responseDuration"}],"errorType":["Runtime.OutOfMemory"],"initializationType":"of the future"})",
      out);
  EXPECT_EQ(out.ending, Ending::kUnknown);
  EXPECT_FALSE(out.out_of_memory);
  EXPECT_EQ(out.duration_ms, metrics::kAbsent);
  EXPECT_EQ(out.billed_ms, metrics::kAbsent);
  EXPECT_EQ(out.memory_mb, metrics::kAbsent);
  EXPECT_EQ(out.memory_used_mb, metrics::kAbsent);
  EXPECT_EQ(out.produced_bytes, 8);
  EXPECT_EQ(out.response_latency_ms, 2.5);
  EXPECT_EQ(out.response_duration_ms, metrics::kAbsent);
  EXPECT_EQ(out.init_type, "");
  PlatformFacts broken;
  metrics::read_platform_record(R"({"status":"timeout","metrics":{"durationMs":3)", broken);
  EXPECT_EQ(broken.ending, Ending::kTimeout);
  EXPECT_EQ(broken.duration_ms, 3);
}

}  // namespace
