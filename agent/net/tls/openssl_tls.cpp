// The TLS part of the host as OpenSSL does it: sessions between two memory buffers, behind net/tls/tls_api.h.
//
// TLS 1.2 and later, HTTP/1.1 by ALPN, no renegotiation; sessions are resumed. openssl.cnf is not read: what is spoken
// does not depend on the machine, and a start costs less.
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "net/tls/certificate_words.hpp"
#include "net/tls/tls_api.h"
#include "net/tls/trust_store.hpp"

// The newest session with a host, to begin the next connection with: it costs neither a certificate's check nor the
// larger part of a handshake's bytes, also after the sandbox has slept.
struct KnownHost {
  char* host;
  SSL_SESSION* session;
};

struct sls_tls_context {
  SSL_CTX* ssl;
  KnownHost known[16];  // further hosts take the place of earlier ones, in turn
  unsigned next;
};

struct sls_tls_session {
  SSL* ssl;
  sls_tls_context* context;
  BIO* input;   // owned by ssl, as is
  BIO* output;  // what has to be sent
  char* host;
  char error[512];
  bool denied;
};

namespace {

using agent::tls::describe_refusal;

constexpr unsigned char kProtocols[] = "\x08http/1.1";
constexpr std::size_t kReasonBytes = 360;

void say(sls_tls_session* session, const char* before, const char* reason) {
  std::snprintf(session->error, sizeof session->error, "%s%s", before, reason);
}

// Called for each certificate of the chain; the first refusal is the one that is told.
int on_certificate(int fine, X509_STORE_CTX* verification) {
  if (fine == 1) return 1;
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* session = static_cast<sls_tls_session*>(SSL_get_app_data(ssl));
  if (session->denied) return 0;
  session->denied = true;
  char reason[kReasonBytes];
  describe_refusal(verification, session->host, reason, sizeof reason);
  say(session, "the certificate is refused: ", reason);
  return 0;
}

KnownHost* known_host(sls_tls_context* context, const char* host) {
  for (KnownHost& each : context->known)
    if (each.host != nullptr && std::strcmp(each.host, host) == 0) return &each;
  return nullptr;
}

void forget(KnownHost& known) {
  std::free(known.host);
  SSL_SESSION_free(known.session);
  known = {};
}

// Called when the peer has sent a ticket; 1: the session is ours now.
int on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* conversation = static_cast<sls_tls_session*>(SSL_get_app_data(ssl));
  sls_tls_context* context = conversation->context;
  KnownHost* known = known_host(context, conversation->host);
  if (known == nullptr) {
    char* host = ::strdup(conversation->host);
    if (host == nullptr) return 0;
    known = &context->known[context->next++ % (sizeof context->known / sizeof context->known[0])];
    forget(*known);
    known->host = host;
  }
  SSL_SESSION_free(known->session);
  known->session = session;
  return 1;
}

// A session is tried once: a peer that has forgotten it makes another, and some take each ticket once only.
void resume(sls_tls_session* session) {
  KnownHost* known = known_host(session->context, session->host);
  if (known == nullptr || known->session == nullptr) return;
  SSL_set_session(session->ssl, known->session);
  SSL_SESSION_free(known->session);
  known->session = nullptr;
}

sls_tls_context* open_context(const char* extra_ca_file, int verify, char* text, std::size_t text_bytes) {
  text[0] = 0;
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr);
  auto* context = static_cast<sls_tls_context*>(std::calloc(1, sizeof(sls_tls_context)));
  SSL_CTX* ssl = context == nullptr ? nullptr : SSL_CTX_new(TLS_client_method());
  if (ssl == nullptr) {
    std::free(context);
    std::snprintf(text, text_bytes, "OpenSSL cannot be started");
    return nullptr;
  }
  context->ssl = ssl;
  SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_alpn_protos(ssl, kProtocols, sizeof kProtocols - 1);
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ssl, on_new_session);
  if (verify == 0) return context;
  SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, on_certificate);
  // Whoever is in the operator's file is trusted, also where that is no root.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ssl), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE* store = SSL_CTX_get_cert_store(ssl);
  if (extra_ca_file != nullptr) agent::tls::trust_file(store, extra_ca_file, text, text_bytes);
  agent::tls::trust_system(store);
  return context;
}

void free_context(sls_tls_context* context) {
  if (context == nullptr) return;
  for (KnownHost& each : context->known) forget(each);
  SSL_CTX_free(context->ssl);
  std::free(context);
}

