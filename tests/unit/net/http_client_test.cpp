#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "net/http_server.hpp"
#include "on_loop.hpp"
#include "recording_service.hpp"
#include "scripted_peer.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

Url peer_at(std::uint16_t port) { return *Url::parse("http://127.0.0.1:" + std::to_string(port)); }

// Opens, sends one GET and keeps what came of it.
struct Outcome {
  Result<ClientResponse> answer = Error{ErrorCode::kInvalid, "not asked"};
  bool reusable = false;
  bool sent = false;
};

Task<> get(HttpConnection& connection, Outcome& outcome, std::size_t body_bytes_max = 1 << 20, Nanos time = 5s) {
  const Status opened = co_await connection.open(in(5s));
  EXPECT_TRUE(opened) << opened.error().text;
  ClientRequest request;
  request.method = "GET";
  request.target = "/";
  outcome.answer = co_await connection.exchange(request, body_bytes_max, in(time));
  outcome.reusable = connection.reusable();
  outcome.sent = connection.sent_before_failure();
}

Outcome get_from(ScriptedPeer::Script script, std::size_t body_bytes_max = 1 << 20, Nanos time = 5s) {
  Loop loop;
  ScriptedPeer peer({std::move(script)});
  HttpConnection connection(loop, peer_at(peer.port()));
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, get(connection, outcome, body_bytes_max, time)));
  return outcome;
}

TEST(HttpConnection, UnderstandsAnswersOfEveryForm) {
  const struct {
    std::string_view name, text;
    unsigned status;
    std::string_view body;
    bool reusable;
  } kCases[] = {
      {"length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", true},
      {"no reason", "HTTP/1.1 202 \r\nContent-Length: 0\r\n\r\n", 202, "", true},
      {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1;x\r\ni\r\n0\r\nA: b\r\n\r\n", 200,
       "hi", true},
      {"no chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", true},
      {"until the end", "HTTP/1.1 200 OK\r\n\r\nhi", 200, "hi", false},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false},
      {"HTTP/1.0 keep-alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", 200, "hi",
       true},
      {"close", "HTTP/1.1 403 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", 403, "hi", false},
      {"no content", "HTTP/1.1 204 None\r\n\r\n", 204, "", true},
      {"interim answers",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
       "2\r\n\r\nhi",
       200, "hi", true},
      {"more than was asked", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, there", 200, "hi", false},
  };
  for (const auto& each : kCases) {
    const Outcome outcome = get_from(ScriptedPeer::answering(std::string(each.text)));
    ASSERT_TRUE(outcome.answer) << each.name << ": " << outcome.answer.error().text;
    EXPECT_EQ(outcome.answer->status, each.status) << each.name;
    EXPECT_EQ(outcome.answer->body, each.body) << each.name;
    EXPECT_EQ(outcome.reusable, each.reusable) << each.name;
    EXPECT_EQ(outcome.answer->header("link"), "") << each.name;
  }
}

