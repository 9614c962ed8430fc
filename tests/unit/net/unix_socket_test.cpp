#include "net/unix_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "net/http_server.hpp"
#include "on_loop.hpp"
#include "recording_service.hpp"

namespace agent {
namespace {

namespace fs = std::filesystem;

struct UnixSocketTest : testing::Test {
  std::string folder = (fs::temp_directory_path() / "sls-unix-XXXXXX").string();
  std::string path;
  UnixSocketOptions streams{.type = SOCK_STREAM, .backlog = 4};

  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    path = folder + "/s";
  }
  void TearDown() override { fs::remove_all(folder); }

  sockaddr_un name() const {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    std::memcpy(out.sun_path, path.c_str(), path.size());
    return out;
  }
  int connect() const {
    const sockaddr_un to = name();
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0) << std::strerror(errno);
    return socket;
  }
};

TEST_F(UnixSocketTest, TakesThePlaceOfALeftOver) {
  const sockaddr_un at = name();
  const int left_over = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(left_over, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  ::close(left_over);
  ASSERT_TRUE(fs::exists(path));
  UnixPath unix_path;
  const Result<int> bound = unix_path.bind(path, streams);
  ASSERT_TRUE(bound) << bound.error().text;
  ::close(connect());
  unix_path.remove();
  ::close(*bound);
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(UnixSocketTest, LeavesAPathThatSomebodyElseHasTakenSince) {
  UnixPath first, second;
  const Result<int> old = first.bind(path, streams);
  ASSERT_TRUE(old);
  fs::remove(path);
  const Result<int> bound = second.bind(path, streams);
  ASSERT_TRUE(bound);
  first.remove();
  ::close(connect());
  ::close(*old);
  ::close(*bound);
}

TEST_F(UnixSocketTest, LeavesWhatSomebodyListensOn) {
  UnixPath first, second;
  const Result<int> bound = first.bind(path, streams);
  ASSERT_TRUE(bound);
  const Result<int> refused = second.bind(path, streams);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  second.remove();
  ::close(connect());
  ::close(*bound);
}

TEST_F(UnixSocketTest, LeavesAFileThatIsNoSocket) {
  std::ofstream(path) << "precious";
  UnixPath unix_path;
  EXPECT_FALSE(unix_path.bind(path, streams));
  unix_path.remove();
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "precious");
}

TEST_F(UnixSocketTest, LetsEverybodyConnect) {
  UnixPath unix_path;
  const Result<int> bound = unix_path.bind(path, streams);
  ASSERT_TRUE(bound);
  EXPECT_EQ(fs::status(path).permissions(), static_cast<fs::perms>(0722));
  ::close(*bound);
}

TEST_F(UnixSocketTest, SaysWhatPathItWants) {
  UnixPath unix_path;
  for (const std::string& bad : {std::string(), "/" + std::string(107, 'x')}) {
    const Result<int> bound = unix_path.bind(bad, streams);
    ASSERT_FALSE(bound) << bad;
    EXPECT_EQ(bound.error().text, "a path of 1 to 107 bytes was wanted");
  }
  EXPECT_FALSE(unix_path.bind(folder + "/missing/s", streams));
}

Task<> answered(Loop& loop, int socket, std::string& answer) {
  for (char block[4096]; answer.find("\r\n\r\n") == std::string::npos;) {
    const ssize_t bytes = ::recv(socket, block, sizeof block, MSG_DONTWAIT);
    if (bytes == 0) break;
    if (bytes > 0) answer.append(block, static_cast<std::size_t>(bytes));
    co_await yield(loop);
  }
}

TEST_F(UnixSocketTest, CarriesHttp) {
  Loop loop;
  RecordingService service;
  HttpServer server(loop, service);
  const Status listening = server.listen("unix://" + path);
  ASSERT_TRUE(listening) << listening.error().text;
  EXPECT_EQ(server.address(), "unix://" + path);
  const int socket = connect();
  constexpr std::string_view kRequest = "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi";
  ASSERT_EQ(::send(socket, kRequest.data(), kRequest.size(), 0), static_cast<ssize_t>(kRequest.size()));
  std::string answer;
  EXPECT_TRUE(run_on(loop, answered(loop, socket, answer)));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK")) << answer;
  ::close(socket);

  HttpServer second(loop, service);
  const Status taken = second.listen("unix://" + path);
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().text.find("Address already in use"), std::string::npos) << taken.error().text;
  server.stop();
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace agent
