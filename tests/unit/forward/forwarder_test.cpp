#include "forward/forwarder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "forward/compressor.hpp"
#include "payload_text.hpp"
#include "scripted_net.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;

Task<> drain_then_stop(Forwarder& forwarder, Loop& loop, Steady until) {
  co_await forwarder.drain(until);
  loop.stop();
}

// A forwarder with the plugin "logs" (0) and one intake, on a scripted network.
class ForwarderTest : public testing::Test {
 protected:
  void start(std::vector<sls_endpoint> endpoints = {{str("https://http-intake.logs.{site}"), {}}}) {
    forwarder.reset();
    counters = Counters();
    ledger.emplace(counters);
    received = 0;
    deliveries.clear();
    net.requests.clear();
    net.taken.clear();
    options.site = options.site.empty() ? "datadoghq.com" : options.site;
    options.user_agent = "serverless-agent/test";
    if (options.request_timeout == 0ns) options.request_timeout = 5s;
    forwarder = std::make_unique<Forwarder>(
        loop, options, *ledger, offload,
        [this](std::size_t, const sls_delivery& delivery) { deliveries.push_back(delivery); }, net.connect());
    sls_intake intake{};
    intake.size = sizeof intake;
    intake.name = str("logs");
    intake.endpoints = endpoints.data();
    intake.endpoint_count = endpoints.size();
    forwarder->add_plugin(0, "logs", &intake, 1);
  }

  void accept(const std::vector<std::string>& parts, std::uint64_t cookie = 0) {
    const PayloadText text(parts);
    sls_payload payload = text.payload();
    payload.cookie = cookie;
    received += parts.size();
    forwarder->accept(0, payload);
  }

  // One whole flush.
  void flush(bool last = false, Nanos hold = 10s) {
    forwarder->begin_flush(last);
    drain(hold);
  }
  void drain(Nanos hold = 10s) {
    loop.spawn("drain", drain_then_stop(*forwarder, loop, Now::read().steady + hold));
    loop.run();
    EXPECT_TRUE(line().balances());
  }

  LedgerLine line() const { return ledger->line("logs", received, 0); }
  std::map<std::string, std::uint64_t> dropped() const {
    const LedgerLine now = line();
    return {now.dropped.begin(), now.dropped.end()};
  }
  static std::string raw(const Seen& seen, std::size_t size) { return *decompress(seen.body, Coding::kZstd, size); }

  ForwardOptions options = {"", "the-key", "the-app-key"};
  Loop loop;
  Counters counters;
  std::optional<Ledger> ledger;
  Offload offload{loop};
  ScriptedNet net{loop};
  std::vector<sls_delivery> deliveries;
  std::uint64_t received = 0;
  std::unique_ptr<Forwarder> forwarder;
};

Fate answer(unsigned status) {
  Fate fate;
  fate.status = status;
  return fate;
}

Fate lost_answer() {
  Fate fate;
  fate.status = 0;
  return fate;
}

TEST_F(ForwarderTest, SendsAPayloadAsThePluginWroteIt) {
  start();
  accept({"{\"a\":1}", "{\"b\":2}"}, 77);
  flush();
  ASSERT_EQ(net.requests.size(), 1u);
  const Seen& seen = net.requests[0];
  EXPECT_EQ(seen.origin, "https://http-intake.logs.datadoghq.com:443");
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/api/v2/logs");
  EXPECT_EQ(seen.header("DD-API-KEY"), "the-key");
  EXPECT_EQ(seen.header("DD-APPLICATION-KEY"), "");
  EXPECT_EQ(seen.header("Content-Type"), "application/json");
  EXPECT_EQ(seen.header("Content-Encoding"), "zstd");
  EXPECT_EQ(seen.header("User-Agent"), "serverless-agent/test");
  EXPECT_EQ(raw(seen, 17), "[{\"a\":1},{\"b\":2}]");
  ASSERT_EQ(deliveries.size(), 1u);
  EXPECT_EQ(deliveries[0].outcome, static_cast<std::uint32_t>(SLS_DELIVERED));
  EXPECT_EQ(deliveries[0].cookie, 77u);
  EXPECT_EQ(deliveries[0].items, 2u);
  EXPECT_EQ(deliveries[0].http_status, 202);
  EXPECT_EQ(deliveries[0].attempts, 1u);
  EXPECT_EQ(line().delivered, 2u);
  EXPECT_EQ(forwarder->pending_items(), 0u);
  EXPECT_EQ(forwarder->pending_bytes(), 0u);
}

