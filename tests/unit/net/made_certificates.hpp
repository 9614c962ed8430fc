// Certificates made by the openssl program when a test first asks: an authority, a stranger that nobody trusts, and
// servers that are right or wrong in one way. Kept until the test program ends.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace agent {

class MadeCertificates {
 public:
  static const MadeCertificates& get() {
    static const MadeCertificates made;
    return made;
  }

  // "authority", "stranger", "good", "wrong_name", "unknown_issuer", "expired", "self_signed"
  std::string certificate(const std::string& name) const { return (folder_ / (name + ".pem")).string(); }
  std::string key(const std::string& name) const { return (folder_ / (name + ".key")).string(); }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

 private:
  MadeCertificates() : folder_(testing::TempDir() + "certificates.XXXXXX") {
    std::string pattern = folder_.string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string here = "DNS:localhost,IP:127.0.0.1";
    make_authority("authority", "/CN=authority");
    make_authority("stranger", "/CN=stranger");
    make_authority("self_signed", "/CN=localhost", " -addext subjectAltName=" + here);
    make_server("good", "authority", here, 2);
    make_server("wrong_name", "authority", "DNS:elsewhere.example,DNS:*.other.example", 2);
    make_server("unknown_issuer", "stranger", here, 2);
    make_server("expired", "authority", here, -1);
    std::ofstream(file("empty.pem"));
    std::ofstream(file("no_certificate.pem")) << "nothing of the kind\n";
  }
  ~MadeCertificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void openssl(const std::string& arguments) const {
    const std::string command = "cd " + folder_.string() + " && openssl " + arguments + " 2>errors";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;  // NOLINT(concurrency-mt-unsafe)
  }
  void make_authority(const std::string& name, const std::string& subject, const std::string& more = {}) const {
    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj " + subject + " -keyout " + name
            + ".key -out " + name + ".pem" + more);
  }
  void make_server(const std::string& name, const std::string& authority, const std::string& names, int days) const {
    openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name
            + " -addext 'subjectAltName=" + names + "' -keyout " + name + ".key -out " + name + ".csr");
    openssl("x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority
            + ".key -CAcreateserial -copy_extensions copy -days " + std::to_string(days) + " -out " + name + ".pem");
  }

  std::filesystem::path folder_;
};

}  // namespace agent
