// The forwarder on the real network room, against an intake on loopback that misbehaves.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "forward/compressor.hpp"
#include "forward/forwarder.hpp"
#include "payload_text.hpp"
#include "raw_intake.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

Task<> drain_and_stop(Forwarder& forwarder, Loop& loop, Steady until) {
  co_await forwarder.drain(until);
  loop.stop();
}

class Sandbox {
 public:
  explicit Sandbox(const RawIntake& intake, Nanos request_timeout = 5s) {
    ForwardOptions options;
    options.site = "datadoghq.com";
    options.api_key = "the-key";
    options.request_timeout = request_timeout;
    forwarder = std::make_unique<Forwarder>(loop, options, ledger, offload, nullptr);
    const std::string url = intake.url();
    const sls_endpoint endpoint{str(url), {}};
    sls_intake declared{};
    declared.size = sizeof declared;
    declared.endpoints = &endpoint;
    declared.endpoint_count = 1;
    forwarder->add_plugin(0, "logs", &declared, 1);
  }

  void accept(std::vector<std::string> parts) {
    received += parts.size();
    const PayloadText text(std::move(parts));
    forwarder->accept(0, text.payload());
  }
  void flush(bool last = false, Nanos hold = 10s) {
    forwarder->begin_flush(last);
    loop.spawn("drain", drain_and_stop(*forwarder, loop, Now::read().steady + hold));
    loop.run();
  }
  LedgerLine line() const { return ledger.line("logs", received, 0); }

  Loop loop;
  Counters counters;
  Ledger ledger{counters};
  Offload offload{loop};
  std::unique_ptr<Forwarder> forwarder;
  std::uint64_t received = 0;
};

TEST(ForwarderOnLoopback, DeliversOverOneConnectionThatIsKept) {
  RawIntake intake([](int) { return Act::kTake; });
  Sandbox sandbox(intake);
  for (int i = 0; i < 5; ++i) {
    sandbox.accept({"a", "b"});
    sandbox.flush();
  }
  EXPECT_EQ(sandbox.line().delivered, 10u);
  EXPECT_EQ(intake.connections(), 1);
  for (const std::string& body : intake.taken()) EXPECT_EQ(*decompress(body, Coding::kZstd, 5), "[a,b]");
}

TEST(ForwarderOnLoopback, DeliversALargeBodyThatWasCompressedOnTheWorker) {
  RawIntake intake([](int) { return Act::kTake; });
  Sandbox sandbox(intake);
  std::vector<std::string> parts;
  for (std::uint32_t i = 0; i < 100; ++i) parts.push_back(noise(20'000, i + 1));
  sandbox.accept(parts);
  sandbox.flush();
  EXPECT_EQ(sandbox.line().delivered, 100u);
  ASSERT_EQ(intake.taken().size(), 1u);
  EXPECT_TRUE(decompress(intake.taken()[0], Coding::kZstd, 2'000'000 + 99 + 2));
}

TEST(ForwarderOnLoopback, SendsBothHalvesOfARefusedBody) {
  RawIntake intake([](int request) { return request == 1 ? Act::k413 : Act::kTake; });
  Sandbox sandbox(intake);
  sandbox.accept({"a", "b", "c", "d"});
  sandbox.flush();
  EXPECT_EQ(sandbox.line().delivered, 4u);
  EXPECT_EQ(intake.requests(), 3);
}

// The n-th request meets a fault, n = 1 … until none does: the ledger balances, everything arrives, and what arrives
// twice was counted as maybe so.
TEST(ForwarderOnLoopback, NothingIsLostWhicheverRequestFails) {
  for (const Act act : {Act::kCloseAtOnce, Act::kResetMidBody, Act::kResetAfterBody, Act::k500, Act::kGarbage,
                        Act::kHalfAnswer, Act::kMute, Act::kRedirect}) {
    int n = 0;
    for (bool met = true; met;) {
      ++n;
      std::atomic<bool> hit{false};
      RawIntake intake([&](int request) {
        if (request != n) return Act::kTake;
        hit = true;
        return act;
      });
      Sandbox sandbox(intake, act == Act::kMute ? 50ms : 5s);
      for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 2; ++i) sandbox.accept({std::to_string(10 * round + i)});
        sandbox.flush();
      }
      sandbox.flush(true);
      const LedgerLine line = sandbox.line();
      EXPECT_TRUE(line.balances());
      EXPECT_EQ(line.delivered, 4u) << "act " << static_cast<int>(act) << ", n = " << n;
      const std::vector<std::string> taken = intake.taken();
      EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), 4u);
      EXPECT_LE(taken.size(), 4 + line.maybe_duplicate);
      met = hit;
      ASSERT_LT(n, 50);
    }
    EXPECT_GT(n, 4);
  }
}

TEST(ForwarderOnLoopback, ARefusedConnectionKeepsThePayloadAndHoldsNobody) {
  RawIntake intake([](int) { return Act::kTake; });
  Sandbox sandbox(intake);
  intake.stop();
  sandbox.accept({"a"});
  const Steady began = Now::read().steady;
  for (int i = 0; i < 10; ++i) sandbox.flush();
  EXPECT_LT(Now::read().steady - began, 1s) << "known at once, ten times over";
  EXPECT_EQ(sandbox.line().pending_in_forwarder, 1u);
}

// The whole way of a mute intake through the breaker: it holds one flush, then none; its answer closes the breaker.
TEST(ForwarderOnLoopback, AMuteIntakeHoldsOneFlushAndNotTheNext) {
  std::atomic<bool> mute{true};
  RawIntake intake([&](int) { return mute ? Act::kMute : Act::kTake; });
  Sandbox sandbox(intake, 2500ms);
  sandbox.accept({"a"});
  const Steady began = Now::read().steady;
  sandbox.flush();
  const Nanos first = Now::read().steady - began;
  EXPECT_GT(first, limits::kMuteAfter);
  EXPECT_LT(first, limits::kFlushHold);
  const Steady again = Now::read().steady;
  for (int i = 0; i < 5; ++i) {
    sandbox.accept({"b"});
    sandbox.flush();
  }
  EXPECT_LT(Now::read().steady - again, 1s);
  mute = false;
  sandbox.flush(true, 10s);
  EXPECT_EQ(sandbox.line().delivered, 6u);
  EXPECT_TRUE(sandbox.line().balances());
}

// The answer to the first request never comes; an intake that is well again gets it at the last flush.
TEST(ForwarderOnLoopback, TheLastFlushSendsAgainWhatAMuteIntakeNeverAnswered) {
  RawIntake intake([&](int n) { return n == 1 ? Act::kMute : Act::kTake; });
  Sandbox sandbox(intake, 30s);
  sandbox.accept({"a"});
  sandbox.flush();
  EXPECT_EQ(sandbox.line().pending_in_forwarder, 1u);
  sandbox.flush(true, 3s);
  EXPECT_EQ(sandbox.line().delivered, 1u);
  EXPECT_EQ(sandbox.line().maybe_duplicate, 1u);
  EXPECT_TRUE(sandbox.line().balances());
}

}  // namespace
}  // namespace agent
