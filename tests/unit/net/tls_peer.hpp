// The server's side of a TLS connection, by OpenSSL on a blocking socket: what ScriptedPeer's scripts speak through.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <string>
#include <string_view>

#include "made_certificates.hpp"
#include "scripted_peer.hpp"

namespace agent {

// What several peers need to take one another's tickets.
struct TlsTickets {
  unsigned char keys[80] = {1, 2, 3};
};

class TlsPeer {
 public:
  using Script = std::function<void(TlsPeer&)>;

  TlsPeer(int socket, const std::string& certificate, int newest_version = TLS1_3_VERSION,
          TlsTickets* tickets = nullptr)
      : context_(SSL_CTX_new(TLS_server_method())) {
    const MadeCertificates& made = MadeCertificates::get();
    SSL_CTX_set_security_level(context_, 0);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, newest_version);
    SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
    EXPECT_EQ(SSL_CTX_use_certificate_file(context_, made.certificate(certificate).c_str(), SSL_FILETYPE_PEM), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context_, made.key(certificate).c_str(), SSL_FILETYPE_PEM), 1);
    if (tickets) SSL_CTX_set_tlsext_ticket_keys(context_, tickets->keys, sizeof tickets->keys);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket);
    accepted_ = SSL_accept(ssl_) == 1;
  }
  ~TlsPeer() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  bool accepted() const { return accepted_; }
  SSL* ssl() { return ssl_; }
  std::string read(std::string_view end) {
    std::string text;
    char byte;
    while (text.find(end) == std::string::npos && SSL_read(ssl_, &byte, 1) == 1) text += byte;
    return text;
  }
  void write(std::string_view text) { SSL_write(ssl_, text.data(), static_cast<int>(text.size())); }
  void end() { SSL_shutdown(ssl_); }

  static ScriptedPeer::Script with(std::string certificate, Script script) {
    return [certificate = std::move(certificate), script = std::move(script)](int socket) {
      TlsPeer peer(socket, certificate);
      if (peer.accepted()) script(peer);
    };
  }
  static Script answering(std::string answer) {
    return [answer = std::move(answer)](TlsPeer& peer) {
      peer.read("\r\n\r\n");
      peer.write(answer);
    };
  }

 private:
  static int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                             unsigned offered_length, void*) {
    static constexpr unsigned char kKnown[] = "\x02h2\x08http/1.1";
    const int chosen = SSL_select_next_proto(const_cast<unsigned char**>(out), out_length, kKnown, sizeof kKnown - 1,
                                             offered, offered_length);
    return chosen == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
  }

  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool accepted_ = false;
};

}  // namespace agent
