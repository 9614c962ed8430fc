// What a set of plugins makes of the bad ones that load: they are refused with a sentence or quarantined, and a
// neighbour never notices.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "config/settings.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin_set.hpp"
#include "sls/plugin.hpp"

namespace agent {
namespace {

std::size_t seen_by_neighbour = 0;

struct Neighbour {
  Neighbour(sls::Host, const sls::Sandbox&) {}
  void on_telemetry(sls::Telemetry batch) { seen_by_neighbour += batch.size(); }
};

class Borne : public testing::Test {
 protected:
  Borne() : plugins(counters) { seen_by_neighbour = 0; }

  // The bad one runs before its neighbour.
  void start(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      const auto library = load_library(std::string(BAD_PLUGINS) + "/" + name + ".so");
      ASSERT_TRUE(library) << library.error().text;
      plugins.adopt(&library->table, name);
    }
    static constexpr sls_plugin neighbour =
        sls::table<Neighbour>({.id = "zz-neighbour", .version = "1", .about = "Counts what it sees."});
    plugins.adopt(&neighbour, "zz-neighbour");
    const Sources sources = Sources::from({}, "", findings);
    plugins.resolve(sources, findings);
    plugins.put_in_order({});
    plugins.create([](const Plugin&, sls_sandbox&) {});
  }
  void live(std::size_t rounds) {
    for (std::size_t i = 0; i < rounds; ++i) {
      sls_record record{};
      record.kind = SLS_RECORD_FUNCTION;
      record.text = sls::str("a line");
      std::vector<sls_record> records{record};
      plugins.on_telemetry(records, 1, 100);
      sls_invocation step{.size = sizeof step, .event = SLS_INVOKE};
      plugins.on_invocation(step, nullptr);
    }
  }

  Counters counters;
  Findings findings;
  PluginSet plugins;
};

TEST_F(Borne, RefusesWhatCannotBeMadeOrLacksASlot) {
  start({"create_fails", "throws_in_create", "routes_without_on_request", "sockets_without_on_packets",
         "payloads_without_intake"});
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(plugins.at(i).state(), PluginState::kFailed) << plugins.at(i).id();
  live(3);
  EXPECT_EQ(seen_by_neighbour, 3u);
}

TEST_F(Borne, QuarantinesWhatThrowsFailsOrIsSlow) {
  start({"throws_everywhere", "returns_errors", "slow"});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(plugins.at(i).state(), PluginState::kRunning) << plugins.at(i).id();
  constexpr std::size_t kRounds = 100;
  live(kRounds);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(plugins.at(i).state(), PluginState::kQuarantined) << plugins.at(i).id();
  EXPECT_EQ(seen_by_neighbour, kRounds);
}

TEST_F(Borne, TakesOneOfTwoWithTheSameId) {
  start({"same_id_a", "same_id_b"});
  ASSERT_EQ(plugins.refusals().size(), 1u);
  EXPECT_NE(plugins.refusals()[0].find("same_id_a"), std::string::npos) << plugins.refusals()[0];
  EXPECT_NE(plugins.refusals()[0].find("same_id_b"), std::string::npos) << plugins.refusals()[0];
}

TEST_F(Borne, EndsWhatNeverEnds) {
  start({"endless_records", "endless_work"});
  live(2);
  EXPECT_GT(seen_by_neighbour, 2u);  // what was released went on, in bounded number
  EXPECT_LT(seen_by_neighbour, 1000u);
  for (int unit = 0; unit < 100; ++unit) EXPECT_TRUE(plugins.work_one());
}

TEST_F(Borne, BoundsWhatIsPosted) {
  start({"floods_facts"});
  live(3);
  EXPECT_EQ(seen_by_neighbour, 3u);
  EXPECT_GT(counters.value("floods-facts", "facts_dropped"), 0u);
}

TEST_F(Borne, SurvivesTablesThatContradictThemselves) {
  start({"odd_options", "odd_interests"});
  live(2);
  EXPECT_EQ(seen_by_neighbour, 2u);
}

TEST_F(Borne, IsNotEndedByADestructorThatThrows) {
  start({"throws_in_destroy"});
  live(1);
  plugins.destroy();
  EXPECT_EQ(seen_by_neighbour, 1u);
}

}  // namespace
}  // namespace agent