TEST(HttpConnection, RefusesWhatIsNoAnswer) {
  std::string interims;
  for (int i = 0; i < 100; ++i) interims += "HTTP/1.1 100 Continue\r\n\r\n";
  const struct {
    std::string_view name;
    std::string text;
    ErrorCode code;
  } kCases[] = {
      {"nonsense", "SSH-2.0-OpenSSH\r\n\r\n", ErrorCode::kProtocol},
      {"HTTP/2", "HTTP/2 200 OK\r\n\r\n", ErrorCode::kProtocol},
      {"bad length", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", ErrorCode::kProtocol},
      {"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ErrorCode::kProtocol},
      {"unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n", ErrorCode::kProtocol},
      {"huge header", "HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'a') + "\r\n\r\n", ErrorCode::kProtocol},
      {"endless header",
       "HTTP/1.1 200 OK\r\n" +
           [] {
             std::string t;
             for (int i = 0; i < 30'000; ++i) t += "A: b\r\n";
             return t;
           }(),
       ErrorCode::kProtocol},
      {"endless interim answers", interims, ErrorCode::kProtocol},
      {"nothing", "", ErrorCode::kClosed},
      {"half a header", "HTTP/1.1 200 OK\r\nConte", ErrorCode::kClosed},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi", ErrorCode::kClosed},
      {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", ErrorCode::kClosed},
  };
  for (const auto& each : kCases) {
    const Outcome outcome = get_from(ScriptedPeer::answering(each.text));
    ASSERT_FALSE(outcome.answer) << each.name;
    EXPECT_EQ(outcome.answer.error().code, each.code) << each.name << ": " << outcome.answer.error().text;
    EXPECT_FALSE(outcome.reusable) << each.name;
    EXPECT_TRUE(outcome.sent) << each.name;
  }
}

TEST(HttpConnection, CutsABodyAtTheLimit) {
  const std::string much(200'000, 'x');
  for (const std::string& header :
       {std::string("HTTP/1.1 200 OK\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30D40\r\n")}) {
    const Outcome outcome = get_from(ScriptedPeer::answering(header + much), 1000);
    ASSERT_TRUE(outcome.answer) << header;
    EXPECT_EQ(outcome.answer->body.size(), 1000u);
    EXPECT_FALSE(outcome.reusable);
  }
  const Outcome fits = get_from(ScriptedPeer::answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), 3);
  ASSERT_TRUE(fits.answer);
  EXPECT_TRUE(fits.reusable);
}

TEST(HttpConnection, TimesOutOnAMutePeer) {
  const Outcome outcome = get_from([](int socket) { ScriptedPeer::read(socket, "never"); }, 1 << 20, 20ms);
  ASSERT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.answer.error().code, ErrorCode::kTimeout);
  EXPECT_TRUE(outcome.sent);
}

TEST(HttpConnection, TimesOutOnAPeerThatTrickles) {
  const Outcome outcome = get_from(
      [](int socket) {
        ScriptedPeer::read(socket, "\r\n\r\n");
        ScriptedPeer::write(socket, "HTTP/1.1 200 OK\r\n");
        while (::send(socket, "A: b\r\n", 6, MSG_NOSIGNAL) == 6) {
          pollfd quiet{socket, 0, 0};
          ::poll(&quiet, 1, 2);
        }
      },
      1 << 20, 30ms);
  ASSERT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.answer.error().code, ErrorCode::kTimeout);
}

Task<> post_to_deaf(HttpConnection& connection, Outcome& outcome) {
  const Status opened = co_await connection.open(in(5s));
  EXPECT_TRUE(opened);
  const std::string body(32 << 20, 'x');
  ClientRequest request;
  request.method = "POST";
  request.target = "/";
  request.body = body;
  const Steady deadline = in(50ms);
  outcome.answer = co_await connection.exchange(request, 1000, deadline);
}

TEST(HttpConnection, TimesOutOnAPeerThatDoesNotRead) {
  Loop loop;
  std::promise<void> over;
  ScriptedPeer peer({[&](int) { over.get_future().wait_for(5s); }});
  HttpConnection connection(loop, peer_at(peer.port()));
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, post_to_deaf(connection, outcome)));
  over.set_value();
  ASSERT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.answer.error().code, ErrorCode::kTimeout);
}

Task<> post_much(HttpConnection& connection, Outcome& outcome) {
  const Status opened = co_await connection.open(in(5s));
  EXPECT_TRUE(opened) << opened.error().text;
  static const std::string body(32 << 20, 'x');
  ClientRequest request;
  request.method = "POST";
  request.target = "/";
  request.body = body;
  const Steady deadline = in(5s);
  outcome.answer = co_await connection.exchange(request, 1000, deadline);
  outcome.reusable = connection.reusable();
}

// A peer that says something while the body is on its way to it; `over` is set when the client has come to an end.
Outcome post_much_to(ScriptedPeer::Script script, std::promise<void>* over = nullptr) {
  Loop loop;
  ScriptedPeer peer({std::move(script)});
  HttpConnection connection(loop, peer_at(peer.port()));
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, post_much(connection, outcome)));
  if (over) over->set_value();
  return outcome;
}

constexpr std::string_view kTooLarge = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";

TEST(HttpConnection, ReadsARefusalOfAPeerThatStopsReading) {
  std::promise<void> over;
  const auto refuse = [&](int socket) {
    ScriptedPeer::read(socket, "\r\n\r\n");
    ScriptedPeer::write(socket, kTooLarge);
    over.get_future().wait_for(5s);
  };
  const Outcome outcome = post_much_to(refuse, &over);
  ASSERT_TRUE(outcome.answer) << outcome.answer.error().text;
  EXPECT_EQ(outcome.answer->status, 413u);
  EXPECT_FALSE(outcome.reusable);
}

TEST(HttpConnection, ReadsARefusalOfAPeerThatResets) {
  const Outcome outcome = post_much_to([](int socket) {
    ScriptedPeer::read(socket, "\r\n\r\n");
    ScriptedPeer::write(socket, kTooLarge);  // closing with unread bytes resets
  });
  ASSERT_TRUE(outcome.answer) << outcome.answer.error().text;
  EXPECT_EQ(outcome.answer->status, 413u);
}

