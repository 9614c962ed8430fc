// Why a certificate is refused, in words that tell an operator what was found and what was wanted.
//
// Called by net/tls/openssl_tls.cpp while a chain is verified. What a peer wrote into its certificate is shown with
// everything escaped that is not printable.
#pragma once

#include <openssl/x509_vfy.h>

#include <cstddef>

namespace agent::tls {

// `host`: who the peer should be.
void describe_refusal(X509_STORE_CTX* verification, const char* host, char* text, std::size_t text_bytes);

}  // namespace agent::tls
