// https of HttpConnection against real TLS: certificates made by the openssl program, a peer that is OpenSSL itself.
#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <array>
#include <cstdlib>
#include <future>
#include <string>

#include "base/text.hpp"
#include "net/http_client.hpp"
#include "net/tls_library.hpp"
#include "on_loop.hpp"
#include "tls_peer.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHi = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

TlsOptions trusting(const std::string& name = "authority") {
  return {.verify = true, .extra_ca_file = MadeCertificates::get().certificate(name)};
}
Url https_at(std::uint16_t port, std::string_view host = "localhost") {
  return *Url::parse(cat("https://", host, ":", port));
}

struct Outcome {
  Status opened;
  Result<ClientResponse> answer = Error{ErrorCode::kInvalid, "not asked"};
  bool reusable = false;
};

Task<> get(HttpConnection& connection, Outcome& outcome, Nanos time) {
  outcome.opened = co_await connection.open(in(time));
  if (!outcome.opened) co_return;
  ClientRequest request;
  request.method = "GET";
  request.target = "/";
  outcome.answer = co_await connection.exchange(request, 1 << 20, in(time));
  outcome.reusable = connection.reusable();
}

Outcome get_from(ScriptedPeer::Script script, const TlsOptions& options, std::string_view host = "localhost",
                 Nanos time = 5s) {
  set_tls_library(SLS_TLS_LIBRARY);
  Loop loop;
  ScriptedPeer peer({std::move(script)});
  Outcome outcome;
  {
    HttpConnection connection(loop, https_at(peer.port(), host), options);
    EXPECT_TRUE(run_on(loop, get(connection, outcome, time)));
  }
  return outcome;
}

TEST(Tls, SpeaksWithAPeerThatItCanVerify) {
  std::string name, protocol, request;
  int version = 0;
  const Outcome outcome = get_from(TlsPeer::with("good",
                                                 [&](TlsPeer& peer) {
                                                   request = peer.read("\r\n\r\n");
                                                   name = SSL_get_servername(peer.ssl(), TLSEXT_NAMETYPE_host_name);
                                                   const unsigned char* chosen = nullptr;
                                                   unsigned length = 0;
                                                   SSL_get0_alpn_selected(peer.ssl(), &chosen, &length);
                                                   protocol.assign(reinterpret_cast<const char*>(chosen), length);
                                                   version = SSL_version(peer.ssl());
                                                   peer.write(kHi);
                                                 }),
                                   trusting());
  ASSERT_TRUE(outcome.opened) << outcome.opened.error().text;
  ASSERT_TRUE(outcome.answer) << outcome.answer.error().text;
  EXPECT_EQ(outcome.answer->body, "hi");
  EXPECT_TRUE(outcome.reusable);
  EXPECT_EQ(request.substr(0, 16), "GET / HTTP/1.1\r\n");
  EXPECT_EQ(name, "localhost");
  EXPECT_EQ(protocol, "http/1.1");
  EXPECT_EQ(version, TLS1_3_VERSION);
}

TEST(Tls, SpeaksTheOlderVersionToo) {
  int version = 0;
  const Outcome outcome = get_from(
      [&](int socket) {
        TlsPeer peer(socket, "good", TLS1_2_VERSION);
        version = SSL_version(peer.ssl());
        if (peer.accepted()) TlsPeer::answering(std::string(kHi))(peer);
      },
      trusting());
  EXPECT_TRUE(outcome.answer) << outcome.opened.error().text;
  EXPECT_EQ(version, TLS1_2_VERSION);
}

TEST(Tls, RefusesACertificateThatIsNotGoodAndSaysWhy) {
  const struct {
    std::string_view certificate, host;
    std::string_view said;
  } kCases[] = {
      {"wrong_name", "localhost",
       "wrong name: it is made out for elsewhere.example, *.other.example, wanted localhost"},
      {"wrong_name", "127.0.0.1",
       "wrong name: it is made out for elsewhere.example, *.other.example, wanted 127.0.0.1"},
      {"unknown_issuer", "localhost", "unknown issuer: CN = stranger is no authority"},
      {"self_signed", "localhost", "unknown issuer: CN = localhost is no authority"},
      {"expired", "localhost", "expired on "},
  };
  for (const auto& each : kCases) {
    bool accepted = false;
    const std::string certificate(each.certificate);
    const Outcome outcome = get_from(
        [&](int socket) {
          TlsPeer peer(socket, certificate);
          accepted = peer.accepted() && !peer.read("\r\n\r\n").empty();
        },
        trusting(), each.host);
    ASSERT_FALSE(outcome.opened) << each.certificate;
    EXPECT_EQ(outcome.opened.error().code, ErrorCode::kDenied) << each.certificate;
    const std::string& text = outcome.opened.error().text;
    EXPECT_EQ(text.rfind(cat("TLS with ", each.host, ": the certificate is refused: "), 0), 0u) << text;
    EXPECT_NE(text.find(each.said), std::string::npos) << text;
    EXPECT_FALSE(accepted) << each.certificate;
  }
}

