// W2 through the built agent: packets over every socket, and lines that a plugin turns into samples, to what the intake
// decodes.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>

#include "lab/sketch_quantile.hpp"
#include "stage.hpp"

namespace {

namespace fs = std::filesystem;
using stage::Given;
using stage::Stage;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "sls-metrics-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

// A client's end of a unix socket.
class UnixClient {
 public:
  UnixClient(const fs::path& path, int type) : descriptor_(::socket(AF_UNIX, type, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0;
  }
  ~UnixClient() { ::close(descriptor_); }
  bool connected() const { return connected_; }
  bool send(const std::string& bytes) const {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }

 private:
  int descriptor_;
  bool connected_ = false;
};

std::string sized(const std::string& packet) {
  const auto bytes = static_cast<std::uint32_t>(packet.size());
  std::string out(4, '\0');
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(bytes >> (8 * i) & 0xFF);
  return out + packet;
}

// Sums of counts and last values of gauges, by name.
std::map<std::string, double> series_in(Stage& stage) {
  std::map<std::string, double> out;
  for (const lab::Received& request : stage.received())
    for (const lab::MetricPoint& point : request.series)
      out[point.name] = point.kind == "count" ? out[point.name] + point.value : point.value;
  return out;
}

TEST(MetricWay, TakesPacketsOverUnixSockets) {
  const Folder folder;
  Given given;
  given.environment = {{"DD_DOGSTATSD_SOCKET", (folder / "dsd.sock").string()},
                       {"DD_DOGSTATSD_STREAM_SOCKET", (folder / "dsd.stream").string()}};
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UnixClient datagrams(folder / "dsd.sock", SOCK_DGRAM), stream(folder / "dsd.stream", SOCK_STREAM);
  ASSERT_TRUE(datagrams.connected() && stream.connected());
  std::string many;
  for (int i = 0; i < 4'000; ++i) many += "long:1|c\n";
  ASSERT_TRUE(datagrams.send("over.datagram:1|c\nbad"));
  ASSERT_TRUE(datagrams.send(many));
  const std::string both = sized("over.stream:1|c") + sized("over.stream:2|c\n");
  ASSERT_TRUE(stream.send(both.substr(0, 11)) && stream.send(both.substr(11)));
  ASSERT_TRUE(stage.invoke({"one"}));
  ASSERT_EQ(stage.shutdown().exit_code, 0);
  const auto found = series_in(stage);
  EXPECT_EQ(found.at("over.datagram"), 1);
  EXPECT_EQ(found.at("over.stream"), 3);
  EXPECT_EQ(found.at("long"), 4'000);
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});
}

TEST(MetricWay, ASocketPathThatIsTakenCostsThatSocketAndOneError) {
  const Folder folder;
  const fs::path path = folder / "dsd.sock";
  const int taken = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
  ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  Given given;
  given.environment = {{"DD_DOGSTATSD_SOCKET", path.string()},
                       {"DD_DOGSTATSD_STREAM_SOCKET", (folder / "dsd.stream").string()}};
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UnixClient stream(folder / "dsd.stream", SOCK_STREAM);
  ASSERT_TRUE(stream.send(sized("still.here:1|c")));
  ASSERT_TRUE(stage.invoke({"one"}));
  ASSERT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(series_in(stage).at("still.here"), 1);
  EXPECT_EQ(stage.agent_lines_with(path.string()), 1u);
  ::close(taken);
}

#ifdef SLS_LOG_METRIC
TEST(MetricWay, ShipsSamplesThatAPluginMakesOfLines) {
  const Folder folder;
  fs::create_directories(folder / "plugins");
  fs::copy(fs::path(SLS_DIST) / "lib", folder / "lib", fs::copy_options::recursive);
  for (const char* plugin : {"logs.so", "metrics.so"})
    fs::copy(fs::path(SLS_DIST) / "plugins" / plugin, folder / "plugins");
  fs::copy(SLS_LOG_METRIC, folder / "plugins");
  Given given;
  given.environment["DD_PLUGINS_DIRECTORY"] = (folder / "plugins").string();
  given.config = R"(
plugins:
  acme-log-metric:
    rules:
      - name: shop.payment.refused
        match: ERROR payment of order \S+ was refused
      - name: shop.render.time
        match: rendered (?P<page>\w+) in ([0-9.]+) ms
        type: distribution
        value: $2
        tags: {page: "${page}", fixed: x}
      - name: broken
        match: "("
)";
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  ASSERT_TRUE(stage.invoke({"ERROR payment of order 7 was refused", "rendered cart in 12.5 ms", "nothing",
                            "at last: rendered cart in 20 ms", "rendered cart in 1.2.3 ms",
                            "ERROR payment of order 8 was refused"}));
  ASSERT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_EQ(series_in(stage)["shop.payment.refused"], 2);
  std::vector<lab::SketchPoint> sketches;
  for (const lab::Received& request : stage.received())
    for (const lab::SketchPoint& sketch : request.sketches)
      if (sketch.name == "shop.render.time") sketches.push_back(sketch);
  std::int64_t count = 0;
  for (const lab::SketchPoint& sketch : sketches) {
    count += sketch.count;
    EXPECT_NE(std::find(sketch.tags.begin(), sketch.tags.end(), "page:cart"), sketch.tags.end());
    EXPECT_NE(std::find(sketch.tags.begin(), sketch.tags.end(), "fixed:x"), sketch.tags.end());
    EXPECT_LE(lab::quantile(sketch, 0.99), 20.0);
    EXPECT_GE(lab::quantile(sketch, 0.01), 12.3);
  }
  EXPECT_EQ(count, 2);
  EXPECT_EQ(stage.agent_lines_with("rule 3 ('broken') is left out"), 1u);
}
#endif

}  // namespace