TEST_F(ForwarderTest, SendsBothKeysAndThePluginsHeaders) {
  start();
  const PayloadText text({"x"});
  sls_payload payload = text.payload();
  payload.auth = SLS_AUTH_API_AND_APP_KEY;
  payload.compress = SLS_COMPRESS_NONE;
  const sls_pair headers[] = {{str("DD-PROTOCOL"), str("agent-json")},
                              {str("dd-api-key"), str("the tracer's")},
                              {str("User-Agent"), str("Tracer/7")},
                              {str("Evil"), str("a\r\nb: c")}};
  payload.headers = {headers, 4};
  forwarder->accept(0, payload);
  received = 1;
  flush();
  ASSERT_EQ(net.requests.size(), 1u);
  const Seen& seen = net.requests[0];
  EXPECT_EQ(seen.body, "[x]");
  EXPECT_EQ(seen.header("DD-API-KEY"), "the-key");
  EXPECT_EQ(seen.header("DD-APPLICATION-KEY"), "the-app-key");
  EXPECT_EQ(seen.header("DD-PROTOCOL"), "agent-json");
  EXPECT_EQ(seen.header("User-Agent"), "Tracer/7");
  EXPECT_EQ(seen.header("Content-Encoding"), "");
  EXPECT_EQ(seen.header("dd-api-key"), "");
  EXPECT_EQ(seen.header("Evil"), "");
}

TEST_F(ForwarderTest, DropsWithAReasonWhatCannotBeAddressed) {
  struct Row {
    const char *url, *payload_url, *api_key, *app_key;
    std::uint32_t auth;
    const char* reason;
  };
  const Row rows[] = {
      {"https://a.{site}", "", "", "", SLS_AUTH_API_KEY, "no_api_key"},
      {"https://a.{site}", "", "k", "", SLS_AUTH_API_AND_APP_KEY, "no_app_key"},
      {"https://{site}.evil.com", "", "k", "a", SLS_AUTH_API_KEY, "bad_endpoint"},
      {"nonsense", "", "k", "a", SLS_AUTH_API_KEY, "bad_endpoint"},
      {"nonsense", "", "k", "a", SLS_AUTH_NONE, "bad_endpoint"},
      {"https://a.{site}", "https://{site}.evil.com", "k", "a", SLS_AUTH_API_KEY, "bad_endpoint"},
      {"https://a.{site}", "://", "k", "a", SLS_AUTH_API_KEY, "bad_endpoint"},
      {"https://a.{site}", "", "", "", SLS_AUTH_NONE, ""},
      {"https://{site}.evil.com", "", "k", "a", SLS_AUTH_NONE, ""},
      {"nonsense", "https://b.{site}", "k", "a", SLS_AUTH_API_KEY, ""},
  };
  for (const Row& row : rows) {
    Counters fresh;
    counters = fresh;
    Ledger own(counters);
    ForwardOptions with = options;
    with.site = "datadoghq.com";
    with.api_key = row.api_key;
    with.app_key = row.app_key;
    with.request_timeout = 5s;
    std::vector<sls_delivery> told;
    Forwarder tried(
        loop, with, own, offload, [&](std::size_t, const sls_delivery& delivery) { told.push_back(delivery); },
        net.connect());
    const sls_endpoint endpoint{str(row.url), {}};
    sls_intake intake{};
    intake.size = sizeof intake;
    intake.endpoints = &endpoint;
    intake.endpoint_count = 1;
    tried.add_plugin(0, "p", &intake, 1);
    const PayloadText text({"x", "y"});
    sls_payload payload = text.payload();
    payload.auth = row.auth;
    payload.url = str(row.payload_url);
    tried.accept(0, payload);
    loop.spawn("drain", drain_then_stop(tried, loop, Now::read().steady + 10s));
    loop.run();
    const LedgerLine line = own.line("p", 2, 0);
    EXPECT_TRUE(line.balances());
    ASSERT_EQ(told.size(), 1u);
    if (*row.reason) {
      EXPECT_EQ(counters.value("p", cat("dropped.", std::string_view(row.reason))), 2u) << row.url << row.reason;
      EXPECT_EQ(told[0].outcome, static_cast<std::uint32_t>(SLS_DROPPED));
      EXPECT_EQ(told[0].items, 2u);
    } else {
      EXPECT_EQ(line.delivered, 2u) << row.url;
    }
  }
}

TEST_F(ForwarderTest, APayloadOfAnUnknownIntakeOrPluginIsDroppedAndCounted) {
  start();
  const PayloadText text({"x"});
  sls_payload payload = text.payload();
  payload.intake = 9;
  forwarder->accept(0, payload);
  received = 1;
  EXPECT_EQ(dropped()["bad_endpoint"], 1u);
  forwarder->accept(5, text.payload());
  EXPECT_EQ(counters.value("", "dropped.bad_endpoint"), 1u);
}

