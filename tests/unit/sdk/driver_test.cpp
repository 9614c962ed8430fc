#include <sls/testing.hpp>

#include <gtest/gtest.h>

namespace {

using sls::testing::Driver;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kPoisoned = true;
#elif defined(__has_feature)
constexpr bool kPoisoned = __has_feature(address_sanitizer);
#else
constexpr bool kPoisoned = false;
#endif

// Keeps a view, which the contract forbids.
struct Keeper {
  Keeper(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) { kept = batch[0].text(); }
  std::string_view kept;
};

TEST(Borrowed, BytesAreRubbishAfterTheCall) {
  if (kPoisoned) GTEST_SKIP() << "reading them is an error under AddressSanitizer";
  Driver<Keeper> driver;
  driver.log("kept");
  EXPECT_EQ(driver.plugin().kept, "\xDD\xDD\xDD\xDD");
}

// Takes packets and requests, works them off one by one, hands each out as a part.
struct Echo {
  Echo(sls::Host host, const sls::Sandbox&) : dropped_(host.counter("dropped.full")) {}
  void interests(sls::Interests& want) {
    intake_ = want.add_intake("echo", {{"https://echo.{site}", ""}});
    want.add_route({"127.0.0.1:1", "POST|PUT", "/exact"});
    want.add_route({"127.0.0.1:1", "GET", "/tree/*"});
    want.add_socket({"udp://127.0.0.1:1"});
  }
  sls::Response on_request(const sls::Request& request) {
    answer_ = std::to_string(request.route()) + " " + std::string(request.query());
    return {.status = 201, .body = answer_};
  }
  void on_packets(const sls::Packets& packets) {
    for (const sls_str& packet : packets) {
      ++received_;
      if (waiting_.size() == 2)
        dropped_.add();
      else
        waiting_.emplace_back(sls::Text(packet));
    }
  }
  bool work() {
    if (waiting_.empty()) return false;
    done_.push_back(std::move(waiting_.front()));
    waiting_.erase(waiting_.begin());
    return true;
  }
  bool next_payload(const sls::Flush&, sls::Payload& payload) {
    handed_out_.clear(), parts_.clear();
    if (done_.empty()) return false;
    handed_out_.swap(done_);
    for (const std::string& each : handed_out_) parts_.push_back(sls::part(each, 1));
    payload.intake(intake_).path("/in").content_type("text/plain");
    payload.prefix("[").separator(",").suffix("]").parts(parts_).cookie(7);
    return true;
  }
  void on_delivery(const sls::Delivery& delivery) { cookie = delivery.cookie(); }
  sls::State state() const { return {received_, waiting_.size() + done_.size(), 0}; }
  std::uint64_t cookie = 0;

 private:
  sls::Counter dropped_;
  std::uint32_t intake_ = 99;
  std::uint64_t received_ = 0;
  std::vector<std::string> waiting_, done_, handed_out_;
  std::vector<sls_part> parts_;
  std::string answer_;
};

TEST(Driver, WorksOffAndPutsThePayloadTogether) {
  Driver<Echo> driver;
  driver.packets({"a", "b", "c"});
  EXPECT_EQ(driver.counter("dropped.full"), 1u);
  EXPECT_TRUE(driver.ledger().balances());
  EXPECT_EQ(driver.ledger().pending, 2u);
  const auto payloads = driver.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].body, "[a,b]");
  EXPECT_EQ(payloads[0].method, "POST");
  EXPECT_EQ(payloads[0].items, 2u);
  EXPECT_EQ(driver.ledger().handed_out, 2u);
  EXPECT_TRUE(driver.ledger().balances());
  driver.deliver(payloads[0]);
  EXPECT_EQ(driver.plugin().cookie, 7u);
  EXPECT_TRUE(driver.flush().empty());
  EXPECT_EQ(driver.faults(), std::vector<std::string>{});
}