TEST(Tls, TakesWhatIsVouchedFor) {
  const struct {
    std::string_view certificate, host;
    TlsOptions options;
  } kCases[] = {
      {"good", "127.0.0.1", trusting()},
      {"self_signed", "localhost", trusting("self_signed")},
      {"good", "localhost", trusting("good")},  // no root, but what the operator gave
      {"wrong_name", "localhost", {.verify = false, .extra_ca_file = ""}},
      {"unknown_issuer", "localhost", {.verify = false, .extra_ca_file = ""}},
      {"expired", "127.0.0.1", {.verify = false, .extra_ca_file = ""}},
  };
  for (const auto& each : kCases) {
    const Outcome outcome = get_from(TlsPeer::with(std::string(each.certificate), TlsPeer::answering(std::string(kHi))),
                                     each.options, each.host);
    EXPECT_TRUE(outcome.opened) << each.certificate << ": " << outcome.opened.error().text;
    EXPECT_TRUE(outcome.answer) << each.certificate;
  }
}

TEST(Tls, SaysWhatKindOfFailureItWas) {
  const struct {
    std::string_view name;
    ScriptedPeer::Script script;
    ErrorCode code;
    std::string_view said;
  } kCases[] = {
      {"plain HTTP",
       [](int socket) {
         ScriptedPeer::read(socket, "\x16");
         ScriptedPeer::write(socket, "HTTP/1.1 400 No\r\n\r\n");
         ScriptedPeer::read(socket, "never");
       },
       ErrorCode::kProtocol, "the peer does not speak TLS"},
      {"gone", [](int socket) { ScriptedPeer::read(socket, "\x16"); }, ErrorCode::kClosed, "TLS with localhost: "},
      {"too old",
       [](int socket) {
         TlsPeer peer(socket, "good", TLS1_1_VERSION);
         EXPECT_FALSE(peer.accepted());
       },
       ErrorCode::kProtocol, "version"},
  };
  for (const auto& each : kCases) {
    const Outcome outcome = get_from(each.script, trusting());
    ASSERT_FALSE(outcome.opened) << each.name;
    EXPECT_EQ(outcome.opened.error().code, each.code) << each.name << ": " << outcome.opened.error().text;
    EXPECT_NE(outcome.opened.error().text.find(each.said), std::string::npos) << outcome.opened.error().text;
  }
}

// The peer holds the connection until the client goes.
void say_nothing(int socket) { ScriptedPeer::read(socket, "never"); }

TEST(Tls, TimesOutInAHandshakeThatDoesNotGoOn) {
  const Outcome outcome = get_from(say_nothing, trusting(), "localhost", 50ms);
  ASSERT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.opened.error().code, ErrorCode::kTimeout) << outcome.opened.error().text;
}

TEST(Tls, TimesOutOnAPeerThatDoesNotAnswer) {
  const Outcome outcome =
      get_from(TlsPeer::with("good", [](TlsPeer& peer) { peer.read("never"); }), trusting(), "localhost", 500ms);
  ASSERT_TRUE(outcome.opened) << outcome.opened.error().text;
  ASSERT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.answer.error().code, ErrorCode::kTimeout);
}

TEST(Tls, KnowsAnEndThatThePeerMeantFromOneThatSomebodyMade) {
  for (const bool meant : {true, false}) {
    const Outcome outcome = get_from(TlsPeer::with("good",
                                                   [&](TlsPeer& peer) {
                                                     peer.read("\r\n\r\n");
                                                     peer.write("HTTP/1.1 200 OK\r\n\r\nto the end");
                                                     if (meant) peer.end();
                                                   }),
                                     trusting());
    ASSERT_EQ(static_cast<bool>(outcome.answer), meant);
    if (meant) {
      EXPECT_EQ(outcome.answer->body, "to the end");
    } else {
      EXPECT_EQ(outcome.answer.error().code, ErrorCode::kClosed);
    }
  }
}

Task<> post(HttpConnection& connection, std::string_view body, Outcome& outcome) {
  outcome.opened = co_await connection.open(in(5s));
  if (!outcome.opened) co_return;
  ClientRequest request;
  request.method = "POST";
  request.target = "/";
  request.body = body;
  outcome.answer = co_await connection.exchange(request, 4 << 20, in(20s));
}

