#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "between/enrich.hpp"
#include "between/mapper_setting.hpp"

namespace {

using metrics::Mapper;
using metrics::Wildcard;
using Groups = std::vector<std::string_view>;

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

TEST(Wildcard, TakesWhatTheStarsOfItsPatternTake) {
  struct Case {
    const char *pattern, *name;
    std::optional<Groups> wanted;
  };
  const Case cases[] = {
      {"a.b", "a.b", Groups{"a.b"}},
      {"a.b", "a.bc", {}},
      {"a.b", "a", {}},
      {"a", "a.b", {}},
      {"a.*", "a.b", Groups{"a.b", "b"}},
      {"a.*", "a.", Groups{"a.", ""}},
      {"a.*", "a.b.c", {}},
      {"*.*", "x.y", Groups{"x.y", "x", "y"}},
      {"test.job.duration.*.*", "test.job.duration.my_type.my_name",
       Groups{"test.job.duration.my_type.my_name", "my_type", "my_name"}},
      {"a*c", "abc", Groups{"abc", "b"}},
      {"a*a", "a", {}},
      {"a*a", "aa", Groups{"aa", ""}},
      {"*b*", "abcbd", Groups{"abcbd", "abc", "d"}},
      {"a*b*c", "a1b2b3c", Groups{"a1b2b3c", "1b2", "3"}},
      {"*aa*aa", "aaa", {}},
      {"*aa*aa", "aaaaa", Groups{"aaaaa", "a", ""}},
      {"*", "", Groups{"", ""}},
      {"*-x.y", "q-x.y", Groups{"q-x.y", "q"}},
  };
  for (const Case& each : cases) {
    Groups groups;
    ASSERT_EQ(Wildcard(each.pattern).matches(each.name, groups), each.wanted.has_value())
        << each.pattern << " " << each.name;
    if (each.wanted) {
      EXPECT_EQ(groups, *each.wanted) << each.pattern << " " << each.name;
    }
  }
}

TEST(Wildcard, TakesWhatItsRegularExpressionTakes) {
  std::mt19937 random(7);
  const auto text = [&random](std::string_view letters, std::size_t most) {
    std::string out;
    for (std::size_t i = random() % (most + 1); i != 0; --i) out.push_back(letters[random() % letters.size()]);
    return out;
  };
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string pattern = text("ab*.*", 8), name = text("aab.", 9);
    if (!Wildcard::usable(pattern)) continue;
    std::string expression = "^", error;
    for (const char c : pattern) expression += c == '*' ? "([^.]*)" : c == '.' ? "\\." : std::string(1, c);
    const sls::Regex regex = sls::Regex::compile(*sls_regex_engine_v1(), expression + "$", error);
    std::vector<sls::RegexGroup> wanted(static_cast<std::size_t>(regex.groups()) + 1);
    Groups groups;
    const bool hit = regex.search(name, 0, wanted);
    ASSERT_EQ(Wildcard(pattern).matches(name, groups), hit) << pattern << " " << name;
    if (!hit) continue;
    ++matched;
    ASSERT_EQ(groups.size(), wanted.size());
    for (std::size_t g = 0; g < groups.size(); ++g) ASSERT_EQ(groups[g], wanted[g].in(name)) << pattern << " " << name;
  }
  EXPECT_GT(matched, 500);
}

TEST(GroupText, IsExpandedAsGoExpandsIt) {
  struct Case {
    const char *text, *wanted;
  };
  const Groups groups = {"a.b", "A", "B"};
  for (const Case& each :
       {Case{"", ""}, Case{"x", "x"}, Case{"$1", "A"}, Case{"${2}.$1", "B.A"}, Case{"$1x", ""}, Case{"${1}x", "Ax"},
        Case{"$0", "a.b"}, Case{"$9", ""}, Case{"$name-", "-"}, Case{"$$1", "$1"}, Case{"a$", "a$"}, Case{"${1", "${1"},
        Case{"${}", "${}"}, Case{"$-", "$-"}, Case{"$99999999999999999999", ""}}) {
    std::string out = "left over";
    metrics::GroupText(each.text).expand(groups, out);
    EXPECT_EQ(out, each.wanted) << each.text;
  }
}

constexpr const char* kProfiles = R"([
  {"name":"jobs","prefix":"test.","mappings":[
    {"match":"test.job.duration.*.*","name":"test.job.duration","tags":{"job_type":"$1","job_name":"$2"}},
    {"match":"test.task.*","match_type":"wildcard","name":"test.${1}.done"},
    {"match":"test\\.(?P<what>\\w+)-([0-9]+)|test.z","match_type":"regex","name":"test.$what",
     "tags":{"n":"${2}","all":"$0"}}]},
  {"name":"never","prefix":"test.job","mappings":[{"match":"*.*","name":"x"}]},
  {"name":"rest","prefix":"*","mappings":[{"match":"*,*","name":"bad"},
    {"match":"lone","name":"found","tags":{"c":"a,b"}}]}])";