// 100 and 103 are no answers, and who says 2xx reads on.
TEST(HttpConnection, SendsOnWhateverIsSaidThatIsNoRefusal) {
  for (const char* early : {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Hints\r\n\r\n", "H", ""}) {
    std::size_t read = 0;
    const std::string rest =
        std::string(*early == 'H' && early[1] == 0 ? "TTP" : "HTTP") + "/1.1 202 Fine\r\nContent-Length: 0\r\n\r\n";
    const Outcome outcome = post_much_to([&](int socket) {
      ScriptedPeer::read(socket, "\r\n\r\n");
      ScriptedPeer::write(socket, early);
      std::string buffer(1 << 20, 0);
      while (read < 32u << 20) {
        const auto bytes = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (bytes <= 0) return;
        read += static_cast<std::size_t>(bytes);
      }
      ScriptedPeer::write(socket, rest);
    });
    ASSERT_TRUE(outcome.answer) << early << outcome.answer.error().text;
    EXPECT_EQ(outcome.answer->status, 202u) << early;
    EXPECT_EQ(read, 32u << 20) << early;
  }
}

Task<> open_only(HttpConnection& connection, Status& outcome) { outcome = co_await connection.open(in(5s)); }

TEST(HttpConnection, SaysRefusedWhereNobodyListens) {
  std::uint16_t port = 0;
  { port = ScriptedPeer({}).port(); }
  Loop loop;
  HttpConnection connection(loop, peer_at(port));
  Status outcome;
  EXPECT_TRUE(run_on(loop, open_only(connection, outcome)));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kRefused) << outcome.error().text;
  EXPECT_FALSE(connection.reusable());
}

TEST(HttpConnection, SaysNotFoundForAnUnknownName) {
  Loop loop;
  HttpConnection connection(loop, *Url::parse("http://no-such-host.invalid"));
  Status outcome;
  EXPECT_TRUE(run_on(loop, open_only(connection, outcome)));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kNotFound) << outcome.error().text;
}

Task<> get_twice(HttpConnection& connection, Outcome& first, Outcome& second, Loop& loop) {
  co_await get(connection, first);
  co_await sleep_until(loop, in(20ms));  // the peer closes meanwhile
  ClientRequest request;
  request.method = "GET";
  request.target = "/";
  const Steady deadline = in(5s);
  second.answer = co_await connection.exchange(request, 1000, deadline);
  second.sent = connection.sent_before_failure();
  second.reusable = connection.reusable();
}

