// Metrics through the built agent, where requests fail, packets are bad or find no room: whatever was sent has arrived
// or is counted with a reason.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <set>

#include "stage.hpp"

namespace {

using lab::Fault;
using lab::Manner;
using stage::Given;
using stage::Stage;

// A stage whose intake hears of metrics only, and of those only that the test has sent.
Given metrics_alone(lab::Environment more = {}) {
  Given out;
  out.environment = std::move(more);
  out.environment["DD_PLUGINS_DISABLED"] = "logs,traces";
  out.environment["DD_ENHANCED_METRICS"] = "false";
  return out;
}

class UdpClient {
 public:
  explicit UdpClient(const std::string& host) : descriptor_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(8125);
    ::inet_pton(AF_INET, host.c_str(), &to.sin_addr);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~UdpClient() { ::close(descriptor_); }
  void send(const std::string& packet) const {
    EXPECT_EQ(::send(descriptor_, packet.data(), packet.size(), 0), static_cast<ssize_t>(packet.size()));
  }

 private:
  int descriptor_;
};

// What the intake has accepted, summed up.
struct Arrived {
  std::map<std::string, double> counts;
  std::map<std::string, std::int64_t> sketched;
  std::size_t events = 0, checks = 0;
};

Arrived arrived(Stage& stage) {
  Arrived out;
  for (const lab::Received& request : stage.received()) {
    for (const lab::MetricPoint& point : request.series)
      if (point.kind == "count") out.counts[point.name] += point.value;
    for (const lab::SketchPoint& sketch : request.sketches) out.sketched[sketch.name] += sketch.count;
    out.events += request.events.size();
    out.checks += request.checks.size();
  }
  return out;
}

// The agent's last word about the plugin.
struct LastLine {
  long received = -1, delivered = -1, dropped = -1, pending = -1, twice = 0, lost = 0;
  bool balances() const { return received == delivered + dropped + pending; }
};

LastLine last_line(Stage& stage) {
  LastLine out;
  constexpr const char* kBegin = "ledger metrics: ";
  stage.agent_lines_with(kBegin);
  for (const std::string& line : stage.agent_lines()) {
    const std::size_t at = line.find(kBegin);
    if (at == line.npos) continue;
    std::sscanf(line.c_str() + at, "ledger metrics: received %ld = delivered %ld + dropped %ld + pending %ld",
                &out.received, &out.delivered, &out.dropped, &out.pending);
    if (const std::size_t twice = line.find("perhaps twice "); twice != line.npos)
      std::sscanf(line.c_str() + twice, "perhaps twice %ld", &out.twice);
    if (const std::size_t lost = line.find("packets lost before "); lost != line.npos)
      std::sscanf(line.c_str() + lost, "packets lost before %ld", &out.lost);
  }
  return out;
}

// Until the plugin has counted that many samples: so the test never sends more than a receive buffer holds.
bool wait_received(Stage& stage, long samples) {
  const auto until = lab::Clock::now() + std::chrono::seconds(30);
  while (stage.ledger("metrics").received < samples)
    if (lab::Clock::now() > until) return false;
  return true;
}

// Two invocations with one of each kind of payload, four requests each; the n-th request fails. True: it was met.
bool meet_fault(const Fault& wanted, int n) {
  Stage stage(metrics_alone());
  EXPECT_TRUE(stage.start()) << stage.failure;
  const UdpClient client(stage.host());
  Fault pass, fault = wanted;
  pass.times = n - 1;
  fault.times = 1;
  if (n > 1) stage.intake().add(pass);
  stage.intake().add(fault);
  for (int i = 0; i < 2; ++i) {
    client.send("nth.count:1:2|c\nnth.size:1:2:3|d\n_e{2,2}:up|up\n_sc|nth|0");
    EXPECT_TRUE(stage.invoke({"line"}));
    EXPECT_TRUE(stage.ledger("metrics").balances()) << "n = " << n;
  }
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const LastLine last = last_line(stage);
  EXPECT_EQ(last.received, 14) << "n = " << n;
  EXPECT_EQ(last.delivered, 14) << "n = " << n;
  EXPECT_TRUE(last.balances());
  const Arrived all = arrived(stage);
  const auto expect = [&](double got, double wanted_sum, const char* what) {
    EXPECT_GE(got, wanted_sum) << what << ", n = " << n;
    EXPECT_LE(got, wanted_sum + static_cast<double>(last.twice) * 2) << what << ", n = " << n;
  };
  expect(all.counts.at("nth.count"), 6, "counts");
  expect(static_cast<double>(all.sketched.at("nth.size")), 6, "values");
  expect(static_cast<double>(all.events), 2, "events");
  expect(static_cast<double>(all.checks), 2, "checks");
  return stage.intake().counts().requests >= static_cast<std::uint64_t>(n);
}

TEST(MetricDelivery, LosesNothingWhenTheNthRequestFails) {
  Fault answers_500, breaks;
  answers_500.status = 500;
  breaks.manner = Manner::kCut;
  for (const Fault& fault : {answers_500, breaks}) {
    int n = 1;
    while (n < 20 && meet_fault(fault, n)) ++n;
    EXPECT_GT(n, 7) << "there were fewer requests than payloads";
    EXPECT_LT(n, 20) << "the fault is met again and again";
  }
}

// D-19: after a failed payload all others of its flush are sent, and the failed one with the next flush.
TEST(MetricDelivery, SendsTheRestOfAFlushInWhichOnePayloadFails) {
  Stage stage(metrics_alone());
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UdpClient client(stage.host());
  constexpr int kNames = 2'500;  // three payloads of series
  for (int i = 0; i < kNames; i += 50) {
    std::string packet;
    for (int n = i; n < i + 50; ++n) packet += "shop.n" + std::to_string(n) + ":1|c\n";
    client.send(packet + "rest.size:1|d");
  }
  client.send("_e{2,2}:up|up\n_sc|rest|0");
  constexpr int kSamples = kNames + kNames / 50 + 2;
  ASSERT_TRUE(wait_received(stage, kSamples));
  Fault fault;
  fault.path = "/api/v2/series";
  fault.status = 500;
  fault.times = 1;
  stage.intake().add(fault);
  ASSERT_TRUE(stage.invoke({"line"}));
  const Arrived first = arrived(stage);
  EXPECT_GE(first.counts.size(), static_cast<std::size_t>(kNames - 1'000));
  EXPECT_EQ(first.sketched.at("rest.size"), kNames / 50);
  EXPECT_EQ(first.events, 1u);
  EXPECT_EQ(first.checks, 1u);
  EXPECT_TRUE(stage.ledger("metrics").balances());
  ASSERT_TRUE(stage.invoke({"line"}));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const Arrived all = arrived(stage);
  EXPECT_EQ(all.counts.size(), static_cast<std::size_t>(kNames));
  for (const auto& [name, value] : all.counts) EXPECT_EQ(value, 1) << name;
  const LastLine last = last_line(stage);
  EXPECT_EQ(last.received, kSamples);
  EXPECT_EQ(last.delivered, last.received);
}

TEST(MetricDelivery, CountsWhatTheIntakeRefusesForGoodAndSendsTheRest) {
  Stage stage(metrics_alone());
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UdpClient client(stage.host());
  client.send("good.size:1:2:3|d\n_e{2,2}:up|up");
  client.send("bad.count:1:2|c");
  Fault fault;
  fault.path = "/api/v2/series";
  fault.status = 400;
  stage.intake().add(fault);
  ASSERT_TRUE(stage.invoke({"line"}));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const LastLine last = last_line(stage);
  EXPECT_EQ(last.received, 6);
  EXPECT_EQ(last.delivered, 4);
  EXPECT_EQ(last.dropped, 2);
  EXPECT_EQ(arrived(stage).sketched.at("good.size"), 3);
}

// Dual shipping: each address and key gets a copy, and one that refuses them costs the others nothing.
TEST(MetricDelivery, SendsCopiesToFurtherEndpointsThatDoNotConcernTheLedger) {
  lab::Monitor monitor;
  lab::Intake well(monitor), refusing(monitor);
  Fault fault;
  fault.status = 400;
  refusing.add(fault);
  Stage stage(
      metrics_alone({{"DD_ADDITIONAL_ENDPOINTS", "{\"" + well.url() + "\":[\"key-one\",\"key-two\"],\"" + refusing.url()
                                                     + "\":[\"key-three\"],\"nonsense\":[\"k\"]}"}}));
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UdpClient client(stage.host());
  client.send("copied.count:1:2|c\ncopied.size:1:2:3|d\n_e{2,2}:up|up\n_sc|copied|0");
  ASSERT_TRUE(stage.invoke({"line"}));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const LastLine last = last_line(stage);
  EXPECT_EQ(last.received, 7);
  EXPECT_EQ(last.delivered, 7);
  EXPECT_EQ(arrived(stage).counts.at("copied.count"), 3);
  EXPECT_EQ(stage.agent_lines_with("option additional_endpoints: entry 3 is skipped"), 1u);
  std::map<std::string, double> counts, sizes;
  const lab::Lock lock(monitor.mutex);
  for (const lab::Received& request : well.received()) {
    EXPECT_TRUE(request.accepted && request.broken.empty()) << request.broken;
    for (const lab::MetricPoint& point : request.series) counts[request.api_key] += point.value;
    for (const lab::SketchPoint& sketch : request.sketches) sizes[request.api_key] += static_cast<double>(sketch.count);
  }
  const std::map<std::string, double> each_key = {{"key-one", 3}, {"key-two", 3}};
  EXPECT_EQ(counts, each_key);
  EXPECT_EQ(sizes, each_key);
  EXPECT_GE(refusing.counts().refused, 4u);
}

std::string many(std::string_view piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

// Each costs itself, with a reason and at most one line of the agent about each reason, and nothing beside it.
TEST(MetricDelivery, GoesOnBesideBadInput) {
  Given given = metrics_alone();
  given.config = R"(
dogstatsd_mapper_profiles:
  - name: shop
    prefix: shop.
    mappings:
      - {match: "shop.[.*", name: never}
      - {match: "shop.(", match_type: regex, name: never}
      - {match: "shop.*.bought", name: shop.bought, tags: {what: "$1"}}
)";
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UdpClient client(stage.host());
  struct Bad {
    std::string packet;
    int dropped, kept;  // samples
  };
  const Bad bad[] = {
      {std::string("\0\1\2\377\376", 5), 1, 0},
      {"", 0, 0},
      {"\n\r\n\n", 0, 0},
      {std::string(65'507, 'x'), 1, 0},
      {std::string(65'507, '\n'), 0, 0},
      {"tags:1|c|#" + many("t,u,v,", 5'000) + "last", 0, 1},  // equal ones are one
      {"tags:1|c|#" + many("t", 201), 1, 0},
      {"nan:nan:inf:-inf|g", 3, 0},
      {"huge:1e400:-1e400|d", 1, 0},
      {"utf\xff:1|c", 1, 0},
      {"partial:1|c\npartial:1|", 1, 1},
      {many("n", 10'000) + ":1|c", 1, 0},
      {"line:1|x\r\n", 1, 0},
      {"_e{9999999999999999999,1}:a|b", 1, 0},
      {"_sc|check|9", 1, 0},
  };
  long dropped = 0;
  long received = 0;
  for (const Bad& each : bad)
    for (int i = 0; i < 3; ++i) {
      client.send(each.packet);
      client.send("beside:1|c\r\n");
      dropped += each.dropped;
      received += each.dropped + each.kept + 1;
      ASSERT_TRUE(wait_received(stage, received)) << each.packet.substr(0, 20);
    }
  client.send("rate:1|c|@-2\nrate:1|c|@0\nfuture:1|c|T99999999999\nshop.book.bought:1|c");
  ASSERT_TRUE(stage.invoke({"line"}));
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const Arrived all = arrived(stage);
  EXPECT_EQ(all.counts.at("beside"), 3.0 * std::size(bad));
  EXPECT_EQ(all.counts.at("partial"), 3);
  EXPECT_EQ(all.counts.at("rate"), 2);
  EXPECT_EQ(all.counts.at("future"), 1);
  EXPECT_EQ(all.counts.at("tags"), 3);
  EXPECT_EQ(all.counts.at("shop.bought"), 1);
  EXPECT_EQ(all.counts.size(), 6u);
  const LastLine last = last_line(stage);
  EXPECT_EQ(last.dropped, dropped);
  EXPECT_EQ(last.lost, 0);
  EXPECT_TRUE(last.balances());
  EXPECT_EQ(last.pending, 0);
  for (const char* reason : {"invalid_line", "invalid_metric", "not_finite"})
    EXPECT_EQ(stage.agent_lines_with(std::string("dropped.") + reason), 1u) << reason;
  EXPECT_EQ(stage.broken(), std::vector<std::string>{});
}

// Each datagram stands for four; a stopped agent leaves most of them without room.
TEST(MetricDelivery, ConservesWhatIsSentWhileTheKernelHasNoRoom) {
  Stage stage(metrics_alone({{"DD_DOGSTATSD_SO_RCVBUF", "4096"}, {"DD_STATSD_METRIC_BLOCKLIST", "not.wanted"}}));
  ASSERT_TRUE(stage.start()) << stage.failure;
  const UdpClient client(stage.host());
  const char* const kinds[] = {"kept:1|c|@0.25|#a:b", "kept:1|c|@0.25|#b:a", "nope", "not.wanted:1|c", "kept:nan|c"};
  long sent = 0;
  const auto send = [&](int times) {
    for (int i = 0; i < times; ++i, ++sent) client.send(kinds[sent % 5]);
  };
  send(3);
  ASSERT_TRUE(stage.invoke({"line"}));
  stage.sandbox().freeze();
  send(2'000);
  stage.sandbox().thaw();
  ASSERT_TRUE(stage.invoke({"line"}));
  send(7);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  const LastLine last = last_line(stage);
  EXPECT_GT(last.lost, 1'000);
  EXPECT_EQ(last.received + last.lost, sent);
  EXPECT_EQ(arrived(stage).counts.at("kept"), 4.0 * static_cast<double>(last.delivered));
  EXPECT_TRUE(last.balances());
  EXPECT_EQ(last.pending, 0);
  EXPECT_EQ(stage.agent_lines_with("the kernel has dropped"), 1u);
}

}  // namespace
