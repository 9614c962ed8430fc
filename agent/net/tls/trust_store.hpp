// Whom TLS trusts: the system's authorities, and one file of the operator's.
//
// Where the system keeps a folder that is sorted by hash, an authority is read when a certificate names it: reading all
// of them costs some 20 ms of CPU. SSL_CERT_FILE and SSL_CERT_DIR take the place of the system's, as everywhere.
// Called by net/tls/openssl_tls.cpp alone, inside the TLS shared object.
#pragma once

#include <openssl/x509_vfy.h>

#include <cstddef>

namespace agent::tls {

// What cannot be read is left out: then nobody is trusted, and each handshake says so.
void trust_system(X509_STORE* store);
// False: nothing of it is used, and `text` says why.
bool trust_file(X509_STORE* store, const char* file, char* text, std::size_t text_bytes);

}  // namespace agent::tls
