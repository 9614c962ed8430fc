// One agent in its world, and what the platform and a tracer say to it. Used by world_bench and its measures.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "world.hpp"

namespace bench {

struct Options {
  std::string agent, layer_agent, start_floor, http_floor, statsd_peer, task_root;
  int rounds = 40;
  int invocations = 100'000;
  std::vector<std::string> measures;
};

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

inline std::int64_t wall_ms() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

inline std::string stamp(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(ms % 1000));
  return text;
}

inline std::string request_id(int n) {
  char text[64];
  std::snprintf(text, sizeof text, "0f8fad5b-d9cb-469f-a165-%012d", n);
  return text;
}

// One agent in its world, asking for its first event.
class Subject {
 public:
  Subject(const Options& options, const std::string& strategy, std::string intake = {},
          const std::vector<std::string>& more = {}) {
    if (intake.empty()) intake = world.intake_origin();
    std::vector<std::string> environment{"PATH=/usr/bin:/bin",
                                         "AWS_LAMBDA_FUNCTION_NAME=bench",
                                         "AWS_REGION=us-east-1",
                                         "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=1024",
                                         "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                                         "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
                                         "AWS_EXECUTION_ENV=AWS_Lambda_python3.12",
                                         "LAMBDA_TASK_ROOT=" + options.task_root,
                                         "DD_API_KEY=0123456789abcdef0123456789abcdef",
                                         "DD_URL=" + intake,
                                         "DD_DD_URL=" + intake,
                                         "DD_APM_DD_URL=" + intake,
                                         "DD_LOGS_CONFIG_LOGS_DD_URL=" + intake,
                                         "DD_LOG_LEVEL=error",
                                         "DD_SERVERLESS_FLUSH_STRATEGY=" + strategy};
    environment.insert(environment.end(), more.begin(), more.end());
    world.start({options.agent}, environment);
  }

  void invoke(int n) {
    id = request_id(n);
    world.answer_next(R"({"eventType":"INVOKE","deadlineMs":)" + std::to_string(wall_ms() + 60'000)
                      + R"(,"requestId":")" + id
                      + R"(","invokedFunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:bench"})");
  }

  std::string start_request(std::string_view payload) const {
    return post("/lambda/start-invocation", "lambda-runtime-aws-request-id: " + id + "\r\n", payload);
  }
  std::string end_request(std::string_view payload) const {
    return post("/lambda/end-invocation",
                "lambda-runtime-aws-request-id: " + id +
                    "\r\nx-datadog-trace-id: 8448751846743\r\nx-datadog-span-id: 4671846743\r\n"
                    "x-datadog-sampling-priority: 1\r\n",
                payload);
  }
  // What the platform tells of the invocation: start, `lines` lines.
  std::string begin_events(int lines) const {
    const std::string now = stamp(wall_ms());
    std::string body = R"([{"time":")" + now + R"(","type":"platform.start","record":{"requestId":")" + id
                       + R"(","version":"$LATEST"}})";
    for (int i = 0; i < lines; ++i)
      body += R"(,{"time":")" + now + R"(","type":"function","record":"2026-01-02T03:04:05.678Z\t)" + id
              + R"(\tINFO\torder accepted: user=4711 basket=12 total=199.90 EUR country=DE channel=web\n"})";
    return post("/", "", body + "]");
  }
  std::string end_events() const {
    const std::string now = stamp(wall_ms());
    return post("/", "",
                R"([{"time":")" + now + R"(","type":"platform.runtimeDone","record":{"requestId":")" + id
                    + R"(","status":"success","metrics":{"durationMs":12.5,"producedBytes":22}}},{"time":")" + now
                    + R"(","type":"platform.report","record":{"requestId":")" + id
                    + R"(","status":"success","metrics":{"durationMs":12.5,"billedDurationMs":13,"memorySizeMB":1024,)"
                      R"("maxMemoryUsedMB":88}}}])");
  }

  World world;
  std::string id;
};

}  // namespace bench