TEST(Driver, FindsRoutesAsTheHostDoes) {
  Driver<Echo> driver;
  EXPECT_EQ(driver.request("PUT", "/exact?a=b").body, "0 a=b");
  EXPECT_EQ(driver.request("GET", "/tree/x/y").body, "1 ");
  EXPECT_EQ(driver.request("GET", "/exact").status, 404u);
  EXPECT_EQ(driver.request("PU", "/exact").status, 404u);
  EXPECT_EQ(driver.request("POST", "/exact/").status, 404u);
}

// Breaks the contract in the ways that a driver can see.
struct Careless {
  Careless(sls::Host given, const sls::Sandbox&) : host(given) {}
  void interests(sls::Interests& want) {
    want.add_route({"127.0.0.1:1", "GET", "/"});
    want.add_socket({"udp://127.0.0.1:1"});
  }
  bool next_payload(const sls::Flush&, sls::Payload& payload) {
    part = sls::part("x", 1);
    payload.intake(3).parts({&part, 1});
    return true;
  }
  bool work() { return true; }
  sls::Host host;
  sls_part part{};
};

TEST(Driver, CollectsBreachesOfTheContract) {
  Driver<Careless> driver;
  driver.plugin().host.info("from nowhere");
  driver.flush();
  const auto has = [&](std::string_view fault) {
    return std::find(driver.faults().begin(), driver.faults().end(), fault) != driver.faults().end();
  };
  EXPECT_TRUE(has("routes without on_request"));
  EXPECT_TRUE(has("sockets without on_packets"));
  EXPECT_TRUE(has("log was called outside of a call"));
  EXPECT_TRUE(has("work never says that nothing is left"));
  EXPECT_TRUE(has("a payload for an unknown intake"));
  EXPECT_TRUE(has("next_payload never says that it is empty"));
}

// Answers the tracer, keeps the last event, learns.
struct Listener {
  Listener(sls::Host given, const sls::Sandbox& sandbox) : host(given), service(sandbox.service()) {}
  void on_sandbox(const sls::Sandbox& sandbox) { service = sandbox.service(), generation = sandbox.generation(); }
  void on_invocation(sls::Invocation step) {
    events.push_back(step.event());
    if (step.event() == sls::Event::tracer_start) {
      id = step.headers().header("x-id");
      header = sls::pair("x-answer", id);
      step.reply({&header, 1});
    }
    if (step.event() == sls::Event::done && step.status() != "success") host.note({step.request_id(), "failed", "yes"});
  }
  void on_tick(std::int64_t now_ns) { ticked = now_ns; }
  void interests(sls::Interests& want) { want.tick_every(std::chrono::seconds(1)); }
  sls::Host host;
  std::string service, id;
  std::uint32_t generation = 0;
  std::int64_t ticked = 0;
  sls_pair header{};
  std::vector<sls::Event> events;
};

TEST(Driver, LivesAnInvocation) {
  Driver<Listener> driver;
  EXPECT_EQ(driver.tick_ns(), 1'000'000'000);
  driver.invoke("req-1")
      .tracer_start("{}", {{"X-Id", "9"}})
      .tracer_end("{}")
      .done("error")
      .reported("error")
      .shutdown();
  EXPECT_EQ(driver.reply(), (sls::testing::Strings{{"x-answer", "9"}}));
  ASSERT_EQ(driver.notes().size(), 1u);
  EXPECT_EQ(driver.notes()[0].request_id, "req-1");
  EXPECT_EQ(driver.plugin().events.size(), 6u);
  driver.learn([](sls::testing::Setup& setup) { setup.service = "other"; });
  EXPECT_EQ(driver.plugin().service, "other");
  EXPECT_EQ(driver.plugin().generation, 2u);
  driver.advance(std::chrono::seconds(2)).tick();
  EXPECT_EQ(driver.plugin().ticked, driver.now_ns());
}

}  // namespace
