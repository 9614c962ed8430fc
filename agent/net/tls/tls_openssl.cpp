// The inside of serverless-agent-tls.so: OpenSSL 3 on memory buffers. TLS 1.2 or later, the peer's name verified,
// "http/1.1" by ALPN. The only file that sees OpenSSL.
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "net/tls/tls_api.h"

struct agent_tls_context {
  SSL_CTX* ssl = nullptr;
  bool verify = true;
  ~agent_tls_context() { SSL_CTX_free(ssl); }
};

struct agent_tls_session {
  SSL* ssl = nullptr;
  BIO* in = nullptr;  // both owned by `ssl`
  BIO* out = nullptr;
  std::string error;
  ~agent_tls_session() { SSL_free(ssl); }
};

namespace {

// Where distributions keep their bundle, when the library's own default is not there (it is Debian's).
constexpr const char* kBundles[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem",
                                    "/etc/ssl/cert.pem"};

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason ? reason : "unknown TLS error";
}

// A folder is searched by name when a certificate is verified, a bundle is read whole at once: the folder goes first.
void trust_the_system(SSL_CTX* ssl) {
  SSL_CTX_set_default_verify_paths(ssl);  // honours SSL_CERT_FILE and SSL_CERT_DIR
  const bool chosen = std::getenv(X509_get_default_cert_file_env()) || std::getenv(X509_get_default_cert_dir_env());
  const bool there =
      ::access(X509_get_default_cert_dir(), R_OK) == 0 || ::access(X509_get_default_cert_file(), R_OK) == 0;
  if (chosen || there) return;
  for (const char* bundle : kBundles)
    if (::access(bundle, R_OK) == 0 && SSL_CTX_load_verify_file(ssl, bundle) == 1) return;
}

agent_tls_context* context_create(const char* ca_file, int verify, char* text, size_t text_size) {
  if (text_size > 0) text[0] = '\0';
  std::unique_ptr<agent_tls_context> context(new (std::nothrow) agent_tls_context);
  if (!context) return nullptr;
  context->verify = verify != 0;
  context->ssl = SSL_CTX_new(TLS_client_method());
  if (!context->ssl) {
    std::snprintf(text, text_size, "%s", last_error().c_str());
    return nullptr;
  }
  static constexpr unsigned char kProtocols[] = "\x08http/1.1";
  SSL_CTX_set_min_proto_version(context->ssl, TLS1_2_VERSION);
  SSL_CTX_set_alpn_protos(context->ssl, kProtocols, sizeof kProtocols - 1);
  SSL_CTX_set_mode(context->ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_verify(context->ssl, context->verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (context->verify) trust_the_system(context->ssl);
  if (context->verify && ca_file && *ca_file && SSL_CTX_load_verify_file(context->ssl, ca_file) != 1)
    std::snprintf(text, text_size, "%s", last_error().c_str());
  ERR_clear_error();
  return context.release();
}

bool is_address(const char* host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host, bytes) == 1 || ::inet_pton(AF_INET6, host, bytes) == 1;
}

bool expect_host(SSL* ssl, const char* host, bool verify) {
  if (is_address(host)) return !verify || X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
  if (SSL_set_tlsext_host_name(ssl, host) != 1) return false;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return !verify || SSL_set1_host(ssl, host) == 1;
}

agent_tls_session* session_create(agent_tls_context* context, const char* host) {
  std::unique_ptr<agent_tls_session> session(new (std::nothrow) agent_tls_session);
  if (!session) return nullptr;
  session->ssl = SSL_new(context->ssl);
  if (!session->ssl) return nullptr;
  session->in = BIO_new(BIO_s_mem());
  session->out = BIO_new(BIO_s_mem());
  SSL_set_bio(session->ssl, session->in, session->out);
  BIO_set_mem_eof_return(session->in, -1);
  SSL_set_connect_state(session->ssl);
  if (!expect_host(session->ssl, host, context->verify)) return nullptr;
  return session.release();
}

long failed(agent_tls_session* session) {
  const long verdict = SSL_get_verify_result(session->ssl);
  const bool denied = verdict != X509_V_OK && SSL_get_verify_mode(session->ssl) != SSL_VERIFY_NONE;
  session->error = denied ? X509_verify_cert_error_string(verdict) : last_error();
  ERR_clear_error();
  return denied ? AGENT_TLS_DENIED : AGENT_TLS_FAILED;
}

long outcome(agent_tls_session* session, int result) {
  if (result > 0) return result;
  switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return AGENT_TLS_MORE;
    case SSL_ERROR_ZERO_RETURN: return AGENT_TLS_ENDED;
    default: return failed(session);
  }
}

int clamp(size_t count) { return static_cast<int>(std::min<size_t>(count, 1 << 24)); }

void feed(agent_tls_session* session, const char* bytes, size_t count) { BIO_write(session->in, bytes, clamp(count)); }

size_t take(agent_tls_session* session, char* room, size_t count) {
  const int bytes = BIO_read(session->out, room, clamp(count));
  return bytes > 0 ? static_cast<size_t>(bytes) : 0;
}

int handshake(agent_tls_session* session) {
  ERR_clear_error();
  return static_cast<int>(outcome(session, SSL_do_handshake(session->ssl)));
}

long write_plain(agent_tls_session* session, const char* bytes, size_t count) {
  ERR_clear_error();
  return count == 0 ? 0 : outcome(session, SSL_write(session->ssl, bytes, clamp(count)));
}

long read_plain(agent_tls_session* session, char* room, size_t count) {
  ERR_clear_error();
  return outcome(session, SSL_read(session->ssl, room, clamp(count)));
}

constexpr agent_tls_api kApi = {sizeof(agent_tls_api),
                                context_create,
                                [](agent_tls_context* context) { delete context; },
                                session_create,
                                [](agent_tls_session* session) { delete session; },
                                feed,
                                take,
                                handshake,
                                write_plain,
                                read_plain,
                                [](agent_tls_session* session) { return session->error.c_str(); }};

}  // namespace

extern "C" __attribute__((visibility("default"))) const agent_tls_api* agent_tls_v1(void) { return &kApi; }
