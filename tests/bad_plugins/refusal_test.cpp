// What the host says of the plugins that it refuses before anything of them runs, and for their tables.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>

#include "plugin/library.hpp"

namespace {

std::string path(const std::string& name) { return std::string(BAD_PLUGINS) + "/" + name + ".so"; }

struct Case {
  const char* name;
  const char* found;
};

class Refusal : public testing::TestWithParam<Case> {};

TEST_P(Refusal, SaysWhatWasFoundAndWhatToDo) {
  const auto library = agent::load_library(path(GetParam().name));
  ASSERT_FALSE(library);
  const std::string& sentence = library.error().text;
  EXPECT_NE(sentence.find(path(GetParam().name)), std::string::npos) << sentence;
  EXPECT_NE(sentence.find(GetParam().found), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("; "), std::string::npos) << sentence;
  EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
}

INSTANTIATE_TEST_SUITE_P(
    OfEachBadFile, Refusal,
    testing::Values(Case{"text_file", "no ELF file"}, Case{"empty_file", "no ELF file"},
                    Case{"truncated", "1000 bytes"}, Case{"directory", "not a regular file"},
                    Case{"wrong_architecture", "is built for"}, Case{"writable_by_others", "others than its owner"},
                    Case{"no_entry", "does not export sls_plugin_v1"},
                    Case{"undefined_symbol", "a_function_that_nobody_has"},
                    Case{"missing_library", "libbad_not_deployed.so"}, Case{"null_table", "returned NULL"},
                    Case{"short_table", "its table has"}, Case{"newer_abi", "1.1000"}, Case{"bad_id", "Bad_Id\\n"},
                    Case{"empty_id", "its id is"}, Case{"no_create", "lacks"}, Case{"not_there", "cannot be read"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Refusal, SparesTheGoodOne) {
  const auto library = agent::load_library(path("good"));
  ASSERT_TRUE(library) << library.error().text;
  EXPECT_EQ(std::string(library->table.id.data, library->table.id.len), "good");
}

TEST(Refusal, DoesNotWaitForAPipe) {
  const std::string pipe = path("pipe");
  std::remove(pipe.c_str());
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto library = agent::load_library(pipe);
  std::remove(pipe.c_str());
  ASSERT_FALSE(library);
  EXPECT_NE(library.error().text.find("not a regular file"), std::string::npos);
}

}  // namespace
