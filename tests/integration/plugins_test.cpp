// Broken plugins beside the real ones in the built agent: each costs only itself. What a plugin room alone can show is
// in tests/bad_plugins; here it is the whole: lines of the others arrive, the ledger balances, exit code 0.
#include <gtest/gtest.h>

#include <filesystem>

#include "stage.hpp"

namespace {

namespace fs = std::filesystem;
using stage::Given;
using stage::Ledger;
using stage::Stage;

// A plugin directory of its own, with the real plugins `real` and the test plugins `more` (files of the build).
class Deployment {
 public:
  Deployment(const std::vector<std::string>& real, const std::vector<fs::path>& more) {
    std::string pattern = (fs::temp_directory_path() / "sls-plugins-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    fs::create_directories(root_ / "plugins");
    fs::copy(fs::path(SLS_DIST) / "lib", root_ / "lib", fs::copy_options::recursive);
    for (const std::string& name : real) take(fs::path(SLS_DIST) / "plugins" / (name + ".so"));
    for (const fs::path& file : more) take(file);
  }
  ~Deployment() { fs::remove_all(root_); }

  std::string directory() const { return (root_ / "plugins").string(); }

 private:
  // Copies keep their mode: one of the bad plugins is bad by its mode.
  void take(const fs::path& file) {
    fs::copy(file, root_ / "plugins", fs::copy_options::recursive);
    fs::permissions(root_ / "plugins" / file.filename(), fs::status(file).permissions());
  }

  fs::path root_;
};

fs::path bad(const std::string& name) { return fs::path(SLS_BAD_PLUGINS) / (name + ".so"); }
fs::path good(const std::string& name) { return fs::path(SLS_TEST_PLUGINS) / (name + ".so"); }

Given with(const Deployment& deployment) {
  Given given;
  given.environment["DD_PLUGINS_DIRECTORY"] = deployment.directory();
  return given;
}

void expect_well(Stage& stage, const std::string& what) {
  for (const char* plugin : {"logs", "metrics", "traces"}) {
    const Ledger ledger = stage.ledger(plugin);
    EXPECT_GE(ledger.received, 0) << plugin << " beside " << what;
    EXPECT_TRUE(ledger.balances()) << plugin << " beside " << what;
  }
  EXPECT_TRUE(stage.broken().empty()) << what;
  const lab::ShutdownOutcome outcome = stage.shutdown();
  EXPECT_FALSE(outcome.killed) << what;
  EXPECT_EQ(outcome.exit_code, 0) << what;
}

struct Fault {
  const char* file;
  const char* said;  // part of the one ERROR line; empty: nothing has to be said
};

class BadPlugin : public testing::TestWithParam<Fault> {};

TEST_P(BadPlugin, CostsOnlyItself) {
  const Fault& fault = GetParam();
  const Deployment deployment({"logs", "metrics", "traces"}, {bad(fault.file)});
  Stage stage(with(deployment));
  ASSERT_TRUE(stage.start()) << stage.failure;
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back("line " + std::to_string(i));
    ASSERT_TRUE(stage.invoke({lines.back()})) << fault.file << ", invocation " << i;
  }
  std::vector<std::string> arrived;  // one of the bad ones ships lines of its own
  for (std::string& message : stage.messages())
    if (message.rfind("line ", 0) == 0) arrived.push_back(std::move(message));
  EXPECT_EQ(arrived, lines);
  if (*fault.said != '\0') {
    EXPECT_EQ(stage.agent_lines_with(fault.said), 1u) << fault.said;
  }
  expect_well(stage, fault.file);
}

INSTANTIATE_TEST_SUITE_P(
    Plugins, BadPlugin,
    testing::Values(Fault{"text_file", "it is no ELF file"}, Fault{"empty_file", "it is no ELF file"},
                    Fault{"truncated", "truncated.so is refused"}, Fault{"wrong_architecture", "it is built for"},
                    Fault{"writable_by_others", "others than its owner may write it"},
                    Fault{"no_entry", "does not export sls_plugin_v1"}, Fault{"undefined_symbol", "cannot be loaded"},
                    Fault{"missing_library", "cannot be loaded"}, Fault{"null_table", "returned NULL"},
                    Fault{"newer_abi", "it needs plugin ABI 1.1000"}, Fault{"bad_id", "its id is"},
                    Fault{"create_fails", "create answered"}, Fault{"throws_in_create", "create answered"},
                    Fault{"routes_without_on_request", "lacks on_request"},
                    Fault{"sockets_without_on_packets", "lacks on_packets"},
                    Fault{"payloads_without_intake", "lacks an intake"},
                    Fault{"throws_everywhere", "is called no more in this sandbox"},
                    Fault{"returns_errors", "is called no more in this sandbox"},
                    Fault{"slow", "is called no more in this sandbox"}, Fault{"endless_records", ""},
                    Fault{"intake_out_of_range", ""}, Fault{"null_parts", ""}, Fault{"huge_counts", ""},
                    Fault{"floods_facts", ""}, Fault{"odd_options", ""}, Fault{"odd_interests", ""},
                    Fault{"throws_in_destroy", ""}),
    [](const auto& i) { return std::string(i.param.file); });

// Plugins that never come to an end in a flush: the flush ends at its own bounds, the others' data arrives.
class EndlessPlugin : public testing::TestWithParam<const char*> {};

TEST_P(EndlessPlugin, HoldsNoInvocationBeyondAFlush) {
  const Deployment deployment({"logs", "metrics", "traces"}, {bad(GetParam())});
  Given given = with(deployment);
  // Such a plugin takes all the time that SHUTDOWN gives; looking for leaks behind it would take more.
  given.environment["ASAN_OPTIONS"] = "detect_leaks=0";
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stage.invoke({"line " + std::to_string(i)})) << i;
  EXPECT_EQ(stage.messages(), (std::vector<std::string>{"line 0", "line 1", "line 2"}));
  expect_well(stage, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Plugins, EndlessPlugin, testing::Values("endless_work", "endless_payloads"),
                         [](const auto& i) { return std::string(i.param); });

TEST(Plugins, OfOneIdAreOnlyTakenOnce) {
  const Deployment deployment({"logs", "metrics", "traces"}, {bad("same_id_a"), bad("same_id_b")});
  Stage stage(with(deployment));
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_EQ(stage.agent_lines_with("same_id_b.so is refused"), 1u);
  ASSERT_TRUE(stage.invoke({"beside them"}));
  expect_well(stage, "same_id");
}

TEST(Plugins, ThatWantOneRouteOrSocketAreNamedAndTheFirstHasIt) {
  const Deployment deployment({"logs", "metrics", "traces"}, {bad("same_place_a"), bad("same_place_b")});
  for (const char* option : {"ROUTE", "SOCKET"}) {
    Given given = with(deployment);
    const std::string place = *option == 'R' ? "127.0.0.1:0" : "udp://127.0.0.1:0";
    given.environment[std::string("DD_PLUGINS_SAME_PLACE_A_") + option] = place;
    given.environment[std::string("DD_PLUGINS_SAME_PLACE_B_") + option] = place;
    Stage stage(given);
    ASSERT_TRUE(stage.start()) << stage.failure;
    EXPECT_EQ(stage.agent_lines_with("plugin same-place-b is off: it asks for the"), 1u) << option;
    EXPECT_EQ(stage.agent_lines_with("which same-place-a already has"), 1u) << option;
    ASSERT_TRUE(stage.invoke({"beside them"}));
    expect_well(stage, option);
  }
}

TEST(Plugins, ThatAreDisabledAreNotOpened) {
  const Deployment deployment({"logs", "metrics", "traces"}, {bad("text_file")});
  Given given = with(deployment);
  given.environment["DD_PLUGINS_DISABLED"] = "text_file,traces";
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_EQ(stage.agent_lines_with("is refused"), 0u);
  ASSERT_TRUE(stage.invoke({"without traces"}));
  EXPECT_EQ(stage.ledger("traces").received, -1) << "there is none";
  EXPECT_EQ(stage.messages(), std::vector<std::string>{"without traces"});
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

TEST(Plugins, AreMissingAltogetherAndTheAgentLives) {
  const Deployment deployment({}, {});
  Stage stage(with(deployment));
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_TRUE(stage.invoke({"nobody ships this"}));
  EXPECT_EQ(stage.ask("GET", "/lambda/hello").status, 200);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
}

// A sampler that holds debug lines back until it knows how the invocation ended (next_records).
TEST(HoldingSampler, ShipsDebugLinesOfFailedInvocationsOnly) {
  const Deployment deployment({"logs", "metrics", "traces"}, {good("holding-sampler")});
  Stage stage(with(deployment));
  ASSERT_TRUE(stage.start()) << stage.failure;
  for (const char* status : {"success", "error"}) {
    const std::string id = std::string(status) == "error" ? "0e0e0e0e-0000-4000-8000-000000000002"
                                                          : "0a0a0a0a-0000-4000-8000-000000000001";
    stage.sandbox().begin(id);
    stage.sandbox().line(lab::json::string("DEBUG details of " + std::string(status)));
    stage.sandbox().line(lab::json::string("result " + std::string(status)));
    lab::Ending ending;
    ending.status = status;
    stage.sandbox().finish(id, ending);
    stage.sandbox().report(id);
    ASSERT_TRUE(stage.sandbox().wait_idle(lab::Clock::now() + std::chrono::seconds(10)));
  }
  EXPECT_EQ(stage.messages(), (std::vector<std::string>{"result success", "result error", "DEBUG details of error"}));
  for (const lab::LogEntry& entry : stage.logs())
    if (entry.message == "DEBUG details of error") {
      EXPECT_EQ(entry.request_id, "0e0e0e0e-0000-4000-8000-000000000002");
    }
  EXPECT_TRUE(stage.ledger("holding-sampler").balances());
  expect_well(stage, "holding-sampler");
}

}  // namespace