TEST(HttpConnection, NoticesThatAnIdlePeerHasClosedBeforeAnythingIsSent) {
  Loop loop;
  ScriptedPeer peer({ScriptedPeer::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")});
  HttpConnection connection(loop, peer_at(peer.port()));
  Outcome first, second;
  EXPECT_TRUE(run_on(loop, get_twice(connection, first, second, loop)));
  ASSERT_TRUE(first.answer);
  EXPECT_TRUE(first.reusable);
  ASSERT_FALSE(second.answer);
  EXPECT_EQ(second.answer.error().code, ErrorCode::kClosed);
  EXPECT_FALSE(second.sent);
  EXPECT_FALSE(second.reusable);
}

Task<> receive_for_ever(HttpConnection& connection, Outcome& outcome) {
  const Status opened = co_await connection.open(in(5s));
  EXPECT_TRUE(opened);
  ClientRequest request;
  request.method = "GET";
  request.target = "/next";
  const Status sent = co_await connection.send(request, in(5s));
  EXPECT_TRUE(sent);
  outcome.answer = co_await connection.receive(1000, kNever);
}

Task<> close_soon(Loop& loop, HttpConnection& connection) {
  co_await sleep_until(loop, in(20ms));
  connection.close();
}

TEST(HttpConnection, EndsAnEndlessReceiveWhenItIsClosed) {
  Loop loop;
  ScriptedPeer peer({[](int socket) { ScriptedPeer::read(socket, "never"); }});
  HttpConnection connection(loop, peer_at(peer.port()));
  Outcome outcome;
  loop.spawn("closer", close_soon(loop, connection));
  EXPECT_TRUE(run_on(loop, receive_for_ever(connection, outcome)));
  ASSERT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.answer.error().code, ErrorCode::kClosed);
}

TEST(HttpConnection, MayDieWhileACallIsUnderWay) {
  Loop loop;
  ScriptedPeer peer({[](int socket) { ScriptedPeer::read(socket, "never"); }});
  Outcome outcome;
  auto connection = std::make_unique<HttpConnection>(loop, peer_at(peer.port()));
  bool ended = false;
  loop.spawn("receiver", then_stop(loop, receive_for_ever(*connection, outcome), ended));
  loop.spawn("stopper", [](Loop& l) -> Task<> {
    co_await sleep_until(l, in(20ms));
    l.stop();
  }(loop));
  loop.run();
  EXPECT_FALSE(ended);
  connection.reset();
  loop.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(outcome.answer.error().code, ErrorCode::kClosed);
}

Task<> against_our_server(HttpConnection& connection) {
  const Status opened = co_await connection.open(in(5s));
  EXPECT_TRUE(opened);
  const std::string big(300'000, 'b');
  for (int i = 0; i < 3; ++i) {
    ClientRequest request;
    request.method = "POST";
    request.target = "/p?q=1";
    request.headers.emplace_back("X-A", "b");
    request.body = big;
    const auto answer = co_await connection.exchange(request, 1 << 20, in(5s));
    EXPECT_TRUE(answer);
    if (!answer) co_return;
    EXPECT_EQ(answer->status, 200u);
    EXPECT_EQ(answer->body, "POST /p?q=1 " + big);
    EXPECT_TRUE(connection.reusable());
  }
  ClientRequest head;
  head.method = "HEAD";
  head.target = "/";
  const auto answer = co_await connection.exchange(head, 1 << 20, in(5s));
  EXPECT_TRUE(answer && answer->body.empty() && answer->header("content-length") == "8");
  EXPECT_TRUE(connection.reusable());
}

TEST(HttpConnection, SpeaksWithOurServerOverOneConnection) {
  Loop loop;
  RecordingService service;
  HttpServer server(loop, service);
  ASSERT_TRUE(server.listen("127.0.0.1:0"));
  HttpConnection connection(loop, peer_at(server.port()));
  EXPECT_TRUE(run_on(loop, against_our_server(connection)));
  ASSERT_EQ(service.seen.size(), 4u);
  EXPECT_EQ(service.seen[0].headers[0], std::make_pair(std::string("Host"), server.address()));
}

Task<> send_broken(HttpConnection& connection) {
  const Status opened = co_await connection.open(in(5s));
  EXPECT_TRUE(opened);
  ClientRequest target;
  target.method = "GET";
  target.target = "/a\r\nX: y";
  const Status first = co_await connection.send(target, in(5s));
  EXPECT_FALSE(first);
  ClientRequest header;
  header.method = "GET";
  header.headers.emplace_back("A", "b\r\nX: y");
  const Status second = co_await connection.send(header, in(5s));
  EXPECT_FALSE(second);
  EXPECT_TRUE(connection.reusable());
}

TEST(HttpConnection, SendsNoRequestThatWouldBeTwo) {
  Loop loop;
  ScriptedPeer peer({[](int socket) { EXPECT_EQ(ScriptedPeer::read(socket, "\r\n"), ""); }});
  HttpConnection connection(loop, peer_at(peer.port()));
  EXPECT_TRUE(run_on(loop, send_broken(connection)));
}

TEST(Url, ReadsItsParts) {
  const struct {
    std::string_view text;
    bool tls;
    std::string_view host;
    unsigned port;
    std::string_view path, user_info, origin, host_header;
  } kCases[] = {
      {"http://a", false, "a", 80, "", "", "http://a:80", "a"},
      {"HTTPS://a.b/", true, "a.b", 443, "/", "", "https://a.b:443", "a.b"},
      {"https://a:8443/x?y#z", true, "a", 8443, "/x?y", "", "https://a:8443", "a:8443"},
      {"http://a?x", false, "a", 80, "/?x", "", "http://a:80", "a"},
      {"http://a:443", false, "a", 443, "", "", "http://a:443", "a:443"},
      {"http://[::1]:99/p", false, "::1", 99, "/p", "", "http://[::1]:99", "[::1]:99"},
      {"https://[::1]", true, "::1", 443, "", "", "https://[::1]:443", "[::1]"},
      {"http://u:p%40w@proxy:3128", false, "proxy", 3128, "", "u:p@w", "http://proxy:3128", "proxy:3128"},
      {"http://u@x:p@proxy", false, "proxy", 80, "", "u@x:p", "http://proxy:80", "proxy"},
      {"http://a:", false, "a", 80, "", "", "http://a:80", "a"},
  };
  for (const auto& each : kCases) {
    const auto url = Url::parse(each.text);
    ASSERT_TRUE(url) << each.text << ": " << url.error().text;
    EXPECT_EQ(url->tls, each.tls) << each.text;
    EXPECT_EQ(url->host, each.host) << each.text;
    EXPECT_EQ(url->port, each.port) << each.text;
    EXPECT_EQ(url->path, each.path) << each.text;
    EXPECT_EQ(url->user_info, each.user_info) << each.text;
    EXPECT_EQ(url->origin(), each.origin) << each.text;
    EXPECT_EQ(url->host_header(), each.host_header) << each.text;
  }
}

TEST(Url, RefusesWithoutRepeatingTheUserPart) {
  for (const char* text : {"", "a", "a:80", "ftp://a", "http://", "http://:80", "http://a:0", "http://a:65536",
                           "http://a:b", "http://secret:word@", "http://secret:word@a:x", "http://[::1",
                           "http://[::1]x", "http://a b/", "http://a/ b", "http://a/\r\nX: y", "http://secret@a\x01"}) {
    const auto url = Url::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().text.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace agent
