// Plugins in this process, through their C tables: what the host does with their answers.
#include "plugin/plugin_set.hpp"

#include <gtest/gtest.h>

#include <sls/plugin.hpp>
#include <stdexcept>

#include "base/limits.hpp"

namespace agent {
namespace {

std::vector<std::string> journal;  // what the plugins below saw, in order

template <class Type>
const sls_plugin* table_of(std::string_view id, sls::Stage stage = sls::Stage::consume) {
  static sls_plugin table = sls::table<Type>({.id = "placeholder", .version = "1", .about = "A test."});
  table.id = to_sls(id);
  table.stage = static_cast<std::uint32_t>(stage);
  return &table;
}

// Reads lines and writes down what it sees.
template <char Name>
struct Reader {
  Reader(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) {
    for (sls::Record record : batch)
      journal.push_back(std::string(1, Name) + ":" + std::string(record.text()) + (record.dropped() ? " dropped" : "")
                        + (record.raw().json.len == 0 ? " no-json" : ""));
  }
};

// Replaces "secret" and drops "noise".
struct Editor {
  Editor(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) {
    for (sls::Record record : batch) {
      if (record.text() == "secret") record.replace_text("[masked]");
      if (record.text() == "noise") record.drop();
    }
  }
};

class PluginSetTest : public ::testing::Test {
 protected:
  PluginSetTest() : plugins(counters) { journal.clear(); }

  void start(const std::vector<std::string>& order = {}) {
    plugins.put_in_order(order);
    plugins.create([](const Plugin&, sls_sandbox&) {});
  }
  void log(const std::vector<std::string>& lines) {
    std::vector<sls_record> records;
    for (const std::string& line : lines) {
      sls_record record{};
      record.kind = SLS_RECORD_FUNCTION;
      record.text = to_sls(line);
      record.json = to_sls("\"as it came\"");
      records.push_back(record);
    }
    plugins.on_telemetry(records, 1, 100);
  }

