#include <gtest/gtest.h>

#include "between/tag_rules.hpp"

namespace {

TEST(TagRules, SortAndTakeOutWhatIsNoTag) {
  struct Case {
    const char *tags, *more, *wanted;
  };
  const Case cases[] = {
      {"", "", ""},
      {"b:2,a:1", "", "a:1,b:2"},
      {"a:1,a:1,b:2,a:1", "", "a:1,b:2"},
      {"env:prod,env:dev", "", "env:dev,env:prod"},
      {"A:x,a:x", "", "A:x,a:x"},
      {"k:,k,,:v", "", ":v,k,k:"},
      {"k:a:b:c", "", "k:a:b:c"},
      {"z", "y,x", "x,y,z"},
      {"", "y,x", "x,y"},
      {"host:web-1,a", "", "a"},
      {"host:,a", "", "a"},
      {"hosts:web-1", "", "hosts:web-1"},
      {"dd.internal.entity_id:none,dd.internal.card:low,dd.internal.jmx_check_name:x,a", "", "a"},
      {"dd.internal.resource:db:main,device:sda", "", "dd.internal.resource:db:main,device:sda"},
      {"k:\xff", "", "k:\xEF\xBF\xBD"},
  };
  metrics::TagRules rules;
  for (const Case& each : cases) {
    std::string out = "left over";
    EXPECT_TRUE(rules.apply(each.tags, each.more, out)) << each.tags;
    EXPECT_EQ(out, each.wanted) << each.tags;
  }
}

std::string many(std::size_t count, std::size_t bytes = 0) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string tag = "t" + std::to_string(i);
    tag.resize(std::max(tag.size(), bytes), 'x');
    out.append(out.empty() ? "" : ",").append(tag);
  }
  return out;
}

TEST(TagRules, RefuseWhatTheIntakeWouldRefuse) {
  metrics::TagRules rules;
  std::string out;
  EXPECT_TRUE(rules.apply(many(100), {}, out));
  EXPECT_FALSE(rules.apply(many(101), {}, out));
  EXPECT_FALSE(rules.apply(many(10'000), {}, out));
  EXPECT_FALSE(rules.apply(many(100), "one-more", out));
  EXPECT_TRUE(rules.apply(many(100) + ",t5,t6,host:x", {}, out));
  EXPECT_TRUE(rules.apply(many(3, 200), {}, out));
  EXPECT_FALSE(rules.apply(many(3, 201), {}, out));
}

TEST(TagRules, TellResources) {
  struct Case {
    const char* tag;
    bool is;
    const char *type, *name;
  };
  const Case cases[] = {
      {"device:sda", true, "device", "sda"},
      {"dd.internal.resource:aws_rds:db-1:x", true, "aws_rds", "db-1:x"},
      {"dd.internal.resource:aws_rds", true, "aws_rds", ""},
      {"devices:sda", false, "", ""},
      {"dd.internal.card:low", false, "", ""},
      {"k:device:x", false, "", ""},
  };
  for (const Case& each : cases) {
    metrics::Resource found;
    ASSERT_EQ(metrics::names_resource(each.tag, found), each.is) << each.tag;
    EXPECT_EQ(found.type, each.type) << each.tag;
    EXPECT_EQ(found.name, each.name) << each.tag;
  }
}

}  // namespace