TEST_F(ForwarderTest, TriesThreeTimesInOneFlushAndKeepsThePayloadForTheNext) {
  start();
  net.script = [](const Seen&) { return answer(500); };
  accept({"a", "b"});
  flush();
  EXPECT_EQ(net.requests.size(), limits::kAttemptsPerFlush);
  EXPECT_EQ(line().pending_in_forwarder, 2u);
  EXPECT_GT(forwarder->pending_bytes(), 0u);
  EXPECT_TRUE(deliveries.empty());
  net.script = [](const Seen&) { return answer(202); };
  flush();
  EXPECT_EQ(line().delivered, 2u);
  EXPECT_EQ(line().maybe_duplicate, 0u) << "a 500 is an answer";
  ASSERT_EQ(deliveries.size(), 1u);
  EXPECT_EQ(deliveries[0].attempts, limits::kAttemptsPerFlush + 1);
}

TEST_F(ForwarderTest, AllPayloadsOfAFailedFlushArriveWhenTheIntakeIsWellAgain) {
  start();
  net.script = [](const Seen&) { return answer(503); };
  for (int i = 0; i < 20; ++i) accept({noise(100, static_cast<std::uint32_t>(i))});
  flush();
  EXPECT_EQ(line().pending_in_forwarder, 20u);
  EXPECT_LE(net.requests.size(), 5 * limits::kAttemptsPerFlush) << "the rest is not tried against a dead endpoint";
  net.requests.clear();
  net.script = [](const Seen&) { return answer(202); };
  flush();
  EXPECT_EQ(line().delivered, 20u);
  EXPECT_EQ(net.requests.size(), 20u);
}

TEST_F(ForwarderTest, APoisonedPayloadDoesNotKeepTheOthersBack) {
  start();
  accept({"POISON"});
  std::string poison;
  net.script = [&](const Seen& seen) {
    if (poison.empty()) poison = seen.body;
    return answer(seen.body == poison ? 500 : 202);
  };
  flush();
  for (int i = 0; i < 3; ++i) {
    accept({"good"});
    flush();
  }
  EXPECT_EQ(line().delivered, 3u);
  EXPECT_EQ(line().pending_in_forwarder, 1u);
}

TEST_F(ForwarderTest, DropsWhatIsRefusedForGoodWithItsStatus) {
  for (const unsigned status : {400u, 403u, 404u, 415u}) {
    start();
    net.script = [status](const Seen&) { return answer(status); };
    accept({"a"}, status);
    flush();
    EXPECT_EQ(net.requests.size(), 1u) << status;
    EXPECT_EQ(dropped()[cat("rejected_", status)], 1u);
    ASSERT_EQ(deliveries.size(), 1u);
    EXPECT_EQ(deliveries[0].outcome, static_cast<std::uint32_t>(SLS_REJECTED));
    EXPECT_EQ(deliveries[0].http_status, static_cast<std::int32_t>(status));
  }
}

TEST_F(ForwarderTest, AWrongKeyCostsOnePayloadNotAll) {
  start();
  net.script = [](const Seen&) { return answer(403); };
  accept({"first"});
  flush();
  for (int i = 0; i < 5; ++i) accept({"later"});
  EXPECT_EQ(line().dropped_total(), 1u);
  net.script = [](const Seen&) { return answer(202); };
  flush();
  EXPECT_EQ(line().delivered, 5u);
  EXPECT_EQ(line().dropped_total(), 1u);
}

TEST_F(ForwarderTest, HalvesWhatTheIntakeCallsTooLargeUntilItTakesIt) {
  start();
  std::vector<std::string> parts;
  for (std::uint32_t i = 0; i < 16; ++i) parts.push_back(noise(1000, i + 1));
  net.script = [](const Seen& seen) { return answer(seen.body.size() > 3000 ? 413 : 202); };
  accept(parts, 5);
  flush();
  EXPECT_EQ(line().delivered, 16u);
  EXPECT_GE(net.taken.size(), 6u);
  ASSERT_EQ(deliveries.size(), 1u) << "one payload, one answer";
  EXPECT_EQ(deliveries[0].items, 16u);
  EXPECT_EQ(forwarder->pending_bytes(), 0u);
}

TEST_F(ForwarderTest, DropsASinglePartThatIsTooLargeAndDeliversTheRest) {
  start();
  net.script = [](const Seen& seen) { return answer(seen.body.size() > 900 ? 413 : 202); };
  accept({"a", noise(3000, 3), "b"}, 6);
  flush();
  EXPECT_EQ(line().delivered, 2u);
  EXPECT_EQ(dropped()["too_large"], 1u);
  ASSERT_EQ(deliveries.size(), 1u);
  EXPECT_EQ(deliveries[0].outcome, static_cast<std::uint32_t>(SLS_DROPPED));
  EXPECT_EQ(deliveries[0].items, 1u);
}

