// Subject enhanced. kind lifecycle: {env, steps: [{invoke}, {telemetry}, {end_invocation}, {shutdown}], expect:
// {metrics: [{name, value, tags?, cnt?, tolerance?, timestamp?, tags_absent?}], absent}}, from the bodies of the
// Telemetry API through the host's reader and its model of invocations. kind formula: {function, input}. kind proc:
// {reader, files}, laid out below a folder.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "between/enhanced_feed.hpp"
#include "between/enhanced_formulas.hpp"
#include "invocation/invocations.hpp"
#include "lambda/telemetry_event.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::array;
using vectors::json::object;
using vectors::json::value;
using Samples = std::vector<metrics::EnhancedSample>;

constexpr std::int64_t kNow = 1'790'000'000'000'000'000;

std::string text(const value& of) { return std::string(of.as_string()); }
double number(const value& of) { return of.to_number<double>(); }
std::string text_in(const object& of, const char* key) {
  const value* found = of.if_contains(key);
  return found == nullptr ? std::string() : text(*found);
}
bool is_true(const object& env, const char* key) { return text_in(env, key) != "false"; }

// The host, as far as the feed hears of it.
class Stage {
 public:
  explicit Stage(const object& env)
      : managed_(text_in(env, "AWS_LAMBDA_INITIALIZATION_TYPE") == "lambda-managed-instances"),
        invocations_(agent::from_ns(kNow), managed_),
        feed_({is_true(env, "DD_ENHANCED_METRICS"), is_true(env, "DD_LAMBDA_PROC_ENHANCED_METRICS")}, sandbox()) {}

  void play(const object& step) {
    if (const value* invoke = step.if_contains("invoke")) {
      running_ = text(invoke->at("requestId"));
      invocations_.invoke(running_, {}, {}, agent::from_ns(kNow), steps_);
      tell();
    } else if (const value* batch = step.if_contains("telemetry")) {
      take(vectors::json::serialize(*batch));
    } else if (const value* end = step.if_contains("end_invocation")) {
      agent::TracerCall call;
      for (const auto& [key, each] : end->at("headers").as_object()) call.headers.emplace_back(key, text(each));
      response_ = vectors::json::serialize(end->at("body"));
      invocations_.tracer_end(running_, std::move(call), false, steps_);
      tell();
    } else if (step.contains("shutdown")) {
      shut_down(text(step.at("shutdown").at("reason")));
    } else {
      FAIL() << "an unknown step: " << vectors::json::serialize(step);
    }
  }
  void finish() {
    if (!down_) shut_down("spindown");
  }
  Samples samples() { return feed_.samples(); }

 private:
  sls::Sandbox sandbox() {
    raw_.size = sizeof raw_;
    raw_.runtime = sls::str("nodejs20.x");
    raw_.architecture = sls::str("x86_64");
    raw_.managed_instance = managed_ ? 1 : 0;
    return sls::Sandbox(&raw_);
  }
  void take(const std::string& body) {
    agent::TelemetryBatch& batch = parser_.parse(body, kNow);
    for (sls_record& record : batch.records)
      if (record.request_id.len == 0) record.request_id = sls::str(running_);
    sls_telemetry raw{sizeof raw, sizeof(sls_record), batch.records.size(), batch.records.data(), kNow};
    feed_.take(sls::Telemetry(&raw));
    if (!managed_) return;
    for (const agent::PlatformFacts& facts : batch.facts)
      if (batch.records[facts.record].kind == SLS_RECORD_START) {
        invocations_.started(facts.request_id, facts.version, agent::from_ns(kNow), steps_);
        tell();
      }
  }
  void tell() {
    for (const agent::InvocationStep& step : steps_) {
      sls_invocation raw{};
      raw.size = sizeof raw, raw.event = step.event, raw.now_ns = kNow;
      raw.request_id = sls::str(step.invocation->request_id);
      raw.cold_start = step.invocation->cold_start, raw.proactive_init = step.invocation->proactive_init;
      std::vector<sls_pair> headers;
      if (step.event == SLS_TRACER_END) {
        for (const auto& [key, each] : step.invocation->end.headers) headers.push_back(sls::pair(key, each));
        raw.payload = sls::str(response_);
      }
      raw.headers = {headers.data(), headers.size()};
      feed_.take(sls::Invocation(&raw));
    }
    steps_.clear();
  }
  void shut_down(std::string_view reason) {
    down_ = true;
    invocations_.shut_down(reason, agent::from_ns(kNow), steps_);
    tell();
    sls_invocation raw{};
    raw.size = sizeof raw, raw.event = SLS_SHUTDOWN, raw.now_ns = kNow, raw.shutdown_reason = sls::str(reason);
    feed_.take(sls::Invocation(&raw));
  }