void free_session(sls_tls_session* session) {
  if (session == nullptr) return;
  // Otherwise an end that nobody has said would make the session worthless for the next connection.
  if (session->ssl != nullptr && SSL_is_init_finished(session->ssl) == 1)
    SSL_set_shutdown(session->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(session->ssl);
  std::free(session->host);
  std::free(session);
}

bool is_address(const char* host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host, bytes) == 1 || ::inet_pton(AF_INET6, host, bytes) == 1;
}

// RFC 6066 3: an address is not sent as a server name.
bool expect_host(SSL* ssl, const char* host) {
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

// A name may end in a dot; certificates are made out without it.
char* copy_of_host(const char* host) {
  char* copy = ::strdup(host);
  if (copy == nullptr) return nullptr;
  const std::size_t length = std::strlen(copy);
  if (length > 1 && copy[length - 1] == '.') copy[length - 1] = 0;
  return copy;
}

sls_tls_session* open_session(sls_tls_context* context, const char* host) {
  auto* session = static_cast<sls_tls_session*>(std::calloc(1, sizeof(sls_tls_session)));
  if (session == nullptr) return nullptr;
  session->context = context;
  session->host = copy_of_host(host);
  session->ssl = SSL_new(context->ssl);
  session->input = BIO_new(BIO_s_mem());
  session->output = BIO_new(BIO_s_mem());
  const bool made = session->host != nullptr && session->ssl != nullptr && session->input != nullptr
                    && session->output != nullptr && expect_host(session->ssl, session->host);
  if (!made) {
    BIO_free(session->input);
    BIO_free(session->output);
    free_session(session);
    ERR_clear_error();
    return nullptr;
  }
  SSL_set_bio(session->ssl, session->input, session->output);
  SSL_set_app_data(session->ssl, session);
  SSL_set_connect_state(session->ssl);
  resume(session);
  return session;
}

int feed(sls_tls_session* session, const void* bytes, std::size_t count) {
  if (count == 0) {
    BIO_set_mem_eof_return(session->input, 0);
    return SLS_TLS_OK;
  }
  std::size_t taken = 0;
  const bool fine = BIO_write_ex(session->input, bytes, count, &taken) == 1 && taken == count;
  if (!fine) say(session, "no memory", "");
  return fine ? SLS_TLS_OK : SLS_TLS_FAILED;
}

std::size_t pending(sls_tls_session* session, const char** bytes) {
  char* begin = nullptr;
  const long count = BIO_get_mem_data(session->output, &begin);
  *bytes = begin;
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void sent(sls_tls_session* session) { static_cast<void>(BIO_reset(session->output)); }

void say_reason(sls_tls_session* session) {
  const unsigned long error = ERR_peek_last_error();
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
    return say(session, "the peer does not speak TLS", "");
  const char* words = ERR_reason_error_string(error);
  say(session, "", words != nullptr ? words : "failed for no known reason");
}

// What the last call of OpenSSL says, which returned `returned`.
int outcome(sls_tls_session* session, int returned) {
  switch (SSL_get_error(session->ssl, returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return SLS_TLS_WANTS_INPUT;
    case SSL_ERROR_ZERO_RETURN: return SLS_TLS_ENDED;
    default: break;
  }
  if (session->denied) return SLS_TLS_DENIED;
  const unsigned long error = ERR_peek_last_error();
  if (error == 0 || (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING))
    return SLS_TLS_CUT;
  say_reason(session);
  return SLS_TLS_FAILED;
}

int handshake(sls_tls_session* session) {
  ERR_clear_error();
  const int returned = SSL_do_handshake(session->ssl);
  return returned == 1 ? SLS_TLS_OK : outcome(session, returned);
}

int write(sls_tls_session* session, const void* bytes, std::size_t count) {
  if (count == 0) return SLS_TLS_OK;
  ERR_clear_error();
  std::size_t written = 0;
  const int returned = SSL_write_ex(session->ssl, bytes, count, &written);
  return returned == 1 ? SLS_TLS_OK : outcome(session, returned);
}

int read(sls_tls_session* session, void* room, std::size_t room_bytes, std::size_t* count) {
  ERR_clear_error();
  const int returned = SSL_read_ex(session->ssl, room, room_bytes, count);
  return returned == 1 ? SLS_TLS_OK : outcome(session, returned);
}

void end(sls_tls_session* session) {
  if (SSL_is_init_finished(session->ssl) == 1) SSL_shutdown(session->ssl);
  ERR_clear_error();
}

const char* error(const sls_tls_session* session) { return session->error; }

constexpr sls_tls_api kApi = {
    SLS_TLS_VERSION, open_context, free_context, open_session, free_session, feed, pending, sent,
    handshake,       write,        read,         end,          error};

}  // namespace

extern "C" __attribute__((visibility("default"))) const sls_tls_api* sls_tls_v1() { return &kApi; }