TEST_F(ForwarderTest, CompressesLargeBodiesOnTheWorkerAndHalvesThemThere) {
  start();
  std::vector<std::string> parts;
  for (std::uint32_t i = 0; i < 40; ++i) parts.push_back(noise(10'000, i + 1));
  accept(parts);
  EXPECT_EQ(line().pending_in_forwarder, 40u);
  EXPECT_GE(forwarder->pending_bytes(), 400'000u);
  net.script = [](const Seen& seen) { return answer(seen.body.size() > 100'000 ? 413 : 202); };
  flush();
  EXPECT_EQ(line().delivered, 40u);
  EXPECT_GE(net.taken.size(), 4u);
  EXPECT_EQ(forwarder->pending_bytes(), 0u);
}

TEST_F(ForwarderTest, KeepsToThePluginsLimitOfTheCompressedBody) {
  start();
  const PayloadText text({noise(1000, 1), noise(1000, 2), noise(9000, 3), noise(1000, 4)});
  sls_payload payload = text.payload();
  payload.compressed_bytes_max = 2500;
  forwarder->accept(0, payload);
  received = 4;
  flush();
  for (const Seen& seen : net.requests) EXPECT_LE(seen.body.size(), 2500u);
  EXPECT_EQ(line().delivered, 3u);
  EXPECT_EQ(dropped()["too_large"], 1u);
}

TEST_F(ForwarderTest, KeepsAConnectionForTheNextRequestButNotOverAThaw) {
  start();
  accept({"a"});
  flush();
  accept({"b"});
  flush();
  EXPECT_EQ(net.connections, 1);
  forwarder->thawed();
  accept({"c"});
  flush();
  EXPECT_EQ(net.connections, 2);
  EXPECT_EQ(line().delivered, 3u);
}

TEST_F(ForwarderTest, AConnectionThatDiedWhileIdleIsReplacedAndIsNoAttempt) {
  start();
  accept({"a"});
  flush();
  net.script = [](const Seen& seen) {
    Fate fate;
    if (seen.connection == 1) {
      fate.status = 0;
      fate.sent = false;
    }
    return fate;
  };
  accept({"b"});
  flush();
  EXPECT_EQ(line().delivered, 2u);
  EXPECT_EQ(line().maybe_duplicate, 0u);
  ASSERT_EQ(deliveries.size(), 2u);
  EXPECT_EQ(deliveries[1].attempts, 1u);
  EXPECT_EQ(forwarder->report()[0].failures, 0u);
}

TEST_F(ForwarderTest, CountsARepetitionAfterALostAnswerAsMaybeDuplicate) {
  start();
  int n = 0;
  net.script = [&](const Seen&) { return ++n == 1 ? lost_answer() : answer(202); };
  accept({"a", "b", "c"});
  flush();
  EXPECT_EQ(line().delivered, 3u);
  EXPECT_EQ(line().maybe_duplicate, 3u);
}

TEST_F(ForwarderTest, SendsUpToFourRequestsOfALaneAtOnceAndNoMore) {
  start();
  Fate waiting;
  waiting.waits = true;
  net.script = [&](const Seen&) { return waiting; };
  for (int i = 0; i < 10; ++i) accept({"a"});
  flush(false, 5ms);
  EXPECT_EQ(net.requests.size(), limits::kConnectionsPerEndpointMax);
  EXPECT_EQ(forwarder->report()[0].in_flight, limits::kConnectionsPerEndpointMax);
  net.release();
  drain();
  EXPECT_EQ(line().delivered, 10u);
  EXPECT_EQ(net.requests.size(), 10u);
}

TEST_F(ForwarderTest, AnAnswerThatComesAfterTheFlushCountsAndNothingIsSentTwice) {
  start();
  Fate waiting;
  waiting.waits = true;
  net.script = [&](const Seen&) { return waiting; };
  accept({"a", "b"});
  flush(false, 2ms);
  EXPECT_EQ(line().pending_in_forwarder, 2u);
  net.release();
  flush();
  EXPECT_EQ(line().delivered, 2u);
  EXPECT_EQ(line().maybe_duplicate, 0u);
  EXPECT_EQ(net.requests.size(), 1u);
}

TEST_F(ForwarderTest, ARequestWithoutAnAnswerEndsAtItsOwnDeadline) {
  options.request_timeout = 2ms;
  start();
  Fate waiting;
  waiting.waits = true;
  net.script = [&](const Seen&) { return waiting; };
  accept({"a"});
  flush();
  EXPECT_EQ(net.requests.size(), limits::kAttemptsPerFlush);
  EXPECT_EQ(line().pending_in_forwarder, 1u);
  EXPECT_EQ(forwarder->report()[0].last_error, "no answer in time");
}

TEST_F(ForwarderTest, ADeadPathOfAnIntakeDoesNotHoldUpAnother) {
  start();
  Fate waiting;
  waiting.waits = true;
  net.script = [&](const Seen& seen) { return seen.target == "/api/v2/logs" ? waiting : answer(202); };
  for (int i = 0; i < 8; ++i) accept({"a"});
  const PayloadText text({"x"});
  sls_payload payload = text.payload();
  payload.path = str("/api/v2/series");
  forwarder->accept(0, payload);
  ++received;
  flush(false, 5ms);
  EXPECT_EQ(line().delivered, 1u);
  EXPECT_EQ(line().pending_in_forwarder, 8u);
}

TEST_F(ForwarderTest, AdditionalEndpointsGetCopiesAndNeverTouchTheLedger) {
  start({{str("https://a.{site}"), {}}, {str("https://b.example.com"), str("other-key")}, {str("nonsense"), str("k")}});
  net.script = [](const Seen& seen) { return answer(seen.origin == "https://b.example.com:443" ? 400 : 202); };
  accept({"a", "b"});
  flush();
  ASSERT_EQ(net.requests.size(), 2u);
  EXPECT_EQ(net.requests[0].body, net.requests[1].body);
  EXPECT_EQ(net.requests[0].header("DD-API-KEY"), "the-key");
  EXPECT_EQ(net.requests[1].header("DD-API-KEY"), "other-key");
  EXPECT_EQ(line().delivered, 2u);
  EXPECT_EQ(line().dropped_total(), 0u);
  EXPECT_EQ(counters.value("logs", "additional.dropped.rejected_400"), 2u);
  EXPECT_EQ(counters.value("logs", "additional.dropped.bad_endpoint"), 2u);
  EXPECT_EQ(deliveries.size(), 1u);
}

TEST_F(ForwarderTest, ADeadAdditionalEndpointKeepsABoundedNumberOfCopiesAndLeavesRoom) {
  start({{str("https://a.{site}"), {}}, {str("https://b.example.com"), str("other-key")}});
  net.script = [](const Seen& seen) { return answer(seen.origin == "https://b.example.com:443" ? 500 : 202); };
  for (std::uint32_t i = 0; i < 150; ++i) {
    accept({noise(50'000, i)});
    if (i % 10 == 9) flush();
  }
  EXPECT_EQ(line().delivered, 150u);
  EXPECT_TRUE(forwarder->has_room());
  EXPECT_EQ(forwarder->pending_bytes(), 0u);
  EXPECT_LE(forwarder->report()[1].waiting_bytes, limits::kCopyBytesMax);
  EXPECT_GT(counters.value("logs", "additional.dropped.full"), 0u);
}

TEST_F(ForwarderTest, SaysWhenThereIsNoRoomAndKeepsHalfForTheOthers) {
  start();
  net.script = [](const Seen&) { return answer(500); };
  std::uint32_t seed = 0;
  while (forwarder->has_room(0)) accept({noise(60'000, ++seed)});
  EXPECT_GE(forwarder->pending_bytes(), limits::kForwardBytesMax / 2);
  EXPECT_LT(forwarder->pending_bytes(), limits::kForwardBytesMax / 2 + 70'000);
  EXPECT_TRUE(forwarder->has_room());
  EXPECT_TRUE(forwarder->has_room(1));
  while (forwarder->has_room()) accept({noise(60'000, ++seed)});
  EXPECT_FALSE(forwarder->has_room(1));
  net.script = [](const Seen&) { return answer(202); };
  flush(true);
  EXPECT_TRUE(forwarder->has_room(0));
  EXPECT_EQ(line().delivered, received);
}

TEST_F(ForwarderTest, TheLastFlushPassesBreakersOver) {
  start();
  net.script = [](const Seen&) { return answer(403); };
  accept({"refused"});
  flush();
  flush();
  for (int i = 0; i < 3; ++i) accept({"a"});
  net.script = [](const Seen&) { return answer(500); };
  flush();
  flush();
  net.script = [](const Seen&) { return answer(202); };
  flush(true);
  EXPECT_EQ(line().delivered, 3u);
}

TEST_F(ForwarderTest, RetryAfterIsKeptAndNobodyWaitsForIt) {
  start();
  Fate later = answer(429);
  later.retry_after = "200";
  net.script = [&](const Seen&) { return later; };
  accept({"a"});
  flush();
  flush();
  flush();
  EXPECT_EQ(net.requests.size(), 1u);
  EXPECT_EQ(line().pending_in_forwarder, 1u);
}

TEST_F(ForwarderTest, GivesUpWhatWaitsAtTheEndAndForgetsLateAnswers) {
  start();
  Fate waiting;
  waiting.waits = true;
  net.script = [&](const Seen&) { return waiting; };
  for (int i = 0; i < 6; ++i) accept({"a"});
  std::vector<std::string> large;
  for (std::uint32_t i = 0; i < 10; ++i) large.push_back(noise(10'000, i));
  accept(large);
  flush(true, 2ms);
  accept(large);
  forwarder->abandon(kNever);
  EXPECT_EQ(dropped()["shutdown"], 26u);
  EXPECT_TRUE(line().balances());
  EXPECT_EQ(forwarder->pending_items(), 0u);
  EXPECT_EQ(forwarder->pending_bytes(), 0u);
  EXPECT_EQ(deliveries.size(), 8u);
  net.release();
  drain();
  loop.run();
  EXPECT_EQ(line().delivered, 0u);
}

TEST_F(ForwarderTest, MayBeDestroyedWhileRequestsAreUnderWay) {
  start();
  Fate waiting;
  waiting.waits = true;
  net.script = [&](const Seen&) { return waiting; };
  accept({"a"});
  accept({noise(100'000, 1)});
  flush(false, 2ms);
  forwarder.reset();
  net.release();
  loop.run();
  SUCCEED();
}

TEST_F(ForwarderTest, HttpsGoesThroughTheProxyUnlessTheHostIsExcepted) {
  options.proxy_https = "proxy:3128";
  options.no_proxy = {"example.com"};
  options.tls_cert_file = "/ca.pem";
  options.verify_tls = false;
  start({{str("https://a.{site}"), {}}, {str("https://b.example.com"), str("k")}, {str("http://c.invalid"), str("k")}});
  accept({"a"});
  flush();
  ASSERT_EQ(net.requests.size(), 3u);
  EXPECT_EQ(net.requests[0].proxy, "http://proxy:3128");
  EXPECT_EQ(net.requests[1].proxy, "");
  EXPECT_EQ(net.requests[2].proxy, "");
  EXPECT_EQ(net.tls.extra_ca_file, "/ca.pem");
  EXPECT_FALSE(net.tls.verify);
}

TEST_F(ForwarderTest, AnExceptionOfTheNetworkIsAFailedAttempt) {
  start();
  int n = 0;
  net.script = [&](const Seen&) {
    Fate fate;
    fate.throws = ++n == 1;
    return fate;
  };
  accept({"a"});
  flush();
  EXPECT_EQ(line().delivered, 1u);
}

// The n-th step on the network fails, n = 1 … until nothing fails any more: the ledger balances each time, and nothing
// is lost, since another attempt could still deliver it.
TEST_F(ForwarderTest, NothingIsLostWhicheverStepFails) {
  enum class Step { kRefused, kClosedBeforeSending, kReset, kTimeout, kGarbage, k500, k408, kThrown };
  for (const Step step : {Step::kRefused, Step::kClosedBeforeSending, Step::kReset, Step::kTimeout, Step::kGarbage,
                          Step::k500, Step::k408, Step::kThrown}) {
    int n = 0;
    for (bool failed = true; failed;) {
      ++n;
      failed = false;
      int steps = 0;
      start();
      net.opens = [&] {
        if (step != Step::kRefused || ++steps != n) return true;
        failed = true;
        return false;
      };
      net.script = [&](const Seen&) {
        Fate fate;
        if (step == Step::kRefused || ++steps != n) return fate;
        failed = true;
        fate.status = step == Step::k500 ? 500 : step == Step::k408 ? 408 : 0;
        fate.sent = step != Step::kClosedBeforeSending;
        fate.error = step == Step::kTimeout   ? ErrorCode::kTimeout
                     : step == Step::kGarbage ? ErrorCode::kProtocol
                                              : ErrorCode::kClosed;
        fate.throws = step == Step::kThrown;
        return fate;
      };
      for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 3; ++i) accept({"a", "b"});
        flush();
        EXPECT_EQ(forwarder->pending_items(), 0u);
      }
      EXPECT_EQ(line().delivered, 18u) << "step " << static_cast<int>(step) << ", n = " << n;
      EXPECT_EQ(line().dropped_total(), 0u);
      EXPECT_EQ(deliveries.size(), 9u);
      EXPECT_EQ(net.taken.size(), 9u) << "nothing twice that was not lost";
      ASSERT_LT(n, 100);
    }
    EXPECT_GT(n, 1);
  }
}

// ---- what is given up

TEST_F(ForwarderTest, DropsAPayloadThatFailsAgainAndAgainWhileOthersGetThrough) {
  start();
  net.script = [](const Seen& seen) { return answer(raw(seen, 8) == "[poison]" ? 500 : 202); };
  accept({"poison"}, 7);
  flush();
  unsigned flushes = 0;
  while (dropped().empty() && flushes < 100) {
    accept({"a line"});
    ++flushes;
    flush();
  }
  EXPECT_EQ(flushes, limits::kPoisonAttemptsMax);
  EXPECT_EQ(dropped().at("expired"), 1u);
  EXPECT_EQ(line().delivered, flushes);
  ASSERT_EQ(deliveries.back().outcome, static_cast<std::uint32_t>(SLS_EXPIRED));
  EXPECT_EQ(deliveries.back().cookie, 7u);
  EXPECT_EQ(deliveries.back().http_status, 500);
}

TEST_F(ForwarderTest, KeepsAPayloadThroughAnOutageHoweverLong) {
  start();
  bool well = false;
  net.script = [&well](const Seen&) { return answer(well ? 202 : 500); };
  for (int i = 0; i < 5; ++i) accept({"x"});
  for (unsigned i = 0; i < 20 * limits::kPoisonAttemptsMax; ++i) flush();
  EXPECT_EQ(line().pending_in_forwarder, 5u);
  well = true;
  flush(true);
  EXPECT_EQ(line().delivered, 5u);
}

TEST_F(ForwarderTest, BreaksOffARequestThatIsStaleAtTheLastFlush) {
  start();
  int asked = 0;
  net.script = [&asked](const Seen&) {
    Fate fate;
    fate.waits = ++asked == 1;
    return fate;
  };
  accept({"x"});
  forwarder->begin_flush();
  drain(limits::kStaleFlight + 50ms);
  flush(true);
  EXPECT_EQ(net.closed, 1);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(line().delivered, 1u);
  EXPECT_EQ(line().maybe_duplicate, 1u);
  drain(50ms);
  EXPECT_EQ(asked, 2);
}

TEST_F(ForwarderTest, BreaksOffARequestThatBecomesStaleDuringTheLastFlush) {
  start();
  int asked = 0;
  net.script = [&asked](const Seen&) {
    Fate fate;
    fate.waits = ++asked == 1;
    return fate;
  };
  accept({"x"});
  forwarder->begin_flush();
  drain(limits::kStaleFlight / 2);
  const Steady begun = Now::read().steady;
  flush(true);
  EXPECT_LT(Now::read().steady - begun, 2 * limits::kStaleFlight);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(line().delivered, 1u);
  EXPECT_EQ(line().maybe_duplicate, 1u);
}

// ---- the spool

// Two sandboxes' processes, one after the other, with the same folder.
class SpoolingForwarder : public ForwarderTest {
 protected:
  SpoolingForwarder() {
    std::string name = (std::filesystem::temp_directory_path() / "spooling-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    folder = name;
    options.spool_file = (folder / "spool").string();
    options.spool_writer = "function";
    options.spool_bytes = limits::kSpoolBytesMax;
    net.opens = [this] { return up; };
  }
  ~SpoolingForwarder() override { std::filesystem::remove_all(folder); }

  void end() {
    flush(true);
    forwarder->abandon(kNever);
    EXPECT_TRUE(line().balances());
  }
  std::string file() const {
    std::ifstream stream(options.spool_file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  std::filesystem::path folder;
  bool up = false;
};

TEST_F(SpoolingForwarder, KeepsForTheNextStartWhatCouldNotBeSent) {
  start();
  accept({"one", "two"}, 7);
  accept({"three"}, 8);
  end();
  EXPECT_EQ(line().pending_in_spool, 3u);
  EXPECT_EQ(line().pending(), 3u);
  EXPECT_TRUE(dropped().empty());
  EXPECT_EQ(forwarder->pending_bytes(), 0u);
  EXPECT_TRUE(deliveries.empty()) << "nothing is known of their fate yet";
  EXPECT_EQ(file().find("the-key"), std::string::npos);

  up = true;
  start();
  flush();
  EXPECT_EQ(line().received, 3u);
  EXPECT_EQ(line().delivered, 3u);
  EXPECT_EQ(line().from_spool, 3u);
  EXPECT_EQ(line().maybe_duplicate, 0u);
  EXPECT_TRUE(deliveries.empty()) << "whoever made them is gone";
  ASSERT_EQ(net.requests.size(), 2u);
  EXPECT_EQ(raw(net.requests[0], 9), "[one,two]");
  EXPECT_EQ(net.requests[0].header("DD-API-KEY"), "the-key");
  EXPECT_EQ(net.requests[0].target, "/api/v2/logs");
  EXPECT_FALSE(std::filesystem::exists(options.spool_file));

  start();
  flush();
  EXPECT_TRUE(net.requests.empty());
}

TEST_F(SpoolingForwarder, GivesUpWhatItHasNoTimeToKeep) {
  start();
  for (int i = 0; i < 100; ++i) accept({"one", "two"});
  flush(true);
  forwarder->abandon(Now::read().steady);
  EXPECT_TRUE(line().balances());
  EXPECT_EQ(dropped()["shutdown"], 200u);
  EXPECT_EQ(line().pending(), 0u);
  EXPECT_FALSE(std::filesystem::exists(options.spool_file));
}

TEST_F(SpoolingForwarder, HandsOnOverSeveralStarts) {
  start();
  accept({"one"});
  end();
  start();
  accept({"two"});
  end();
  EXPECT_EQ(line().pending_in_spool, 2u);
  up = true;
  start();
  flush();
  EXPECT_EQ(line().delivered, 2u);
}

TEST_F(SpoolingForwarder, MarksWhatWasInFlightAsPerhapsTaken) {
  up = true;
  start();
  net.script = [](const Seen&) {
    Fate fate;
    fate.waits = true;
    return fate;
  };
  accept({"x"});
  forwarder->begin_flush(true);
  drain(20ms);
  forwarder->abandon(kNever);
  EXPECT_EQ(line().pending_in_spool, 1u);
  start();
  net.script = [](const Seen&) { return Fate{}; };
  flush();
  EXPECT_EQ(line().delivered, 1u);
  EXPECT_EQ(line().maybe_duplicate, 1u);
}

TEST_F(SpoolingForwarder, CutsARefusedPayloadThatCameFromTheSpool) {
  start();
  accept({"one", "two"});
  end();
  up = true;
  start();
  net.script = [](const Seen& seen) { return answer(seen.body.size() > 14 ? 413 : 202); };
  flush();
  EXPECT_EQ(line().delivered, 2u);
  ASSERT_EQ(net.requests.size(), 3u);
}

TEST_F(SpoolingForwarder, KeepsTheOldestAndDropsWhatDoesNotFit) {
  options.spool_bytes = 64 << 10;
  start();
  for (std::uint32_t i = 0; i < 10; ++i) accept({cat(i, noise(20'000, i))});
  end();
  EXPECT_GE(line().pending_in_spool, 2u);
  EXPECT_EQ(line().pending_in_spool + dropped().at("shutdown"), 10u);
  EXPECT_LE(file().size(), options.spool_bytes);
  up = true;
  start();
  flush();
  EXPECT_EQ(raw(net.requests[0], 20'003).substr(0, 2), "[0");
}

TEST_F(SpoolingForwarder, LeavesRoomForQuietEndpointsBesideABusyOne) {
  options.spool_bytes = 64 << 10;
  start();
  for (std::uint32_t i = 0; i < 10; ++i) accept({noise(20'000, i)});
  const PayloadText other({"quiet"});
  sls_payload payload = other.payload();
  payload.path = str("/quiet");
  forwarder->accept(0, payload);
  ++received;
  end();
  up = true;
  start();
  flush();
  EXPECT_TRUE(
      std::any_of(net.requests.begin(), net.requests.end(), [](const Seen& seen) { return seen.target == "/quiet"; }));
}

TEST_F(SpoolingForwarder, KeepsCopiesForAdditionalEndpointsWithTheirOwnKeys) {
  const std::vector<sls_endpoint> both = {{str("https://a.{site}"), {}}, {str("https://other.example"), str("key-2")}};
  start(both);
  accept({"x"});
  end();
  EXPECT_EQ(file().find("key-2"), std::string::npos);
  EXPECT_EQ(counters.value("logs", "additional.spooled"), 1u);
  up = true;
  start(both);
  flush();
  ASSERT_EQ(net.requests.size(), 2u);
  EXPECT_EQ(net.requests[1].origin, "https://other.example:443");
  EXPECT_EQ(net.requests[1].header("DD-API-KEY"), "key-2");
  EXPECT_EQ(line().delivered, 1u);
  EXPECT_EQ(counters.value("logs", "additional.delivered"), 1u);
}

TEST_F(SpoolingForwarder, SendsNothingToAnEndpointThatHasChanged) {
  start();
  accept({"x"});
  end();
  up = true;
  start({{str("https://elsewhere.{site}"), {}}});
  flush();
  EXPECT_TRUE(net.requests.empty());
  EXPECT_EQ(dropped().at("bad_endpoint"), 1u);
}

TEST_F(SpoolingForwarder, IgnoresAndCountsWhatIsNotItsOwn) {
  for (const char* content : {"", "garbage", "SLSPOOL1"}) {
    std::ofstream(options.spool_file) << content;
    std::filesystem::permissions(options.spool_file, std::filesystem::perms(0600));
    up = true;
    start();
    accept({"x"});
    flush();
    EXPECT_EQ(line().delivered, 1u);
    EXPECT_EQ(counters.sum("host", "spool.ignored."), 1u) << content;
    EXPECT_FALSE(std::filesystem::exists(options.spool_file));
  }
}

TEST_F(SpoolingForwarder, DropsAndCountsWhereTheFileCannotBeWritten) {
  options.spool_file = (folder / "no folder" / "spool").string();
  start();
  accept({"x"}, 7);
  end();
  EXPECT_EQ(dropped().at("shutdown"), 1u);
  EXPECT_EQ(line().pending(), 0u);
  EXPECT_EQ(deliveries.at(0).outcome, static_cast<std::uint32_t>(SLS_DROPPED));
}

TEST_F(SpoolingForwarder, NeitherWritesNorReadsWhereItIsOff) {
  start();
  accept({"x"});
  end();
  const std::string left = file();
  options.spool_bytes = 0;
  up = true;
  start();
  accept({"y"});
  up = false;
  end();
  EXPECT_EQ(dropped().at("shutdown"), 1u);
  EXPECT_EQ(file(), left);
}

}  // namespace
}  // namespace agent