  Counters counters;
  PluginSet plugins;
};

TEST_F(PluginSetTest, WalksEditorsFirstThenByOrderThenById) {
  plugins.adopt(table_of<Reader<'a'>>("a"), "a.so");
  plugins.adopt(table_of<Reader<'b'>>("b"), "b.so");
  plugins.adopt(table_of<Reader<'c'>>("c"), "c.so");
  plugins.adopt(table_of<Editor>("z-editor", sls::Stage::edit), "z.so");
  start({"c"});
  std::vector<std::string> ids;
  for (const auto& plugin : plugins.chain()) ids.push_back(plugin->id());
  EXPECT_EQ(ids, (std::vector<std::string>{"z-editor", "c", "a", "b"}));
}

TEST_F(PluginSetTest, ShowsTheNextPluginWhatOneHasReplacedAndDropped) {
  plugins.adopt(table_of<Editor>("editor", sls::Stage::edit), "editor.so");
  plugins.adopt(table_of<Reader<'r'>>("reader"), "reader.so");
  start();
  log({"plain", "secret", "noise"});
  EXPECT_EQ(journal, (std::vector<std::string>{"r:plain", "r:[masked] no-json", "r:noise dropped"}));
}

TEST_F(PluginSetTest, RefusesTheSecondPluginOfOneIdAndNamesBoth) {
  plugins.adopt(table_of<Reader<'a'>>("same"), "first.so");
  plugins.adopt(table_of<Reader<'b'>>("same"), "second.so");
  start();
  ASSERT_EQ(plugins.refusals().size(), 1u);
  EXPECT_NE(plugins.refusals()[0].find("first.so"), std::string::npos);
  EXPECT_NE(plugins.refusals()[0].find("second.so"), std::string::npos);
  EXPECT_EQ(plugins.chain().size(), 1u);
}

struct ThrowsInCreate {
  ThrowsInCreate(sls::Host, const sls::Sandbox&) { throw std::runtime_error("no"); }
};

TEST_F(PluginSetTest, GoesOnWithoutAPluginThatCannotBeCreated) {
  plugins.adopt(table_of<ThrowsInCreate>("a-thrower"), "thrower.so");
  plugins.adopt(table_of<Reader<'r'>>("reader"), "reader.so");
  start();
  EXPECT_EQ(plugins.chain()[0]->state(), PluginState::kFailed);
  log({"x"});
  EXPECT_EQ(journal, std::vector<std::string>{"r:x"});
}

struct WantsRoutes {
  WantsRoutes(sls::Host, const sls::Sandbox&) {}
};

TEST_F(PluginSetTest, RefusesInterestsWithoutTheirSlotAndNamesTheSlot) {
  struct Case {
    const char* missing;
    sls_status (*interests)(void*, sls_interests*);
  };
  static const sls_route kRoute = {sizeof kRoute, 0, to_sls("127.0.0.1:1"), to_sls("GET"), to_sls("/"), 0};
  static const sls_socket kSocket = {sizeof kSocket, 0, to_sls("udp://127.0.0.1:1"), 0, 0};
  const Case cases[] = {
      {"on_request",
       [](void*, sls_interests* out) {
         out->routes = &kRoute, out->route_count = 1;
         return sls_status{SLS_OK};
       }},
      {"on_packets",
       [](void*, sls_interests* out) {
         out->sockets = &kSocket, out->socket_count = 1;
         return sls_status{SLS_OK};
       }},
      {"on_tick",
       [](void*, sls_interests* out) {
         out->tick_ns = 1;
         return sls_status{SLS_OK};
       }},
      {"on_telemetry",
       [](void*, sls_interests* out) {
         out->telemetry_kinds = 2;
         return sls_status{SLS_OK};
       }},
      {"a table",
       [](void*, sls_interests* out) {
         out->intake_count = 3;
         return sls_status{SLS_OK};
       }},
  };
  for (const Case& c : cases) {
    Counters fresh;
    PluginSet set(fresh);
    sls_plugin table = sls::table<WantsRoutes>({.id = "wants", .version = "1", .about = "A test."});
    table.interests = c.interests;
    set.adopt(&table, "wants.so");
    set.put_in_order({});
    set.create([](const Plugin&, sls_sandbox&) {});
    EXPECT_EQ(set.chain()[0]->state(), PluginState::kFailed) << c.missing;
    EXPECT_NE(set.chain()[0]->problem().find(c.missing), std::string::npos) << set.chain()[0]->problem();
  }
}

struct Failing {
  Failing(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry) { journal.emplace_back("called"), throw std::runtime_error("always"); }
  bool next_payload(const sls::Flush&, sls::Payload&) { return false; }
  void interests(sls::Interests& wants) {
    wants.records(sls::RecordKind::function), wants.add_intake("x", {{.url = "https://x.{site}", .api_key = ""}});
  }
  sls::State state() { return {.received = 10, .pending_items = 4, .pending_bytes = 100}; }
};

TEST_F(PluginSetTest, CallsAPluginThatKeepsFailingNoMoreAndAccountsForWhatItHeld) {
  plugins.adopt(table_of<Failing>("failing"), "failing.so");
  start();
  ASSERT_TRUE(plugins.chain()[0]->running()) << plugins.chain()[0]->problem();
  for (std::size_t i = 0; i < limits::kFailedCallsMax + 50; ++i) log({"x"});
  EXPECT_EQ(plugins.chain()[0]->state(), PluginState::kQuarantined);
  EXPECT_EQ(journal.size(), limits::kFailedCallsMax + 1);
  EXPECT_EQ(counters.value("failing", "dropped.quarantine"), 4u);
  EXPECT_EQ(plugins.chain()[0]->accounts().received, 10u);
  EXPECT_EQ(plugins.chain()[0]->accounts().pending_items, 0u);
}

// Holds "debug" back until an invocation is done.
struct Holder {
  Holder(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) {
    for (sls::Record record : batch)
      if (record.text() == "debug") record.drop(), ++held;
  }
  void on_invocation(sls::Invocation step) { release = step.event() == sls::Event::done; }
  std::span<sls_record> next_records() {
    if (!release || held == 0) return {};
    held = 0;
    released = {};
    released.kind = SLS_RECORD_FUNCTION;
    released.text = to_sls("debug, later");
    return {&released, 1};
  }
  int held = 0;
  bool release = false;
  sls_record released{};
};

TEST_F(PluginSetTest, PassesReleasedRecordsOnBehindThePluginThatHeldThem) {
  plugins.adopt(table_of<Reader<'a'>>("a-before", sls::Stage::edit), "a.so");
  plugins.adopt(table_of<Holder>("holder", sls::Stage::edit), "holder.so");
  plugins.adopt(table_of<Reader<'z'>>("z-behind"), "z.so");
  start();
  log({"debug"});
  EXPECT_EQ(journal, (std::vector<std::string>{"a:debug", "z:debug dropped"}));
  journal.clear();
  sls_invocation done{};
  done.size = sizeof done;
  done.event = SLS_DONE;
  plugins.on_invocation(done, nullptr);
  EXPECT_EQ(journal, (std::vector<std::string>{"z:debug, later no-json"}));
}

struct Poster {
  Poster(sls::Host given, const sls::Sandbox&) : host(given) {}
  void on_telemetry(sls::Telemetry batch) {
    for (sls::Record record : batch) {
      host.sample({std::string(record.text()), sls::count, 1});
      host.note({"req", "key", "value"});
    }
    journal.emplace_back("posted");
  }
  void on_note(const sls::Note&) { journal.emplace_back("own note came back"); }
  sls::Host host;
};

struct Taker {
  Taker(sls::Host, const sls::Sandbox&) {}
  void on_sample(const sls::Sample& sample) { journal.push_back("sample " + std::string(sample.name)); }
  void on_note(const sls::Note& note) { journal.push_back("note " + std::string(note.key)); }
};

TEST_F(PluginSetTest, DeliversPostedFactsAfterTheCallThatPostedThem) {
  plugins.adopt(table_of<Taker>("a-taker"), "taker.so");
  plugins.adopt(table_of<Poster>("poster"), "poster.so");
  start();
  log({"one"});
  EXPECT_EQ(journal, (std::vector<std::string>{"posted", "sample one", "note key"}));
}

TEST_F(PluginSetTest, DropsAndCountsFactsBeyondTheirLimit) {
  plugins.adopt(table_of<Poster>("poster"), "poster.so");
  start();
  log(std::vector<std::string>(limits::kPostedFactsMax, "x"));
  EXPECT_EQ(counters.value("poster", "facts_dropped"), limits::kPostedFactsMax);
}

struct Worker {
  Worker(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) { units += batch.size(); }
  bool work() {
    if (units == 0) return false;
    --units;
    journal.emplace_back("unit");
    return true;
  }
  std::size_t units = 0;
};

TEST_F(PluginSetTest, WorksUnitByUnitAndWakesWhenThereIsWork) {
  plugins.adopt(table_of<Worker>("worker"), "worker.so");
  start();
  int woken = 0;
  plugins.on_work([&] { ++woken; });
  EXPECT_FALSE(plugins.work_one());
  log({"x", "y"});
  EXPECT_EQ(woken, 1);
  while (plugins.work_one()) {
  }
  EXPECT_EQ(journal, (std::vector<std::string>{"unit", "unit"}));
  EXPECT_FALSE(plugins.has_work());
}

struct Replier {
  Replier(sls::Host, const sls::Sandbox&) {}
  void on_invocation(sls::Invocation step) {
    if (step.event() == sls::Event::tracer_start) step.reply(headers);
  }
  sls_pair headers[2] = {{to_sls("x-datadog-trace-id"), to_sls("123")}, {to_sls("x-mine"), to_sls("1")}};
};

TEST_F(PluginSetTest, MergesReplyHeadersSoThatTheFirstWins) {
  plugins.adopt(table_of<Replier>("replier"), "replier.so");
  start();
  PluginSet::ReplyHeaders reply = {{"X-Mine", "0"}};
  sls_invocation step{};
  step.size = sizeof step;
  step.event = SLS_TRACER_START;
  plugins.on_invocation(step, &reply);
  EXPECT_EQ(reply, (PluginSet::ReplyHeaders{{"X-Mine", "0"}, {"x-datadog-trace-id", "123"}}));
}

TEST_F(PluginSetTest, RefusesTablesThatCannotBeUsed) {
  const sls_plugin good = sls::table<Editor>({.id = "good", .version = "1", .about = "A test."});
  struct Case {
    const char* what;
    void (*spoil)(sls_plugin&);
  };
  for (const Case& c : {Case{"bytes", [](sls_plugin& table) { table.size = 16; }},
                        Case{"ABI 1.99", [](sls_plugin& table) { table.abi_minor_needed = 99; }},
                        Case{"its id is", [](sls_plugin& table) { table.id = to_sls("Bad Id"); }},
                        Case{"its id is", [](sls_plugin& table) { table.id = {}; }},
                        Case{"`create`", [](sls_plugin& table) { table.create = nullptr; }},
                        Case{"options", [](sls_plugin& table) { table.options = nullptr, table.option_count = 3; }}}) {
    sls_plugin table = good;
    c.spoil(table);
    Result<Library> library = adopt_table(&table, "x.so");
    ASSERT_FALSE(library) << c.what;
    EXPECT_NE(library.error().text.find(c.what), std::string::npos) << library.error().text;
  }
  EXPECT_FALSE(adopt_table(nullptr, "x.so"));
}

TEST_F(PluginSetTest, TakesAShorterTableOfAnOlderPlugin) {
  sls_plugin table = sls::table<Reader<'r'>>({.id = "old", .version = "1", .about = "A test."});
  table.size = offsetof(sls_plugin, next_records);
  Result<Library> library = adopt_table(&table, "old.so");
  ASSERT_TRUE(library);
  EXPECT_NE(library->table.on_telemetry, nullptr);
  EXPECT_EQ(library->table.state, nullptr);
}

}  // namespace
}  // namespace agent