  bool managed_, down_ = false;
  sls_sandbox raw_{};
  agent::Invocations invocations_;
  agent::InvocationSteps steps_;
  agent::TelemetryParser parser_;
  metrics::EnhancedFeed feed_;
  std::string running_, response_;
};

std::vector<std::string> tags_of(const metrics::EnhancedSample& sample) {
  std::vector<std::string> out;
  std::stringstream rest(sample.tags);
  for (std::string tag; std::getline(rest, tag, ',');) out.push_back(tag);
  return out;
}

bool carries(const metrics::EnhancedSample& sample, const object& wanted) {
  if (sample.name != std::string_view(wanted.at("name").as_string())) return false;
  const std::vector<std::string> tags = tags_of(sample);
  const value* listed = wanted.if_contains("tags");
  if (listed == nullptr) return true;
  return std::all_of(listed->as_array().begin(), listed->as_array().end(),
                     [&](const value& tag) { return std::find(tags.begin(), tags.end(), text(tag)) != tags.end(); });
}

void judge_one(const Samples& samples, const object& wanted) {
  SCOPED_TRACE(vectors::json::serialize(wanted));
  const double value_wanted = number(wanted.at("value"));
  const double tolerance =
      wanted.contains("tolerance") ? number(wanted.at("tolerance")) : std::abs(value_wanted) * 1e-9;
  std::int64_t count = 0;
  for (const metrics::EnhancedSample& sample : samples) {
    if (!carries(sample, wanted)) continue;
    ++count;
    EXPECT_NEAR(sample.value, value_wanted, tolerance);
    const std::int64_t second = sample.time_ns / 1'000'000'000;
    if (const value* time = wanted.if_contains("timestamp")) {
      EXPECT_EQ(second - second % 10, time->as_int64());
    }
    if (!wanted.contains("tags_absent")) continue;
    for (const value& key : wanted.at("tags_absent").as_array())
      EXPECT_EQ(("," + sample.tags).find("," + text(key) + ":"), std::string::npos) << sample.tags;
  }
  const value* wanted_count = wanted.if_contains("cnt");
  EXPECT_EQ(count, wanted_count == nullptr ? 1 : wanted_count->as_int64());
}

void judge_samples(const Samples& samples, const object& expect) {
  const auto shipped = [&](const value& name) {
    return std::any_of(samples.begin(), samples.end(), [&](const metrics::EnhancedSample& sample) {
      return sample.name == std::string_view(name.as_string());
    });
  };
  const auto each_of = [&](const char* key, const auto& take) {
    if (const value* list = expect.if_contains(key))
      for (const value& each : list->as_array()) take(each);
  };
  each_of("metrics", [&](const value& wanted) { judge_one(samples, wanted.as_object()); });
  each_of("absent", [&](const value& name) { EXPECT_FALSE(shipped(name)) << name; });
  each_of("metrics_present", [&](const value& name) { EXPECT_TRUE(shipped(name)) << name; });
}

