// Subject scrubber: {mode: text | text-enc | line | yaml | json, input, output | output_data}.
#include "config/scrubbed.hpp"
#include "config/yaml_source.hpp"
#include "vectors.hpp"

namespace {

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

vectors::json::value data_of(const std::string& document) {
  const auto tree = agent::parse_yaml(document);
  EXPECT_TRUE(tree) << document;
  return tree ? vectors::json::parse(agent::to_json(*tree, tree->root())) : nullptr;
}

void judge(const vectors::json::object& one) {
  sls::Scrubber scrubber(engine);
  const std::string input(one.at("input").as_string());
  const std::string_view mode = one.at("mode").as_string();
  if (mode == "yaml") {
    EXPECT_EQ(data_of(agent::scrubbed_yaml(scrubber, input)), one.at("output_data"));
    return;
  }
  if (mode == "json") {
    EXPECT_EQ(vectors::json::parse(agent::scrubbed_json(scrubber, input)), one.at("output_data"));
    return;
  }
  const std::string out = mode == "line" ? scrubber.line(input) : scrubber.text(input, mode == "text-enc");
  EXPECT_EQ(out, one.at("output").as_string());
}

TEST(ScrubberVectors, HoldForTheProjectsOwnCases) { vectors::run_own("scrubber", judge); }
TEST(ScrubberVectors, HoldForTheSharedCases) { vectors::run_shared("scrubber", judge); }

}  // namespace
