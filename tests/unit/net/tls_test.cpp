#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "on_loop.hpp"
#include "scripted_peer.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

// Certificates of one authority, made by the openssl program in a folder of their own.
class Certificates {
 public:
  Certificates() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sls-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 "
        "-subj /CN=test-authority");
    make("good", "DNS:localhost,IP:127.0.0.1", "-days 2");
    make("wrong", "DNS:elsewhere.example", "-days 2");
    make("expired", "DNS:localhost,IP:127.0.0.1", "-days -1");
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& file) const { return folder_ + "/" + file; }

 private:
  void run(const std::string& command) {
    const std::string line = "cd " + folder_ + " && (" + command + ") >/dev/null 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << command;
  }
  void make(const std::string& name, const std::string& names, const std::string& days) {
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name
        + ".csr -subj /CN=test");
    run("printf 'subjectAltName=" + names + "\\n' > " + name + ".ext");
    run("openssl x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial " + days + " -extfile " + name
        + ".ext -out " + name + ".pem");
  }
  std::string folder_;
};

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

struct Requests {
  int answered = 0;
};

// Answers requests over TLS until the peer is done.
void serve_tls(int socket, const std::string& name, int version_max, Requests& requests) {
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_max_proto_version(context.get(), version_max);
  SSL_CTX_use_certificate_file(context.get(), certificates().path(name + ".pem").c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context.get(), certificates().path(name + ".key").c_str(), SSL_FILETYPE_PEM);
  const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
  SSL_set_fd(ssl.get(), socket);
  if (SSL_accept(ssl.get()) != 1) return;
  std::string text;
  char block[4096];
  for (int bytes = 0; (bytes = SSL_read(ssl.get(), block, sizeof block)) > 0;) {
    text.append(block, static_cast<std::size_t>(bytes));
    if (text.find("\r\n\r\n") == std::string::npos || text.size() < 100'000) continue;
    text.clear();
    ++requests.answered;
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n" + std::string(50'000, 'y');
    SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
  }
}

Task<> post_twice(HttpConnection& connection, Status& outcome) {
  outcome = co_await connection.open(in(5s));
  if (!outcome) co_return;
  const std::string body(100'000, 'x');
  for (int i = 0; i < 2; ++i) {
    ClientRequest request;
    request.method = "POST";
    request.target = "/";
    request.body = body;
    const Steady deadline = in(5s);
    const auto answer = co_await connection.exchange(request, 1 << 20, deadline);
    EXPECT_TRUE(answer) << answer.error().text;
    if (!answer) co_return;
    EXPECT_EQ(answer->body, std::string(50'000, 'y'));
    EXPECT_TRUE(connection.reusable());
  }
}

struct TlsCase {
  std::string certificate = "good";
  std::string host = "127.0.0.1";
  std::string ca = certificates().path("ca.pem");
  bool verify = true;
  int version_max = TLS1_3_VERSION;
};

Status post_over_tls(const TlsCase& tried) {
  set_tls_library(SLS_TLS_LIBRARY);
  Requests requests;
  Status outcome;
  {
    Loop loop;
    ScriptedPeer peer({[&](int socket) { serve_tls(socket, tried.certificate, tried.version_max, requests); }});
    TlsOptions options;
    options.verify = tried.verify;
    options.extra_ca_file = tried.ca;
    HttpConnection connection(loop, *Url::parse("https://" + tried.host + ":" + std::to_string(peer.port())), options);
    EXPECT_TRUE(run_on(loop, post_twice(connection, outcome)));
  }
  EXPECT_EQ(requests.answered, outcome ? 2 : 0);
  return outcome;
}

TEST(Tls, SpeaksWithPeersWhoseCertificateIsGood) {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      TlsCase tried;
      tried.host = host;
      tried.version_max = version;
      const Status outcome = post_over_tls(tried);
      EXPECT_TRUE(outcome) << host << ": " << outcome.error().text;
    }
  }
}

TEST(Tls, RefusesBadCertificatesWithTheReason) {
  const struct {
    const char *certificate, *host, *reason;
    bool known_issuer;
  } kCases[] = {
      {"wrong", "localhost", "hostname mismatch", true},
      {"wrong", "127.0.0.1", "IP address mismatch", true},
      {"expired", "localhost", "certificate has expired", true},
      {"good", "localhost", "unable to get local issuer certificate", false},
  };
  for (const auto& each : kCases) {
    TlsCase tried;
    tried.certificate = each.certificate;
    tried.host = each.host;
    if (!each.known_issuer) tried.ca.clear();
    const Status outcome = post_over_tls(tried);
    ASSERT_FALSE(outcome) << each.reason;
    EXPECT_EQ(outcome.error().code, ErrorCode::kDenied) << outcome.error().text;
    EXPECT_NE(outcome.error().text.find(each.reason), std::string::npos) << outcome.error().text;
  }
}

TEST(Tls, TakesAnyCertificateWhenToldNotToVerify) {
  TlsCase tried;
  tried.certificate = "expired";
  tried.ca.clear();
  tried.verify = false;
  EXPECT_TRUE(post_over_tls(tried));
}

TEST(Tls, RefusesOldProtocols) {
  TlsCase tried;
  tried.version_max = TLS1_1_VERSION;
  const Status outcome = post_over_tls(tried);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kProtocol) << outcome.error().text;
}

TEST(Tls, UsesTheSystemsStoreAloneWhenTheCaFileIsMissing) {
  TlsCase tried;
  tried.ca = certificates().path("nowhere.pem");
  testing::internal::CaptureStdout();
  const Status first = post_over_tls(tried), second = post_over_tls(tried);
  const std::string log = testing::internal::GetCapturedStdout();
  EXPECT_EQ(first.error().code, ErrorCode::kDenied);
  EXPECT_EQ(second.error().code, ErrorCode::kDenied);
  EXPECT_NE(log.find("nowhere.pem"), std::string::npos);
  EXPECT_EQ(log.find("nowhere.pem"), log.rfind("nowhere.pem"));  // said once
}

// What a proxy is asked, and what comes of its answer.
Status open_through_proxy(const std::string& answer, std::string& asked, std::string user = "") {
  Loop loop;
  ScriptedPeer proxy({[&](int socket) {
    asked = ScriptedPeer::read(socket, "\r\n\r\n");
    ScriptedPeer::write(socket, answer);
    ScriptedPeer::read(socket, "never");
  }});
  Url address = *Url::parse("http://127.0.0.1:" + std::to_string(proxy.port()));
  address.user_info = std::move(user);
  HttpConnection connection(loop, *Url::parse("http://intake.invalid:8080"), TlsOptions(), address);
  Status outcome;
  const auto open = [](HttpConnection& c, Status& o) -> Task<> { o = co_await c.open(in(5s)); };
  EXPECT_TRUE(run_on(loop, open(connection, outcome)));
  return outcome;
}

TEST(Proxy, IsAskedToConnect) {
  std::string asked;
  EXPECT_TRUE(open_through_proxy("HTTP/1.1 200 Connection established\r\n\r\n", asked));
  EXPECT_EQ(asked, "CONNECT intake.invalid:8080 HTTP/1.1\r\nHost: intake.invalid:8080\r\n\r\n");
  EXPECT_TRUE(open_through_proxy("HTTP/1.1 200 OK\r\n\r\n", asked, "user:pass"));
  EXPECT_NE(asked.find("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"), std::string::npos) << asked;
}

TEST(Proxy, RefusalIsAnErrorThatDoesNotShowTheUser) {
  std::string asked;
  const Status denied = open_through_proxy("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", asked, "user:secret");
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
  EXPECT_EQ(denied.error().text.find("secret"), std::string::npos);
  const Status broken = open_through_proxy("HTTP/1.1 502 Bad\r\n\r\n", asked);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace agent
