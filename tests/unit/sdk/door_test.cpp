#include <gtest/gtest.h>

#include <sls/plugin.hpp>
#include <sls/testing.hpp>

namespace {

using sls::testing::Driver;

struct Nothing {
  Nothing(sls::Host, const sls::Sandbox&) {}
};

TEST(Door, LeavesEverySlotOfAnEmptyClassNull) {
  constexpr sls_plugin table = sls::table<Nothing>({.id = "nothing", .version = "1.0.0", .about = "Nothing."});
  EXPECT_EQ(table.size, sizeof(sls_plugin));
  EXPECT_EQ(table.abi_minor_needed, 0u);
  EXPECT_NE(table.create, nullptr);
  EXPECT_NE(table.destroy, nullptr);
  EXPECT_EQ(table.interests, nullptr);
  EXPECT_EQ(table.on_sandbox, nullptr);
  EXPECT_EQ(table.on_invocation, nullptr);
  EXPECT_EQ(table.on_telemetry, nullptr);
  EXPECT_EQ(table.next_records, nullptr);
  EXPECT_EQ(table.on_request, nullptr);
  EXPECT_EQ(table.on_packets, nullptr);
  EXPECT_EQ(table.on_sample, nullptr);
  EXPECT_EQ(table.on_note, nullptr);
  EXPECT_EQ(table.on_tick, nullptr);
  EXPECT_EQ(table.work, nullptr);
  EXPECT_EQ(table.next_payload, nullptr);
  EXPECT_EQ(table.on_delivery, nullptr);
  EXPECT_EQ(table.state, nullptr);
  EXPECT_EQ(table.extension, nullptr);
}

struct Lines {
  Lines(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(const sls::Telemetry& batch) noexcept { seen += batch.size(); }
  std::size_t seen = 0;
};

TEST(Door, AsksForFunctionLinesWhenAClassOnlyReadsTelemetry) {
  Driver<Lines> driver;
  EXPECT_EQ(driver.telemetry_kinds(), 1u << SLS_RECORD_FUNCTION);
  driver.log("a").log("b");
  EXPECT_EQ(driver.plugin().seen, 2u);
}

// Throws wherever a host can call.
struct Everything {
  Everything(sls::Host given, const sls::Sandbox&) : host(given) {}
  ~Everything() noexcept(false) { fail(); }
  [[noreturn]] static void fail() { throw std::runtime_error("on purpose"); }
  void interests(sls::Interests&) { fail(); }
  void on_sandbox(const sls::Sandbox&) { fail(); }
  void on_invocation(sls::Invocation) { fail(); }
  void on_telemetry(sls::Telemetry) { fail(); }
  std::span<sls_record> next_records() { fail(); }
  sls::Response on_request(const sls::Request&) { fail(); }
  void on_packets(const sls::Packets&) { fail(); }
  void on_sample(const sls::Sample&) { throw 7; }
  void on_note(const sls::Note&) { fail(); }
  void on_tick(std::int64_t) { fail(); }
  bool work() { fail(); }
  bool next_payload(const sls::Flush&, sls::Payload&) { fail(); }
  void on_delivery(const sls::Delivery&) { fail(); }
  sls::State state() { fail(); }
  const void* extension(std::string_view) { fail(); }
  sls::Host host;
};

struct Caught {
  std::vector<std::string> lines;
  sls_host host{};
  sls_sandbox sandbox{};
};
thread_local Caught* caught = nullptr;

class ThrownIn : public testing::Test {
 protected:
  void SetUp() override {
    caught = &caught_;
    caught_.host.size = sizeof(sls_host);
    caught_.host.log = [](const sls_host*, std::int32_t level, sls_str text) {
      EXPECT_EQ(level, SLS_LOG_ERROR);
      caught->lines.emplace_back(sls::Text(text));
    };
    caught_.sandbox.size = sizeof(sls_sandbox);
    ASSERT_EQ(table_.create(&caught_.host, &caught_.sandbox, &self_), SLS_OK);
  }
  static constexpr sls_plugin table_ = sls::table<Everything>({.id = "everything", .version = "1", .about = "."});
  Caught caught_;
  void* self_ = nullptr;
};

TEST_F(ThrownIn, EverySlotBecomesAStatusAndOneLogLine) {
  sls_interests interests{.size = sizeof interests};
  sls_invocation invocation{.size = sizeof invocation};
  sls_telemetry telemetry{.size = sizeof telemetry, .stride = sizeof(sls_record)};
  sls_request request{.size = sizeof request};
  sls_response response{.size = sizeof response};
  sls_packets packets{.size = sizeof packets};
  sls_sample sample{.size = sizeof sample};
  sls_note note{.size = sizeof note};
  sls_flush flush{.size = sizeof flush};
  sls_payload payload{.size = sizeof payload};
  sls_delivery delivery{.size = sizeof delivery};
  sls_state state{.size = sizeof state};
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(table_.interests(self_, &interests), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_sandbox(self_, &caught_.sandbox), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_invocation(self_, &invocation), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_telemetry(self_, &telemetry), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.next_records(self_, &telemetry), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_request(self_, &request, &response), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_packets(self_, &packets), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_sample(self_, &sample), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_note(self_, &note), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_tick(self_, 1), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.work(self_), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.next_payload(self_, &flush, &payload), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.on_delivery(self_, &delivery), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.state(self_, &state), SLS_E_EXCEPTION);
    EXPECT_EQ(table_.extension(self_, sls::str("sls.check/1")), nullptr);
  }
  table_.destroy(self_);
  EXPECT_EQ(caught_.lines.size(), 16u);
  EXPECT_EQ(caught_.lines.front(), "interests threw: on purpose");
  EXPECT_EQ(caught_.lines[7], "on_sample threw: something that is no std::exception");
  EXPECT_EQ(caught_.lines.back(), "destroy threw: on purpose");
}

struct Unbuildable {
  Unbuildable(sls::Host, const sls::Sandbox& sandbox) {
    if (sandbox.function_name() == "refused") throw sls::Refused("no pattern was given");
    throw std::string("odd");
  }
};

TEST(Door, TurnsAThrowingConstructorIntoAStatusWithoutAnInstance) {
  Driver<Unbuildable> odd;
  EXPECT_FALSE(odd.created());
  EXPECT_EQ(odd.faults(), std::vector<std::string>{"create returned -5"});
  Driver<Unbuildable> refused({.function_name = "refused"});
  EXPECT_FALSE(refused.created());
  EXPECT_EQ(refused.faults(), std::vector<std::string>{"create returned -1"});
  ASSERT_EQ(refused.logs().size(), 1u);
  EXPECT_EQ(refused.logs()[0].text, "no pattern was given");
}

// A host that is older than the header knows less: what it lacks is absent, not called.
struct Talkative {
  Talkative(sls::Host host, const sls::Sandbox& sandbox) : site(sandbox.site()) {
    host.counter("seen").add();
    host.sample({"x", sls::count, 1});
    host.note({"r", "k", "v"});
    host.info("made");
    found = host.extension("acme/1");
  }
  std::string site;
  const void* found = this;
};

TEST(Door, TakesAShorterHostAndAShorterSandbox) {
  static constexpr sls_plugin table = sls::table<Talkative>({.id = "talkative", .version = "1", .about = "."});
  sls_sandbox sandbox{};
  sandbox.size = offsetof(sls_sandbox, site);
  sandbox.site = sls::str("beyond what is there");
  sls_host host{};
  for (std::uint32_t size : {8u, 16u, 24u, 32u, 40u, 48u, 56u}) {
    host.size = size;
    void* self = nullptr;
    ASSERT_EQ(table.create(&host, &sandbox, &self), SLS_OK);
    EXPECT_EQ(static_cast<sls::detail::Door<Talkative>*>(self)->plugin().site, "");
    EXPECT_EQ(static_cast<sls::detail::Door<Talkative>*>(self)->plugin().found, nullptr);
    table.destroy(self);
  }
}

TEST(Door, WritesNothingBeyondTheSizeOfAnOutStruct) {
  static constexpr sls_plugin table = sls::table<Lines>({.id = "lines", .version = "1", .about = "."});
  sls_host host{};
  host.size = sizeof host;
  sls_sandbox sandbox{.size = sizeof sandbox};
  void* self = nullptr;
  ASSERT_EQ(table.create(&host, &sandbox, &self), SLS_OK);
  struct Newer {
    sls_interests interests;
    std::uint64_t appended;
  } newer{{.size = sizeof(Newer)}, 42};
  EXPECT_EQ(table.interests(self, &newer.interests), SLS_OK);
  EXPECT_EQ(newer.interests.size, sizeof(Newer));
  EXPECT_EQ(newer.appended, 42u);
  table.destroy(self);
}

TEST(Door, KnowsWhichIdsAreValid) {
  for (std::string_view good : {"a", "logs", "acme-redactor-2"}) EXPECT_TRUE(sls::valid_id(good)) << good;
  for (std::string_view bad : {"", "-a", "2a", "Logs", "a_b", "a.b", "ä"}) EXPECT_FALSE(sls::valid_id(bad)) << bad;
  EXPECT_TRUE(sls::valid_id(std::string(63, 'a')));
  EXPECT_FALSE(sls::valid_id(std::string(64, 'a')));
}

struct Editor {
  Editor(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) {
    for (sls::Record& record : batch) {
      if (record.text() == "secret") record.replace_text(hidden);
      if (record.text() == "noise") record.drop();
    }
  }
  std::string hidden = "[hidden]";
};

TEST(Record, LosesItsJsonWithItsText) {
  Driver<Editor> driver;
  driver.telemetry(
      {{.text = "secret", .json = "\"secret\""}, {.text = "noise"}, {.text = "plain", .json = "\"plain\""}});
  ASSERT_EQ(driver.records().size(), 2u);
  EXPECT_EQ(driver.records()[0].text, "[hidden]");
  EXPECT_EQ(driver.records()[0].json, "");
  EXPECT_EQ(driver.records()[1].json, "\"plain\"");
  ASSERT_EQ(driver.dropped().size(), 1u);
  EXPECT_EQ(driver.dropped()[0].text, "noise");
}

TEST(Telemetry, StepsByTheBatchsStrideAndFiltersByKind) {
  struct Wider {
    sls_record record;
    std::uint64_t appended;
  } records[4]{};
  const std::uint32_t kinds[] = {SLS_RECORD_START, SLS_RECORD_FUNCTION, SLS_RECORD_EXTENSION, 77};
  for (int i = 0; i < 4; ++i) records[i].record.kind = kinds[i];
  sls_telemetry raw{sizeof raw, sizeof(Wider), 4, &records[0].record, 5};
  const sls::Telemetry batch(&raw);
  std::vector<std::uint32_t> all, ours;
  for (sls::Record record : batch) all.push_back(record.raw().kind);
  for (sls::Record record : batch.of_kind(sls::RecordKind::function, sls::RecordKind::extension))
    ours.push_back(record.raw().kind);
  EXPECT_EQ(all, std::vector<std::uint32_t>(std::begin(kinds), std::end(kinds)));
  EXPECT_EQ(ours, (std::vector<std::uint32_t>{SLS_RECORD_FUNCTION, SLS_RECORD_EXTENSION}));
}

TEST(Pairs, FindHeadersWithoutCase) {
  const sls_pair raw[] = {sls::pair("Content-Type", "a"), sls::pair("X", "b")};
  const sls::Pairs pairs(raw);
  EXPECT_EQ(pairs.header("content-type"), "a");
  EXPECT_EQ(pairs.get("content-type", "none"), "none");
  EXPECT_TRUE(pairs.has("X"));
  EXPECT_FALSE(pairs.has("x"));
}

}  // namespace
