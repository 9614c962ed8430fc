#include "net/tls/certificate_words.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace agent::tls {
namespace {

constexpr int kNamesShownMax = 4;
constexpr std::size_t kWordBytes = 256;

// What was printed into a BIO, as text.
class Printed {
 public:
  Printed() : bio_(BIO_new(BIO_s_mem())) {}
  ~Printed() { BIO_free(bio_); }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;

  operator BIO*() { return bio_; }  // NOLINT(google-explicit-constructor): for the functions that print
  const char* text() {
    const int read = BIO_read(bio_, text_, sizeof text_ - 1);
    text_[std::max(read, 0)] = 0;
    return text_;
  }

 private:
  BIO* bio_;
  char text_[kWordBytes];
};

void print_name(BIO* out, const X509_NAME* name) {
  X509_NAME_print_ex(out, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
}

void print_address(BIO* out, const ASN1_OCTET_STRING* address) {
  const unsigned char* bytes = ASN1_STRING_get0_data(address);
  if (ASN1_STRING_length(address) == 4)
    BIO_printf(out, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
  else
    for (int i = 0; i + 1 < ASN1_STRING_length(address); i += 2)
      BIO_printf(out, "%s%x", i == 0 ? "" : ":", bytes[i] * 256 + bytes[i + 1]);
}

// "a.example, 127.0.0.1", the subject where there are no names.
void print_whom(BIO* out, X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  int shown = 0;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    if (shown++ == kNamesShownMax) {
      BIO_printf(out, ", …");
      break;
    }
    if (shown > 1) BIO_printf(out, ", ");
    if (name->type == GEN_DNS)
      ASN1_STRING_print_ex(out, name->d.dNSName, ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB);
    else
      print_address(out, name->d.iPAddress);
  }
  GENERAL_NAMES_free(names);
  if (shown == 0) print_name(out, X509_get_subject_name(certificate));
}

void say(char* text, std::size_t text_bytes, const char* before, const char* word, const char* after) {
  std::snprintf(text, text_bytes, "%s%s%s", before, word, after);
}

}  // namespace

void describe_refusal(X509_STORE_CTX* verification, const char* host, char* text, std::size_t text_bytes) {
  X509* certificate = X509_STORE_CTX_get_current_cert(verification);
  const int error = X509_STORE_CTX_get_error(verification);
  Printed word;
  switch (certificate == nullptr ? X509_V_ERR_UNSPECIFIED : error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
      print_whom(word, certificate);
      say(text, text_bytes, "wrong name: it is made out for ", word.text(), ", wanted ");
      const std::size_t used = std::strlen(text);
      std::snprintf(text + used, text_bytes - used, "%s", host);
      return;
    }
    case X509_V_ERR_CERT_HAS_EXPIRED:
      ASN1_TIME_print(word, X509_get0_notAfter(certificate));
      return say(text, text_bytes, "expired on ", word.text(), "");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      ASN1_TIME_print(word, X509_get0_notBefore(certificate));
      return say(text, text_bytes, "not valid before ", word.text(), "");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      print_name(word, X509_get_issuer_name(certificate));
      return say(text, text_bytes, "unknown issuer: ", word.text(), " is no authority that is trusted here");
    default: return say(text, text_bytes, X509_verify_cert_error_string(error), "", "");
  }
}

}  // namespace agent::tls
