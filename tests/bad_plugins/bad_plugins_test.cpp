// Are the bad plugins as bad as their names say, and no worse? What a host does with them is the integration tests'
// matter.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <string>

#include "sls/testing.hpp"

namespace {

std::string path(const std::string& name) { return std::string(BAD_PLUGINS) + "/" + name + ".so"; }

struct Loaded {
  explicit Loaded(const std::string& name) : handle(dlopen(path(name).c_str(), RTLD_NOW | RTLD_LOCAL)) {
    error = handle == nullptr ? dlerror() : "";
    if (handle == nullptr) return;
    const auto entry = reinterpret_cast<const sls_plugin* (*)()>(dlsym(handle, SLS_ENTRY));
    has_entry = entry != nullptr;
    table = has_entry ? entry() : nullptr;
  }
  void* handle;
  std::string error;
  bool has_entry = false;
  const sls_plugin* table = nullptr;
};

TEST(BadPlugins, LoadWithATableThatADriverTakes) {
  for (const char* name :
       {"good", "returns_errors", "slow", "endless_work", "floods_facts", "odd_options", "odd_interests",
        "odd_responses", "throws_in_destroy", "throws_everywhere", "same_id_a", "same_place_a", "crashes",
        "never_returns", "huge_counts", "intake_out_of_range", "endless_payloads"}) {
    Loaded loaded(name);
    ASSERT_NE(loaded.table, nullptr) << name << " " << loaded.error;
    EXPECT_TRUE(sls::valid_id(sls::Text(loaded.table->id))) << name;
    sls::testing::TableDriver driver(*loaded.table);
    EXPECT_TRUE(driver.created()) << name;
    if (std::string_view(name) == "slow") continue;  // burns processor time
    driver.invoke("req-1").log("line").done();
  }
}

TEST(BadPlugins, GiveNoUsableTable) {
  EXPECT_FALSE(Loaded("no_entry").has_entry);
  EXPECT_TRUE(Loaded("null_table").has_entry);
  EXPECT_EQ(Loaded("null_table").table, nullptr);
  EXPECT_LT(Loaded("short_table").table->size, sizeof(sls_plugin));
  EXPECT_GT(Loaded("newer_abi").table->abi_minor_needed, SLS_ABI_MINOR);
  EXPECT_FALSE(sls::valid_id(sls::Text(Loaded("bad_id").table->id)));
  EXPECT_FALSE(sls::valid_id(sls::Text(Loaded("empty_id").table->id)));
  EXPECT_EQ(Loaded("no_create").table->create, nullptr);
}

TEST(BadPlugins, CannotBeMade) {
  for (const char* name : {"create_fails", "throws_in_create"})
    EXPECT_FALSE(sls::testing::TableDriver(*Loaded(name).table).created()) << name;
}

TEST(BadPlugins, CannotBeLoaded) {
  struct Case {
    const char* name;
    const char* loader_says;
  };
  const Case cases[] = {{"undefined_symbol", "undefined symbol"},
                        {"missing_library", "cannot open shared object file"},
                        {"text_file", "header"},
                        {"empty_file", "too short"},
                        {"wrong_architecture", "cannot open shared object file"}};
  for (const Case& each : cases) {
    const Loaded loaded(each.name);
    EXPECT_EQ(loaded.handle, nullptr) << each.name;
    EXPECT_NE(loaded.error.find(each.loader_says), std::string::npos) << each.name << ": " << loaded.error;
  }
}

TEST(BadPlugins, AreWrongAsFiles) {
  struct stat file {};
  ASSERT_EQ(stat(path("writable_by_others").c_str(), &file), 0);
  EXPECT_NE(file.st_mode & S_IWOTH, 0u);
  EXPECT_NE(Loaded("writable_by_others").table, nullptr);
  ASSERT_EQ(stat(path("directory").c_str(), &file), 0);
  EXPECT_TRUE(S_ISDIR(file.st_mode));
  // Not loaded here: the loader maps what is not there, and reading it is SIGBUS.
  ASSERT_EQ(stat(path("truncated").c_str(), &file), 0);
  EXPECT_EQ(file.st_size, 1000);
  std::ifstream elf(path("wrong_architecture"), std::ios::binary);
  char head[20];
  ASSERT_TRUE(elf.read(head, sizeof head));
  EXPECT_EQ(std::memcmp(head, "\177ELF", 4), 0);
}

TEST(BadPlugins, BreakTheContractAsTheirNamesSay) {
  struct Case {
    const char* name;
    const char* fault;
  };
  const Case cases[] = {{"returns_errors", "on_telemetry returned -4"},
                        {"throws_everywhere", "on_invocation returned -5"},
                        {"routes_without_on_request", "routes without on_request"},
                        {"sockets_without_on_packets", "sockets without on_packets"},
                        {"payloads_without_intake", "a payload for an unknown intake"},
                        {"intake_out_of_range", "a payload for an unknown intake"},
                        {"endless_payloads", "next_payload never says that it is empty"},
                        {"endless_work", "work never says that nothing is left"},
                        {"endless_records", "next_records never says that it is empty"},
                        {"floods_facts", "count was called with a handle that counter never gave"},
                        {"null_parts", "a payload that counts parts but points at none"}};
  for (const Case& each : cases) {
    sls::testing::TableDriver driver(*Loaded(each.name).table);
    driver.invoke("req-1").log("line").done();
    driver.flush();
    const auto& faults = driver.faults();
    EXPECT_NE(std::find(faults.begin(), faults.end(), each.fault), faults.end()) << each.name;
  }
}

TEST(BadPlugins, HaveTwins) {
  EXPECT_EQ(sls::Text(Loaded("same_id_a").table->id), sls::Text(Loaded("same_id_b").table->id));
  EXPECT_NE(sls::Text(Loaded("same_place_a").table->id), sls::Text(Loaded("same_place_b").table->id));
}

}  // namespace