TEST(Tls, CarriesLargeBodiesBothWays) {
  set_tls_library(SLS_TLS_LIBRARY);
  std::string body(2'000'003, 'x');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * 7 % 26);
  Loop loop;
  ScriptedPeer peer({TlsPeer::with("good", [&](TlsPeer& with) {
    with.read("\r\n\r\n");
    std::string came(body.size(), ' ');
    std::size_t have = 0;
    while (have < came.size()) {
      const int bytes = SSL_read(with.ssl(), came.data() + have, static_cast<int>(came.size() - have));
      if (bytes <= 0) return;
      have += static_cast<std::size_t>(bytes);
    }
    with.write(cat("HTTP/1.1 200 OK\r\nContent-Length: ", came.size(), "\r\n\r\n"));
    with.write(came);
  })});
  HttpConnection connection(loop, https_at(peer.port()), trusting());
  Outcome outcome;
  EXPECT_TRUE(run_on(loop, post(connection, body, outcome)));
  connection.close();
  ASSERT_TRUE(outcome.answer) << outcome.answer.error().text;
  EXPECT_TRUE(outcome.answer->body == body);
}

struct Between {
  explicit Between(Loop& loop) : changed(loop) {}
  static void end(void* it) {
    static_cast<Between*>(it)->ended = true;
    static_cast<Between*>(it)->changed.notify();
  }
  Signal changed;
  bool ended = false;
};

Task<> get_twice(HttpConnection& connection, Between& between, Outcome& first, Outcome& second) {
  co_await get(connection, first, 5s);
  if (!between.ended) co_await between.changed.wait(in(5s));
  ClientRequest request;
  request.method = "GET";
  request.target = "/";
  second.answer = co_await connection.exchange(request, 1 << 20, in(5s));
}

// A peer does something between two requests, and tells when it is done.
std::pair<Outcome, Outcome> twice(TlsPeer::Script between, bool answers) {
  Loop loop;
  set_tls_library(SLS_TLS_LIBRARY);
  Between done(loop);
  ScriptedPeer peer({TlsPeer::with("good", [&](TlsPeer& with) {
    with.read("\r\n\r\n");
    with.write(kHi);
    between(with);
    loop.post(Between::end, &done);
    if (answers && !with.read("\r\n\r\n").empty()) with.write(kHi);
  })});
  HttpConnection connection(loop, https_at(peer.port()), trusting());
  std::pair<Outcome, Outcome> outcomes;
  EXPECT_TRUE(run_on(loop, get_twice(connection, done, outcomes.first, outcomes.second)));
  connection.close();
  return outcomes;
}

// Two connections one after the other; whether the peer saw the second one resume the first one's session.
bool resumes(int version, bool keeps_tickets) {
  set_tls_library(SLS_TLS_LIBRARY);
  Loop loop;
  TlsTickets tickets;
  bool resumed = false;
  const auto script = [&](int socket) {
    TlsPeer peer(socket, "good", version, keeps_tickets ? &tickets : nullptr);
    if (!peer.accepted()) return;
    resumed = SSL_session_reused(peer.ssl()) == 1;
    TlsPeer::answering(std::string(kHi))(peer);
  };
  ScriptedPeer server({script, script});
  for (int i = 0; i < 2; ++i) {
    Outcome outcome;
    HttpConnection connection(loop, https_at(server.port()), trusting());
    EXPECT_TRUE(run_on(loop, get(connection, outcome, 5s)));
    EXPECT_TRUE(outcome.answer) << outcome.opened.error().text;
  }
  return resumed;
}

TEST(Tls, ResumesTheSessionOfAnEarlierConnection) {
  EXPECT_TRUE(resumes(TLS1_3_VERSION, true));
  EXPECT_TRUE(resumes(TLS1_2_VERSION, true));
}

TEST(Tls, BeginsAnewWithAPeerThatHasForgottenTheSession) { EXPECT_FALSE(resumes(TLS1_3_VERSION, false)); }

Task<> post_much(HttpConnection& connection, Outcome& outcome) {
  outcome.opened = co_await connection.open(in(5s));
  if (!outcome.opened) co_return;
  static const std::string body(32 << 20, 'x');
  ClientRequest request;
  request.method = "POST";
  request.target = "/";
  request.body = body;
  outcome.answer = co_await connection.exchange(request, 1000, in(5s));
  outcome.reusable = connection.reusable();
}

