#include "net/http_server.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "net/http_client.hpp"
#include "net/stream.hpp"
#include "on_loop.hpp"
#include "recording_service.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;
using Streams = std::vector<std::shared_ptr<Stream>>;

struct ServerTest : testing::Test {
  Loop loop;
  RecordingService service;
  HttpServer server{loop, service};

  void SetUp() override {
    const Status listening = server.listen("127.0.0.1:0");
    ASSERT_TRUE(listening) << listening.error().text;
    ASSERT_NE(server.port(), 0);
  }
};

// Reads until `wanted` is there; what came when the peer closed or the time is over.
Task<std::string> read_until(std::shared_ptr<Stream> stream, std::string wanted) {
  std::string text;
  char block[4096];
  while (wanted.empty() || text.find(wanted) == std::string::npos) {
    const Result<std::size_t> bytes = co_await stream->read(block);
    if (!bytes || *bytes == 0) break;
    text.append(block, *bytes);
  }
  co_return text;
}

Task<std::shared_ptr<Stream>> dial(Loop& loop, std::uint16_t port) {
  auto stream = std::make_shared<Stream>(loop);
  stream->limit(in(5s));
  const Status connected = co_await stream->connect("127.0.0.1", port);
  EXPECT_TRUE(connected) << connected.error().text;
  co_return stream;
}

Task<std::string> ask(Loop& loop, std::uint16_t port, std::string request, std::string until) {
  const auto stream = co_await dial(loop, port);
  const Status written = co_await stream->write(request, {});
  EXPECT_TRUE(written);
  co_return co_await read_until(stream, until);
}

Task<> one_request(Loop& loop, std::uint16_t port) {
  const std::string request = "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi";
  const std::string answer = co_await ask(loop, port, request, "hi");
  EXPECT_NE(answer.find("200 OK"), std::string::npos) << answer;
}

TEST_F(ServerTest, AnswersOverASocket) { EXPECT_TRUE(run_on(loop, one_request(loop, server.port()))); }

Task<> half_closed(Loop& loop, std::uint16_t port) {
  const auto stream = co_await dial(loop, port);
  const Status written = co_await stream->write("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", {});
  EXPECT_TRUE(written);
  stream->end();
  const std::string answers = co_await read_until(stream, "");
  EXPECT_NE(answers.find("GET /1"), std::string::npos) << answers;
  EXPECT_NE(answers.find("GET /2"), std::string::npos) << answers;
}

TEST_F(ServerTest, AnswersPipelinedRequestsOfAHalfClosedClient) {
  EXPECT_TRUE(run_on(loop, half_closed(loop, server.port())));
}

Task<> refused_while_sending(Loop& loop, std::uint16_t port) {
  const auto stream = co_await dial(loop, port);
  const Status head = co_await stream->write("POST / HTTP/1.1\r\nContent-Length: 50000000\r\n\r\n", {});
  EXPECT_TRUE(head);
  const std::string much(4 << 20, 'x');
  const Status body = co_await stream->write(much, {});
  EXPECT_TRUE(body || stream->answered()) << body.error().text;
  stream->end();
  const std::string answer = co_await read_until(stream, "");
  EXPECT_NE(answer.find("HTTP/1.1 413 "), std::string::npos) << answer;
}

TEST_F(ServerTest, LetsAClientThatStillSendsReadItsRefusal) {
  EXPECT_TRUE(run_on(loop, refused_while_sending(loop, server.port())));
}

Task<> idle_and_working(Loop& loop, std::uint16_t port, int idle, std::string first_bytes) {
  Streams open;
  for (int i = 0; i < idle; ++i) {
    const auto stream = co_await dial(loop, port);
    const Status written = co_await stream->write(first_bytes, {});
    EXPECT_TRUE(written);
    open.push_back(stream);
  }
  co_await one_request(loop, port);
  // The others are still welcome.
  const Status rest = co_await open.front()->write("GET /late HTTP/1.1\r\n\r\n", {});
  EXPECT_TRUE(rest);
  const std::string answer = co_await read_until(open.front(), "/late");
  EXPECT_NE(answer.find("/late"), std::string::npos) << answer;
}

TEST_F(ServerTest, WorksBesideManyIdleConnections) {
  EXPECT_TRUE(run_on(loop, idle_and_working(loop, server.port(), 300, "")));
}

TEST_F(ServerTest, WorksBesideManyHalfRequests) {
  EXPECT_TRUE(run_on(loop, idle_and_working(loop, server.port(), 40, "\r\n")));
}

