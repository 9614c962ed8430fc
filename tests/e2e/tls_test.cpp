// TLS from the built agent to an HTTPS intake, with certificates made at test time: a good one is used; a wrong name,
// an unknown issuer and an expired one are refused, told, and nothing is lost that a good one can still take.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "stage.hpp"

namespace {

using stage::Given;
using stage::Stage;

// The door in front of the stage's intake; it makes the certificates into a folder of its own.
class TlsFront {
 public:
  TlsFront(std::uint16_t upstream, const std::string& certificate) {
    process_ = std::make_unique<lab::ChildProcess>(
        monitor_,
        std::vector<std::string>{SLS_PYTHON, SLS_E2E_FOLDER "/tls_front.py", folder_.path(), std::to_string(upstream),
                                 certificate},
        lab::inherited_environment(), [this](const std::string& line) {
          const lab::Lock lock(monitor_.mutex);
          if (port_.empty()) port_ = line;
          monitor_.moved.notify_all();
        });
    lab::Lock lock(monitor_.mutex);
    monitor_.wait(lock, lab::Clock::now() + std::chrono::seconds(20), [this] { return !port_.empty(); });
  }

  std::string origin() const { return "https://localhost:" + port_; }
  std::string authority() const { return folder_.path() + "/authority.pem"; }
  void heal() const { process_->signal(SIGUSR1); }

 private:
  lab::Monitor monitor_;
  lab::TaskRoot folder_;
  std::string port_;
  std::unique_ptr<lab::ChildProcess> process_;
};

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

// A stage whose logs go through a front with this certificate.
struct TlsStage {
  explicit TlsStage(const std::string& certificate, const std::string& authority = {})
      : front(port_of(stage.intake().url()), certificate) {
    stage.sandbox().options().environment["DD_LOGS_CONFIG_LOGS_DD_URL"] = front.origin();
    stage.sandbox().options().environment["DD_TLS_CERT_FILE"] = authority.empty() ? front.authority() : authority;
  }
  // Other signals go to the same intake, in the clear.
  std::uint64_t logs() { return stage.intake().counts().logs; }

  Stage stage;
  TlsFront front;
};

TEST(Tls, ShipsThroughAConnectionThatItCanVerify) {
  TlsStage tls("good");
  ASSERT_TRUE(tls.stage.start()) << tls.stage.failure;
  ASSERT_TRUE(tls.stage.invoke({"over TLS"}));
  EXPECT_EQ(tls.stage.messages(), std::vector<std::string>{"over TLS"});
  EXPECT_EQ(tls.stage.shutdown().exit_code, 0);
}

class Refused : public testing::TestWithParam<const char*> {};

TEST_P(Refused, IsToldAndNothingIsLost) {
  TlsStage tls(GetParam());
  ASSERT_TRUE(tls.stage.start()) << tls.stage.failure;
  ASSERT_TRUE(tls.stage.invoke({"must not leave"}));
  EXPECT_EQ(tls.logs(), 0u);
  const stage::Ledger refused = tls.stage.ledger("logs");
  EXPECT_TRUE(refused.balances());
  EXPECT_EQ(refused.delivered, 0);
  EXPECT_GT(refused.pending, 0);
  const std::string status = lab::json::serialize(tls.stage.status());
  EXPECT_NE(status.find("certificate"), std::string::npos) << status;

  tls.front.heal();
  ASSERT_TRUE(tls.stage.invoke({"may leave"}));
  EXPECT_EQ(tls.stage.shutdown().exit_code, 0);
  EXPECT_EQ(tls.stage.messages(), (std::vector<std::string>{"must not leave", "may leave"}));
}

INSTANTIATE_TEST_SUITE_P(Tls, Refused, testing::Values("wrong_name", "unknown_issuer", "expired"),
                         [](const auto& i) { return std::string(i.param); });

TEST(Tls, AnAuthorityFileThatCannotBeReadIsOneError) {
  TlsStage tls("good", "/nowhere/authority.pem");
  ASSERT_TRUE(tls.stage.start()) << tls.stage.failure;
  ASSERT_TRUE(tls.stage.invoke({"one"}));
  ASSERT_TRUE(tls.stage.invoke({"two"}));
  EXPECT_EQ(tls.logs(), 0u);  // the system's store does not know the issuer
  EXPECT_EQ(tls.stage.agent_lines_with("/nowhere/authority.pem"), 1u);
  EXPECT_EQ(tls.stage.shutdown().exit_code, 0);
}

}  // namespace
