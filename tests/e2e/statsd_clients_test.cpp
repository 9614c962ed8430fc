// The DogStatsD clients of PyPI and npm, unchanged, beside the built agent: what they send is what the intake decodes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "lab/sketch_quantile.hpp"
#include "stage.hpp"

namespace {

namespace fs = std::filesystem;
using stage::Given;
using stage::Stage;

// A client may be at its work when ten seconds are over, so all of this is summed up over the points of time.
struct Found {
  std::map<std::string, double> values;  // "name kind": of counts the sum, of sets (each member is sent once), too
  std::map<std::string, lab::SketchPoint> sketches;
  std::vector<lab::Event> events;
  std::vector<lab::ServiceCheck> checks;
};

bool has(const std::vector<std::string>& tags, const std::string& tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

void merge(lab::SketchPoint& into, const lab::SketchPoint& from) {
  if (into.count == 0) {
    into = from;
    return;
  }
  std::map<std::int32_t, std::uint32_t> bins;
  for (const lab::SketchPoint* each : {static_cast<const lab::SketchPoint*>(&into), &from})
    for (std::size_t i = 0; i < each->keys.size(); ++i) bins[each->keys[i]] += each->counts[i];
  into.keys.clear(), into.counts.clear();
  for (const auto& [key, count] : bins) into.keys.push_back(key), into.counts.push_back(count);
  into.count += from.count;
  into.sum += from.sum;
  into.min = std::min(into.min, from.min);
  into.max = std::max(into.max, from.max);
}

Found found(Stage& stage, const std::string& way) {
  Found out;
  const std::string tag = "way:" + way;
  for (const lab::Received& request : stage.received()) {
    for (const lab::MetricPoint& point : request.series) {
      double& value = out.values[point.name + " " + point.kind];
      const bool adds_up = point.kind == "count" || point.name.ends_with(".set");
      if (has(point.tags, tag)) value = adds_up ? value + point.value : point.value;
    }
    for (const lab::SketchPoint& sketch : request.sketches)
      if (has(sketch.tags, tag)) merge(out.sketches[sketch.name], sketch);
    for (const lab::Event& event : request.events)
      if (has(event.tags, tag)) out.events.push_back(event);
    for (const lab::ServiceCheck& check : request.checks)
      if (has(check.tags, tag)) out.checks.push_back(check);
  }
  return out;
}

void expect_everything(Stage& stage, const std::string& prefix, const std::string& way) {
  SCOPED_TRACE(prefix + " over " + way);
  Found got = found(stage, way);
  const std::pair<const char*, double> wanted[] = {
      {".count count", 2},           {".gauge gauge", 2.5},     {".histogram.max gauge", 7},
      {".histogram.count count", 1}, {".timing.avg gauge", 12}, {".set gauge", 2},
  };
  for (const auto& [name, value] : wanted) EXPECT_EQ(got.values[prefix + name], value) << name;
  const lab::SketchPoint sketch = got.sketches[prefix + ".distribution"];
  EXPECT_EQ(sketch.count, 100);
  EXPECT_EQ(sketch.sum, 5050);
  EXPECT_EQ(sketch.max, 100);
  EXPECT_NEAR(lab::quantile(sketch, 0.5), 50, 2);
  EXPECT_NEAR(lab::quantile(sketch, 0.99), 99, 2);
  ASSERT_EQ(got.events.size(), 1u);
  EXPECT_EQ(got.events[0].title, "deployed");
  EXPECT_EQ(got.events[0].text, "line one\nline two");
  EXPECT_EQ(got.events[0].alert_type, "success");
  ASSERT_EQ(got.checks.size(), 1u);
  EXPECT_EQ(got.checks[0].name, prefix + ".check");
  EXPECT_EQ(got.checks[0].status, 1);
  EXPECT_EQ(got.checks[0].message, "slow");
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

TEST(StatsdClients, OfPypiWorksUnchangedOverUdpAndAUnixSocket) {
  if (access(SLS_E2E_VENV "/installed.txt", R_OK) != 0) GTEST_SKIP() << "the package registry was out of reach";
  std::string folder = (fs::temp_directory_path() / "sls-clients-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string socket = folder + "/dsd.sock";
  Given given;
  given.environment["DD_DOGSTATSD_SOCKET"] = socket;
  {
    Stage stage(given);
    ASSERT_TRUE(stage.start()) << stage.failure;
    const std::string command = quoted(SLS_E2E_VENV "/bin/python") + " "
                                + quoted(SLS_E2E_FOLDER "/clients/datadog_client.py") + " " + stage.host() + " 8125 "
                                + quoted(socket);
    ASSERT_EQ(std::system(command.c_str()), 0);
    ASSERT_TRUE(stage.invoke({"one"}));
    EXPECT_EQ(stage.shutdown().exit_code, 0);
    expect_everything(stage, "py", "udp");
    expect_everything(stage, "py", "unix");
    EXPECT_EQ(stage.broken(), std::vector<std::string>{});
  }
  fs::remove_all(folder);
}

TEST(StatsdClients, OfNpmWorksUnchangedOverUdp) {
  if (access(SLS_E2E_MODULES "/installed.txt", R_OK) != 0) GTEST_SKIP() << "no npm, or its registry was out of reach";
  Stage stage;
  ASSERT_TRUE(stage.start()) << stage.failure;
  const std::string command = "NODE_PATH=" + quoted(SLS_E2E_MODULES "/node_modules") + " node "
                              + quoted(SLS_E2E_FOLDER "/clients/hot_shots_client.js") + " " + stage.host() + " 8125";
  ASSERT_EQ(std::system(command.c_str()), 0);
  ASSERT_TRUE(stage.invoke({"one"}));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  expect_everything(stage, "js", "udp");
  EXPECT_NEAR(found(stage, "udp").values["js.sampled count"], 1, 0.01);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});
}

}  // namespace