// The cost of a case that was written for another architecture than the stage's.
object for_x86(const object& one) {
  object expect = one.at("expect").as_object();
  if (text_in(one, "arch") != "arm64" || text(one.at("kind")) != "lifecycle") return expect;
  array kept;
  for (const value& each : expect.at("metrics").as_array())
    if (!text(each.at("name")).ends_with("estimated_cost")) kept.push_back(each);
  expect["metrics"] = kept;
  return expect;
}

void judge_lifecycle(const object& one) {
  Stage stage(one.at("env").as_object());
  for (const value& step : one.at("steps").as_array()) stage.play(step.as_object());
  stage.finish();
  judge_samples(stage.samples(), for_x86(one));
}

// ---- formulas

metrics::CpuTimes cpu_times(const value& from) {
  metrics::CpuTimes out;
  const object& given = from.as_object();
  const auto get = [&](const char* key) { return given.contains(key) ? number(given.at(key)) : 0; };
  out.user_ms = get("user_ms"), out.system_ms = get("system_ms"), out.idle_ms = get("idle_ms");
  if (const value* cores = given.if_contains("cores_idle_ms"))
    for (const auto& [name, idle] : cores->as_object()) out.cores_idle_ms.push_back(number(idle));
  return out;
}

// Answers with what the case gives: the first reading is the offset.
class GivenSensors final : public metrics::Sensors {
 public:
  std::shared_ptr<const metrics::Reading> read() override {
    const auto out = std::make_shared<metrics::Reading>(readings[std::min(next, readings.size() - 1)]);
    ++next;
    return out;
  }
  void begin(std::int64_t) override {}
  void tick(std::int64_t) override {}
  metrics::Usage usage(std::int64_t) override { return found; }

  std::vector<metrics::Reading> readings{{}};
  std::size_t next = 0;
  metrics::Usage found;
};

Samples measured(GivenSensors& sensors) {
  metrics::Enhanced enhanced(false, "x86_64", &sensors);
  enhanced.invoked("req-1", true, false, kNow);
  metrics::PlatformFacts facts;
  facts.kind = metrics::PlatformKind::kRuntimeDone;
  enhanced.platform("req-1", facts, kNow);
  facts.kind = metrics::PlatformKind::kReport;
  enhanced.platform("req-1", facts, kNow);
  enhanced.shut_down(kNow);
  return enhanced.take();
}

Samples of_machine(const object& input, const std::string& function) {
  GivenSensors sensors;
  sensors.readings.assign(2, {});
  for (std::size_t i = 0; i < 2; ++i) {
    metrics::Reading& reading = sensors.readings[i];
    const value& given = input.at(i == 0 ? "offset" : "end");
    if (function == "network") {
      reading.network = {number(given.at("rx_bytes")), number(given.at("tx_bytes"))};
      continue;
    }
    reading.cpu = cpu_times(given);
    const char* uptime = i == 0 ? "uptime_offset_ms" : "uptime_end_ms";
    if (input.contains(uptime)) reading.uptime_ms = number(input.at(uptime));
  }
  return measured(sensors);
}

void judge_formula(const object& one) {
  const std::string function = text(one.at("function"));
  const object& input = one.at("input").as_object();
  const object& expect = one.at("expect").as_object();
  if (function == "estimated_cost") {
    const double cost = metrics::estimated_cost(number(input.at("billedDurationMs")), number(input.at("memorySizeMB")),
                                                text(input.at("arch")));
    judge_samples({{"aws.lambda.enhanced.estimated_cost", cost, kNow, {}}}, expect);
  } else if (function == "cpu_utilization" || function == "cpu_time" || function == "network") {
    judge_samples(of_machine(input, function), expect);
  } else if (function == "usage_peaks") {
    GivenSensors sensors;
    for (const value& each : input.at("samples").as_array()) {
      const auto raise = [&](std::optional<double>& peak, const char* key) {
        if (each.as_object().contains(key)) peak = std::max(peak.value_or(0), number(each.at(key)));
      };
      std::optional<double> tmp;
      raise(tmp, "tmp_used"), raise(sensors.found.descriptors, "fd_use"), raise(sensors.found.threads, "threads_use");
      if (tmp && (!sensors.found.tmp || sensors.found.tmp->used_bytes < *tmp)) sensors.found.tmp = {*tmp, *tmp};
    }
    judge_samples(measured(sensors), expect);
  } else if (function == "tmp") {
    const object& statfs = input.at("statfs").as_object();
    const double block = number(statfs.at("bsize")), total = number(statfs.at("blocks"));
    GivenSensors sensors;
    sensors.found.tmp = {block * (total - number(statfs.at("bavail"))), block * total};
    judge_samples(measured(sensors), expect);
  } else {
    ADD_FAILURE() << "an unknown function: " << function;
  }
}

