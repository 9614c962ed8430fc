#include "lab/scenario_file.hpp"

#include <gtest/gtest.h>

#include "lab/evidence.hpp"
#include "lab/socket.hpp"

namespace lab {
namespace {

TEST(ScenarioFile, ReadsVerbsWordsAndValues) {
  const auto steps = read_scenario("# a comment\n\n  expect log message=\"a \\\"b\\\"\\n\" status~err count=2\n}\n");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].line, 3u);
  EXPECT_EQ(steps[0].verb, "expect");
  EXPECT_EQ(steps[0].plain(0), "log");
  EXPECT_EQ(steps[0].value("message"), "a \"b\"\n");
  EXPECT_EQ(steps[0].find("status")->sign, '~');
  EXPECT_EQ(steps[1].verb, "}");
}

TEST(ScenarioFile, TakesATextUpToItsEndMark) {
  const auto steps = read_scenario("config <<END\na: 1\n  b: 2\nEND\ninit\n");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].text, "a: 1\n  b: 2\n");
  EXPECT_EQ(steps[1].line, 5u);
}

TEST(ScenarioFile, LeavesJsonAsItIsWritten) {
  EXPECT_EQ(read_scenario(R"(telemetry {"type":"x","record":{"a":"b c"}})")[0].rest,
            R"({"type":"x","record":{"a":"b c"}})");
}

TEST(ScenarioFile, NamesTheLineThatCannotBeRead) {
  for (const char* text : {"init\nline \"open", "init\nconfig <<END\na: 1"}) {
    try {
      read_scenario(text);
      FAIL() << text;
    } catch (const LabError& error) {
      EXPECT_EQ(std::string(error.what()).rfind("line 2: ", 0), 0u) << error.what();
    }
  }
}

struct Question {
  const char* words;
  bool fits;
};

TEST(Evidence, FitsWhereEveryWordFitsSomeField) {
  const Record record{{{"message", "hello world"}, {"request_id", ""}, {"tag", "a:1"}, {"tag", "b:2"}}};
  for (const Question& question : {Question{"", true},
                                   {"message=\"hello world\"", true},
                                   {"message=hello", false},
                                   {"message~^hello", true},
                                   {"message~world tag=b:2 count=7", true},
                                   {"tag=a:1 tag=b:2", true},
                                   {"tag=c:3", false},
                                   {"request_id=none", true},
                                   {"other=x", false}})
    EXPECT_EQ(fits(record, words_of_line(question.words)), question.fits) << question.words;
  EXPECT_THROW(fits(record, words_of_line("message~(")), LabError);
}

}  // namespace
}  // namespace lab
