// https through a CONNECT proxy: the way there, and which hop is told of when it is barred.
#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/proxy_tunnel.hpp"
#include "on_loop.hpp"
#include "recording_service.hpp"
#include "tls_peer.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

Url url(std::string_view text) { return *Url::parse(text); }

struct Outcome {
  Status opened;
  Result<ClientResponse> answer = Error{ErrorCode::kInvalid, "not asked"};
};

Task<> get(HttpConnection& connection, Outcome& outcome, Nanos time) {
  outcome.opened = co_await connection.open(in(time));
  if (!outcome.opened) co_return;
  ClientRequest request;
  request.method = "GET";
  request.target = "/";
  outcome.answer = co_await connection.exchange(request, 1 << 20, in(time));
}

// What a proxy does on its one connection.
Outcome get_through(ScriptedPeer::Script proxy, std::string_view user_part = {}, Nanos time = 5s) {
  set_tls_library(SLS_TLS_LIBRARY);
  Loop loop;
  ScriptedPeer peer({std::move(proxy)});
  const TlsOptions trust = {.verify = true, .extra_ca_file = MadeCertificates::get().certificate("authority")};
  Outcome outcome;
  {
    HttpConnection connection(loop, url("https://localhost:4443"), trust,
                              url(cat("http://", user_part, "127.0.0.1:", peer.port())));
    EXPECT_TRUE(run_on(loop, get(connection, outcome, time)));
  }
  return outcome;
}

// The peer itself answers behind the proxy.
ScriptedPeer::Script letting_through(std::string& asked, std::string certificate = "good") {
  return [&asked, certificate = std::move(certificate)](int socket) {
    asked = ScriptedPeer::read(socket, "\r\n\r\n");
    ScriptedPeer::write(socket, "HTTP/1.1 200 Connection established\r\nVia: us\r\n\r\n");
    TlsPeer peer(socket, certificate);
    if (peer.accepted()) TlsPeer::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")(peer);
  };
}

TEST(Proxy, LetsTlsThroughToThePeer) {
  std::string asked;
  const Outcome outcome = get_through(letting_through(asked));
  ASSERT_TRUE(outcome.opened) << outcome.opened.error().text;
  ASSERT_TRUE(outcome.answer) << outcome.answer.error().text;
  EXPECT_EQ(outcome.answer->body, "hi");
  EXPECT_EQ(asked, "CONNECT localhost:4443 HTTP/1.1\r\nHost: localhost:4443\r\n\r\n");
}

TEST(Proxy, IsToldTheUserAndThePassword) {
  std::string asked;
  const Outcome outcome = get_through(letting_through(asked), "alice:s%40cret@");
  ASSERT_TRUE(outcome.answer) << outcome.opened.error().text;
  EXPECT_NE(asked.find("\r\nProxy-Authorization: Basic YWxpY2U6c0BjcmV0\r\n"), std::string::npos)
      << asked;  // alice:s@cret
}

TEST(Proxy, DoesNotStandInForThePeerInItsCertificate) {
  std::string asked;
  const Outcome outcome = get_through(letting_through(asked, "wrong_name"));
  ASSERT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.opened.error().code, ErrorCode::kDenied);
  EXPECT_EQ(outcome.opened.error().text.rfind("TLS with localhost: ", 0), 0u) << outcome.opened.error().text;
}

