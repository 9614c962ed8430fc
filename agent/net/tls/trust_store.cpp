#include "net/tls/trust_store.hpp"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace agent::tls {
namespace {

// Debian and Alpine; Amazon Linux and Fedora, old and new; SUSE.
constexpr const char* kFolders[] = {"/etc/ssl/certs", "/etc/pki/tls/certs",
                                    "/etc/pki/ca-trust/extracted/pem/directory-hash", "/var/lib/ca-certificates/pem"};
constexpr const char* kBundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",    // Amazon Linux, Fedora
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
};

bool set(const char* value) { return value != nullptr && *value != 0; }

// Whether `name` is "5ed36f99.0": how a folder is laid out in which authorities are found by the hash of their name.
bool is_hash_link(const char* name) {
  for (int i = 0; i < 8; ++i)
    if (std::isxdigit(static_cast<unsigned char>(name[i])) == 0) return false;
  return name[8] == '.' && std::isdigit(static_cast<unsigned char>(name[9])) != 0;
}

bool sorted_by_hash(const char* folder) {
  DIR* listing = ::opendir(folder);
  if (listing == nullptr) return false;
  bool found = false;
  while (const dirent* entry = found ? nullptr : ::readdir(listing)) found = is_hash_link(entry->d_name);
  ::closedir(listing);
  return found;
}

bool add_folder(X509_STORE* store, const char* folder) {
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  return lookup != nullptr && X509_LOOKUP_add_dir(lookup, folder, X509_FILETYPE_PEM) == 1;
}

bool add_bundle(X509_STORE* store, const char* file) {
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  const bool added = lookup != nullptr && X509_load_cert_crl_file(lookup, file, X509_FILETYPE_PEM) > 0;
  ERR_clear_error();
  return added;
}

}  // namespace

void trust_system(X509_STORE* store) {
  const char* file = std::getenv(X509_get_default_cert_file_env());
  const char* folder = std::getenv(X509_get_default_cert_dir_env());
  if (set(file)) add_bundle(store, file);
  if (set(folder)) add_folder(store, folder);
  if (set(file) || set(folder)) return;
  for (const char* known : kFolders)
    if (sorted_by_hash(known) && add_folder(store, known)) return;
  for (const char* known : kBundles)
    if (add_bundle(store, known)) return;
}

bool trust_file(X509_STORE* store, const char* file, char* text, std::size_t text_bytes) {
  if (::access(file, R_OK) != 0) {
    std::snprintf(text, text_bytes, "%s", std::strerror(errno));
    return false;
  }
  if (add_bundle(store, file)) return true;
  std::snprintf(text, text_bytes, "it has no certificate in PEM form");
  return false;
}

}  // namespace agent::tls