TEST(Tls, ReadsARefusalThatComesWhileTheBodyIsBeingSent) {
  set_tls_library(SLS_TLS_LIBRARY);
  for (const bool stays : {true, false}) {
    Loop loop;
    std::promise<void> over;
    ScriptedPeer peer({TlsPeer::with("good", [&](TlsPeer& server) {
      const int at_once = 1;  // what has not left when the socket is closed never does
      ::setsockopt(SSL_get_fd(server.ssl()), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      server.read("\r\n\r\n");
      server.write("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nlong");
      if (stays) over.get_future().wait_for(5s);
    })});
    HttpConnection connection(loop, https_at(peer.port()), trusting());
    Outcome outcome;
    EXPECT_TRUE(run_on(loop, post_much(connection, outcome)));
    over.set_value();
    ASSERT_TRUE(outcome.answer) << stays << ": " << outcome.answer.error().text;
    EXPECT_EQ(outcome.answer->status, 413u) << stays;
    EXPECT_EQ(outcome.answer->body, "long") << stays;
    EXPECT_FALSE(outcome.reusable) << stays;
  }
}

TEST(Tls, UsesAnIdleConnectionAgainWhateverTheProtocolSaysMeanwhile) {
  const auto [first, second] = twice(
      [](TlsPeer& peer) {
        EXPECT_EQ(SSL_new_session_ticket(peer.ssl()), 1);
        EXPECT_EQ(SSL_do_handshake(peer.ssl()), 1);
        EXPECT_EQ(SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
        EXPECT_EQ(SSL_do_handshake(peer.ssl()), 1);
      },
      true);
  ASSERT_TRUE(first.answer) << first.answer.error().text;
  ASSERT_TRUE(second.answer) << second.answer.error().text;
  EXPECT_EQ(second.answer->body, "hi");
}

TEST(Tls, NoticesThatAnIdlePeerHasEnded) {
  const auto [first, second] = twice([](TlsPeer& peer) { peer.end(); }, false);
  ASSERT_TRUE(first.answer);
  ASSERT_FALSE(second.answer);
  EXPECT_EQ(second.answer.error().code, ErrorCode::kClosed);
}

// Of the agent's log, while `action` runs.
template <class Action>
std::string logged(Action action) {
  testing::internal::CaptureStdout();
  action();
  return testing::internal::GetCapturedStdout();
}

class SystemAuthorities : public testing::Test {
 protected:
  void SetUp() override { trust("authority"); }
  void TearDown() override { ::unsetenv("SSL_CERT_FILE"); }
  static void trust(const std::string& name) {
    ::setenv("SSL_CERT_FILE", MadeCertificates::get().certificate(name).c_str(), 1);
  }
  static Outcome get_with(const TlsOptions& options) {
    return get_from(TlsPeer::with("good", TlsPeer::answering(std::string(kHi))), options);
  }
};

TEST_F(SystemAuthorities, AreTrustedBesideTheFileOfTheOperator) {
  const Outcome outcome = get_with(trusting("stranger"));
  EXPECT_TRUE(outcome.answer) << outcome.opened.error().text;
}

TEST_F(SystemAuthorities, AreTrustedAloneWhereTheFileOfTheOperatorIsNoUse) {
  for (const std::string_view name : {"missing.pem", "empty.pem", "no_certificate.pem"}) {
    TlsOptions options;
    options.extra_ca_file = MadeCertificates::get().file(std::string(name));
    const std::string log = logged([&] {
      for (int i = 0; i < 2; ++i) {
        const Outcome outcome = get_with(options);
        EXPECT_TRUE(outcome.answer) << name << ": " << outcome.opened.error().text;
      }
    });
    EXPECT_NE(log.find("ERROR"), std::string::npos) << log;
    EXPECT_NE(log.find(name), std::string::npos) << log;
    EXPECT_EQ(log.find('\n'), log.size() - 1) << log;  // one line, though it was used twice
  }
}

TEST(TlsLibrary, SaysWhatIsInTheWay) {
  const std::array<std::string, 2> nowhere = {"/nowhere/a.so", "/nowhere/b.so"};
  const Result<const sls_tls_api*> missing = open_tls_library(nowhere);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(missing.error().text.find("/nowhere/a.so, /nowhere/b.so"), std::string::npos) << missing.error().text;

  const std::array<std::string, 1> text = {MadeCertificates::get().file("no_certificate.pem")};
  const Result<const sls_tls_api*> no_library = open_tls_library(text);
  ASSERT_FALSE(no_library);
  EXPECT_EQ(no_library.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(no_library.error().text.find("cannot be loaded"), std::string::npos) << no_library.error().text;
}

}  // namespace
}  // namespace agent