TEST(Proxy, IsNamedWhenItIsInTheWayAndItsPasswordIsNot) {
  const struct {
    std::string_view answer;
    ErrorCode code;
    std::string_view said;
  } kCases[] = {
      {"HTTP/1.1 407 Who\r\nContent-Length: 3\r\n\r\nno!", ErrorCode::kDenied, "status 407, it does not take the user"},
      {"HTTP/1.1 403 No\r\n\r\n", ErrorCode::kDenied, "to localhost:4443: status 403"},
      {"HTTP/1.0 502 No\r\n\r\n<html>", ErrorCode::kRefused, "to localhost:4443: status 502"},
      {"HTTP/1.1 302 Found\r\nLocation: http://login\r\n\r\n", ErrorCode::kRefused, "status 302"},
      {"HTTP/1.1 200 OK\r\n\r\nwelcome", ErrorCode::kProtocol, "it says more"},
      {"SSH-2.0-OpenSSH\r\n\r\n", ErrorCode::kProtocol, "not HTTP"},
      {"", ErrorCode::kClosed, "closed the connection before it answered"},
  };
  for (const auto& each : kCases) {
    const Outcome outcome = get_through(ScriptedPeer::answering(std::string(each.answer)), "alice:s3cret@");
    ASSERT_FALSE(outcome.opened) << each.answer;
    const std::string& text = outcome.opened.error().text;
    EXPECT_EQ(outcome.opened.error().code, each.code) << text;
    EXPECT_EQ(text.rfind("proxy 127.0.0.1:", 0), 0u) << text;
    EXPECT_NE(text.find(each.said), std::string::npos) << text;
    EXPECT_EQ(text.find("s3cret"), std::string::npos) << text;
    EXPECT_EQ(text.find("alice"), std::string::npos) << text;
  }
}

TEST(Proxy, IsTimedOut) {
  const Outcome outcome = get_through([](int socket) { ScriptedPeer::read(socket, "never"); }, {}, 50ms);
  ASSERT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.opened.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(outcome.opened.error().text.rfind("proxy 127.0.0.1:", 0), 0u) << outcome.opened.error().text;
}

TEST(Proxy, ThatNobodyListensForIsNamed) {
  set_tls_library(SLS_TLS_LIBRARY);
  std::uint16_t unused = 0;
  { unused = ScriptedPeer({}).port(); }
  Loop loop;
  HttpConnection connection(loop, url("https://localhost:4443"), {}, url(cat("http://a:b@127.0.0.1:", unused)));
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, get(connection, outcome, 5s)));
  ASSERT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.opened.error().code, ErrorCode::kRefused);
  EXPECT_EQ(outcome.opened.error().text.rfind(cat("proxy 127.0.0.1:", unused), 0), 0u) << outcome.opened.error().text;
}

TEST(Proxy, OverHttpsIsRefusedInWords) {
  set_tls_library(SLS_TLS_LIBRARY);
  Loop loop;
  HttpConnection connection(loop, url("https://localhost:4443"), {}, url("https://a:b@127.0.0.1:3128"));
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, get(connection, outcome, 5s)));
  ASSERT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.opened.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(outcome.opened.error().text.find("a:b"), std::string::npos) << outcome.opened.error().text;
}

TEST(Proxy, IsNotAskedForPlainHttp) {
  Loop loop;
  RecordingService service;
  HttpServer server(loop, service);
  ASSERT_TRUE(server.listen("127.0.0.1:0"));
  HttpConnection connection(loop, url(cat("http://127.0.0.1:", server.port())), {}, url("http://127.0.0.1:1"));
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, get(connection, outcome, 5s)));
  EXPECT_TRUE(outcome.answer) << outcome.opened.error().text;
}

TEST(ConnectRequest, WritesAddressesAndUsersAsTheyAreWanted) {
  EXPECT_EQ(connect_request(url("https://[::1]"), url("http://proxy")),
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n");
  const struct {
    std::string_view user, encoded;
  } kCases[] = {{"a", "YQ=="}, {"ab", "YWI="}, {"abc", "YWJj"}, {"\xff\xfe:\x01", "//46AQ=="}};
  for (const auto& each : kCases) {
    Url proxy = url("http://proxy");
    proxy.user_info = each.user;
    EXPECT_NE(connect_request(url("https://x"), proxy).find(cat("Basic ", each.encoded, "\r\n")), std::string::npos);
  }
}

}  // namespace
}  // namespace agent