// ---- /proc

class Folder {
 public:
  explicit Folder(const object& files) {
    std::string name = (std::filesystem::temp_directory_path() / "sls-proc-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    for (const auto& [key, content] : files) {
      const std::filesystem::path path = path_ / std::string(key);
      std::filesystem::create_directories(key.ends_with('/') ? path : path.parent_path());
      if (!key.ends_with('/')) std::ofstream(path, std::ios::binary) << text(content);
    }
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

void judge_cpu(const std::optional<metrics::CpuTimes>& cpu, const object& expect) {
  ASSERT_EQ(cpu.has_value(), !expect.contains("error"));
  if (!cpu) return;
  EXPECT_EQ(cpu->user_ms, number(expect.at("user_ms")));
  EXPECT_EQ(cpu->system_ms, number(expect.at("system_ms")));
  EXPECT_EQ(cpu->idle_ms, number(expect.at("idle_ms")));
  EXPECT_EQ(cpu->cores_idle_ms, cpu_times(vectors::json::value(expect)).cores_idle_ms);
}

void judge_usage(const metrics::Proc& proc, const object& expect) {
  metrics::UsageSampler sampler(proc);
  const metrics::Usage usage = sampler.take(kNow);
  const auto compare = [&](const char* key, const std::optional<double>& found) {
    const value* wanted = expect.if_contains(key);
    if (wanted == nullptr) return;
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(*found, number(*wanted)) << key;
  };
  compare("fd_use", usage.descriptors), compare("threads_use", usage.threads);
  compare("fd_max", usage.descriptors_max), compare("threads_max", usage.threads_max);
  if (expect.contains("error")) {
    EXPECT_FALSE(usage.threads);
  }
}

void judge_proc(const object& one) {
  const Folder folder(one.at("files").as_object());
  const metrics::Proc proc({folder.path(), "/tmp/", folder.path() + "/os-release"});
  const object& expect = one.at("expect").as_object();
  const std::string reader = text(one.at("reader"));
  if (reader == "net/dev") {
    const auto network = proc.network();
    ASSERT_EQ(network.has_value(), !expect.contains("error"));
    if (!network) return;
    EXPECT_EQ(network->received, number(expect.at("rx_bytes")));
    EXPECT_EQ(network->sent, number(expect.at("tx_bytes")));
  } else if (reader == "stat") {
    judge_cpu(proc.cpu(), expect);
  } else if (reader == "uptime") {
    const auto uptime = proc.uptime_ms();
    ASSERT_EQ(uptime.has_value(), !expect.contains("error"));
    if (uptime) {
      EXPECT_EQ(*uptime, number(expect.at("uptime_ms")));
    }
  } else if (reader == "runtime") {
    EXPECT_EQ(proc.runtime(100), text(expect.at("runtime")));
  } else {
    judge_usage(proc, expect);
  }
}

void judge(const object& one) {
  const std::string kind = text(one.at("kind"));
  if (kind == "lifecycle") return judge_lifecycle(one);
  if (kind == "formula") return judge_formula(one);
  judge_proc(one);
}

TEST(EnhancedVectors, AreCountedAsTheProjectsOwnCasesSay) { vectors::run_own("enhanced", judge); }
TEST(EnhancedVectors, AreCountedAsTheSharedCasesSay) { vectors::run_shared("enhanced", judge); }

}  // namespace