TEST(Mapper, AsksTheFirstProfileWhosePrefixANameHas) {
  std::vector<std::string> findings;
  struct Case {
    const char *name, *mapped, *tags;
  };
  const Case cases[] = {
      {"test.job.duration.my_type.my_name", "test.job.duration", "job_type:my_type,job_name:my_name"},
      {"test.task.build", "test.build.done", ""},
      {"test.db-17", "test.db", "n:17,all:test.db-17"},
      {"test.db-17x", nullptr, ""},
      {"xtest.db-17", nullptr, ""},
      {"test.job", nullptr, ""},
      {"lone", "found", "c:a_b"},
      {"other", nullptr, ""},
  };
  for (const std::size_t cached : {0u, 1u, 1000u}) {
    Mapper mapper(metrics::read_mapper_profiles(kProfiles, engine, findings), cached);
    for (int round = 0; round < 2; ++round)
      for (const Case& each : cases) {
        std::string_view mapped, tags;
        ASSERT_EQ(mapper.map(each.name, mapped, tags), each.mapped != nullptr) << each.name;
        if (each.mapped == nullptr) continue;
        EXPECT_EQ(mapped, each.mapped) << each.name;
        EXPECT_EQ(tags, each.tags) << each.name;
      }
  }
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0],
            "dogstatsd_mapper_profiles: profile 'rest', mapping 1 (match '*,*'): wanted letters, digits, '-', '_', '.' "
            "and '*', no two stars side by side; it is left out");
}

TEST(Mapper, ComesBeforeNamespaceFilterAndTags) {
  std::vector<std::string> findings;
  metrics::Enricher enricher;
  enricher.use(Mapper(metrics::read_mapper_profiles(kProfiles, engine, findings), 10));
  enricher.use(metrics::Namespace("ns", {}));
  enricher.use(metrics::NameFilter({"ns.test.build.done"}, false));
  enricher.add_tags({"z"});
  metrics::Identity out;
  ASSERT_EQ(enricher.enrich(metrics::Origin::kWire, "test.job.duration.a.b", "k", out),
            metrics::Enricher::Verdict::kTaken);
  EXPECT_EQ(out.name, "ns.test.job.duration");
  EXPECT_EQ(out.tags, "job_name:b,job_type:a,k,z");
  EXPECT_EQ(enricher.enrich(metrics::Origin::kWire, "test.task.build", "", out), metrics::Enricher::Verdict::kFiltered);
}

TEST(MapperSetting, CostsWhatIsBadAloneAndSaysWhy) {
  struct Case {
    const char* setting;
    std::size_t profiles, mappings;
    const char* said;  // part of the one finding; null: none
  };
  const Case cases[] = {
      {"", 0, 0, nullptr},
      {"[]", 0, 0, nullptr},
      {"nonsense", 0, 0, "wanted a list of profiles"},
      {"{}", 0, 0, "wanted a list of profiles"},
      {R"("[{\"name\":\"n\",\"prefix\":\"p\",\"mappings\":[{\"match\":\"p\",\"name\":\"q\"}]}]")", 1, 1, nullptr},
      {R"([{"prefix":"p","mappings":[]},{"name":"n","prefix":"p","mappings":[]}])", 1, 0, "profile 1 has no name"},
      {R"([{"name":"n","mappings":[]}])", 0, 0, "profile 1 has no prefix"},
      {R"([7])", 0, 0, "profile 1 is no map"},
      {R"([{"name":"n","prefix":"p"}])", 1, 0, "no list of mappings"},
      {R"([{"name":"n","prefix":"p","mappings":[{"name":"q"},{"match":"p","name":"q"}]}])", 1, 1, "it has no match"},
      {R"([{"name":"n","prefix":"p","mappings":[{"match":"p"}]}])", 1, 0, "it has no name"},
      {R"([{"name":"n","prefix":"p","mappings":[{"match":"p","name":"q","match_type":"glob"}]}])", 1, 0, "'glob'"},
      {R"([{"name":"n","prefix":"p","mappings":[{"match":"(","name":"q","match_type":"regex"},
         {"match":"p.*","name":"q","match_type":"regex"}]}])",
       1, 1, "match '('"},
      {R"([{"name":"n","prefix":"p","mappings":["x"]}])", 1, 0, "wanted a map"},
  };
  for (const Case& each : cases) {
    std::vector<std::string> findings;
    const auto profiles = metrics::read_mapper_profiles(each.setting, engine, findings);
    EXPECT_EQ(profiles.size(), each.profiles) << each.setting;
    std::size_t mappings = 0;
    for (const auto& profile : profiles) mappings += profile.mappings.size();
    EXPECT_EQ(mappings, each.mappings) << each.setting;
    ASSERT_EQ(findings.size(), each.said == nullptr ? 0u : 1u) << each.setting;
    if (each.said != nullptr) {
      EXPECT_NE(findings[0].find(each.said), std::string::npos) << findings[0];
    }
  }
}

TEST(MapperSetting, LosesRegularExpressionsAloneWhereThereIsNoEngine) {
  std::vector<std::string> findings;
  const auto none = [](std::string& error) -> const sls::RegexEngine* { return error = "no such file", nullptr; };
  const auto profiles = metrics::read_mapper_profiles(kProfiles, none, findings);
  EXPECT_EQ(profiles.at(0).mappings.size(), 2u);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_NE(findings[0].find("no such file"), std::string::npos);
}

TEST(MapperSetting, TakesABoundedNumberOfMappings) {
  std::string setting = R"([{"name":"n","prefix":"*","mappings":[)";
  for (std::size_t i = 0; i < metrics::kMappingsMax + 5; ++i)
    setting += (i == 0 ? "" : ",") + std::string(R"({"match":"a","name":"b"})");
  std::vector<std::string> findings;
  const auto profiles = metrics::read_mapper_profiles(setting + "]}]", engine, findings);
  EXPECT_EQ(profiles.at(0).mappings.size(), metrics::kMappingsMax);
  EXPECT_EQ(findings.size(), 1u);
}

}  // namespace
