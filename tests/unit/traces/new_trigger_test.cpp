// Adding a kind of trigger is one file and one row: shown with a kind that exists in this file alone, and by counting
// what each of the kinds that exist touches.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "seen.hpp"

namespace {

using namespace traces::invocation;
namespace fs = std::filesystem;

// ---- all that a new kind needs

bool recognises(Node event) { return event["doorbell"].exists(); }

void describe(Sighting& s) {
  s.source("doorbell", s.event["doorbell"]["arn"].text());
  put_texts(s.carriers.trigger, s.event["doorbell"]["context"]);
  if (InferredSpan* span = s.span("home.doorbell", "web", std::int64_t{1700000000000000000})) {
    span->resource = s.keep({s.event["doorbell"]["button"].text()});
    span->service = s.service({span->resource, "lambda_doorbell", span->resource, "doorbell"});
  }
}

constexpr Trigger kDoorbell{"doorbell", recognises, describe};

TEST(NewTrigger, NeedsNothingButItsOwnValueInTheTable) {
  std::vector<const Trigger*> rows(trigger_rows().begin(), trigger_rows().end());
  const char* event = R"({"doorbell":{"arn":"arn:bell","button":"front","context":{"x-datadog-trace-id":"5"}}})";
  EXPECT_EQ(seen::see(event, {.rows = rows}).facts.trigger, "");
  rows.push_back(&kDoorbell);
  const seen::Seen it = seen::see(event, {.mapping = "lambda_doorbell:home", .rows = rows});
  EXPECT_EQ(it.facts.trigger, "doorbell");
  EXPECT_EQ(it.tag("function_trigger.event_source_arn"), "arn:bell");
  EXPECT_EQ(it.carried("x-datadog-trace-id"), "5");
  EXPECT_EQ(it.span().service, "home");
}

// ---- what the kinds that exist touch

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t words(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += word.size()) {
    const bool quoted = at > 0 && text[at - 1] == '"';  // the service's name, not the row's
    const bool begins = at == 0 || !is_word(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !is_word(text[at + word.size()]);
    if (begins && ends && !quoted) ++count;
  }
  return count;
}

std::size_t rows_of(const std::string& table, const std::string& name) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = table.find("row(" + name + ")", at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(NewTrigger, IsOneFileAndOneRowForEveryKindThatExists) {
  const fs::path source = SLS_SOURCE_DIR;
  const fs::path folder = source / "plugins/traces/invocation", rows = folder / "trigger_rows.hpp";
  std::map<fs::path, std::string> others;  // where no kind's row may be named
  for (const char* place : {"plugins", "agent", "sdk", "cmake"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / place)) {
      const std::string extension = entry.path().extension();
      if (entry.path() == rows
          || (extension != ".cpp" && extension != ".hpp" && extension != ".txt" && extension != ".cmake")) {
        continue;
      }
      others[entry.path()] = text_of(entry.path());
    }
  }
  const std::string table = text_of(rows);
  std::size_t kinds = 0;
  for (const auto& [path, text] : others) {
    if (path.parent_path() != folder / "triggers" || text.find("\nconst Trigger ") == std::string::npos) continue;
    const std::string name = path.stem();
    SCOPED_TRACE(name);
    ++kinds;
    EXPECT_EQ(words(text, "const Trigger " + name), 1u) << "the file is named after its row";
    EXPECT_EQ(rows_of(table, name), 1u);
    for (const auto& [other, its_text] : others) {
      if (other == path) continue;
      EXPECT_EQ(words(its_text, "triggers::" + name), 0u) << other;
      EXPECT_EQ(words(its_text, name + ".cpp"), 0u) << other;
    }
  }
  EXPECT_EQ(kinds, trigger_rows().size());
}

}  // namespace