Task<> one_of_many(Loop& loop, std::uint16_t port, int number, int& left) {
  const std::string path = "/n" + std::to_string(number);
  const std::string wanted = "GET " + path + "?";
  const std::string request = "GET " + path + " HTTP/1.1\r\n\r\n";
  const std::string answer = co_await ask(loop, port, request, wanted);
  EXPECT_NE(answer.find(wanted), std::string::npos) << answer;
  if (--left == 0) loop.stop();
}

TEST_F(ServerTest, AnswersManyAtOnceEachItsOwn) {
  int left = 64;
  for (int i = 0; i < 64; ++i) loop.spawn("client", one_of_many(loop, server.port(), i, left));
  loop.run();
  EXPECT_EQ(left, 0);
  EXPECT_EQ(service.seen.size(), 64u);
}

Task<> does_not_read(Loop& loop, std::uint16_t port) {
  const auto deaf = co_await dial(loop, port);
  const Status written = co_await deaf->write("GET /deaf HTTP/1.1\r\n\r\n", {});
  EXPECT_TRUE(written);
  co_await one_request(loop, port);
}

TEST_F(ServerTest, IsNotHeldUpByAClientThatDoesNotRead) {
  service.on_serve = [](const HttpRequest& request, HttpReply& reply) {
    reply.body = request.path == "/deaf" ? std::string(32 << 20, 'x') : "hi";
  };
  EXPECT_TRUE(run_on(loop, does_not_read(loop, server.port())));
}

Task<> after_stop(Loop& loop, HttpServer& server) {
  const auto idle = co_await dial(loop, server.port());
  const auto busy = co_await dial(loop, server.port());
  const Status half = co_await busy->write("GET /busy HT", {});
  EXPECT_TRUE(half);
  co_await sleep_until(loop, in(20ms));
  server.stop();
  const std::string nothing = co_await read_until(idle, "");
  EXPECT_EQ(nothing, "");
  const Status rest = co_await busy->write("TP/1.1\r\n\r\n", {});
  EXPECT_TRUE(rest);
  const std::string answer = co_await read_until(busy, "");
  EXPECT_NE(answer.find("GET /busy"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
}

TEST_F(ServerTest, EndsIdleConnectionsAtOnceAndBusyOnesAfterTheirAnswer) {
  EXPECT_TRUE(run_on(loop, after_stop(loop, server)));
}

TEST_F(ServerTest, SaysWhatIsInTheWayOfListening) {
  HttpServer second(loop, service);
  const Status taken = second.listen(server.address());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().text, "cannot listen on " + server.address() + ": address in use");
  for (const char* address :
       {"", "8124", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "no.such:80", "::1:80"}) {
    HttpServer other(loop, service);
    EXPECT_FALSE(other.listen(address)) << address;
  }
}

TEST_F(ServerTest, MayListenAgainWhereAnotherOneDid) {
  const std::string address = server.address();
  EXPECT_TRUE(run_on(loop, one_request(loop, server.port())));
  server.stop();
  HttpServer second(loop, service);
  const Status listening = second.listen(address);
  EXPECT_TRUE(listening) << listening.error().text;
}

Task<> keep_answer(std::shared_ptr<Stream> stream, std::string& answer) { answer = co_await read_until(stream, ""); }

Task<> ask_and_leave(Loop& loop, std::uint16_t port, std::shared_ptr<Stream>& client) {
  client = co_await dial(loop, port);
  co_await sleep_until(loop, in(10ms));  // accepted by now, and being read from
  const Status written = co_await client->write("GET / HTTP/1.1\r\n\r\n", {});
  EXPECT_TRUE(written);
}

TEST(HttpServerLife, DoesNotCallAServiceThatIsGone) {
  Loop loop;
  std::shared_ptr<Stream> client;
  auto service = std::make_unique<RecordingService>();
  auto server = std::make_unique<HttpServer>(loop, *service);
  ASSERT_TRUE(server->listen("127.0.0.1:0"));
  EXPECT_TRUE(run_on(loop, ask_and_leave(loop, server->port(), client)));
  EXPECT_EQ(service->seen.size(), 0u);
  server.reset();
  service.reset();
  std::string answer = "none yet";
  EXPECT_TRUE(run_on(loop, keep_answer(client, answer)));
  EXPECT_EQ(answer, "");
}

}  // namespace
}  // namespace agent
