#include "lambda/sandbox.hpp"

#include <gtest/gtest.h>

#include <map>

namespace agent {
namespace {

std::map<std::string, std::string> tags_of(Sources::Environment environment, Settings settings = {},
                                           RegisterAnswer answer = {"MyFn", "$LATEST", "h", "123456789012"}) {
  Findings findings;
  const Sources sources = Sources::from(std::move(environment), "", findings);
  const Sandbox sandbox(sources, settings, answer);
  sls_sandbox view{};
  sandbox.fill(view);
  std::map<std::string, std::string> tags;
  for (std::size_t i = 0; i < view.tags.count; ++i) {
    const auto text = [](sls_str part) { return std::string(part.data, part.len); };
    EXPECT_TRUE(tags.emplace(text(view.tags.items[i].key), text(view.tags.items[i].value)).second) << "a key twice";
  }
  return tags;
}

TEST(Sandbox, HasTheTagsOfTheFunction) {
  const auto tags = tags_of({{"AWS_LAMBDA_FUNCTION_NAME", "MyFn"},
                             {"AWS_REGION", "us-east-1"},
                             {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"},
                             {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
                             {"AWS_EXECUTION_ENV", "AWS_Lambda_nodejs20.x"}});
  EXPECT_EQ(tags.at("function_arn"), "arn:aws:lambda:us-east-1:123456789012:function:myfn");
  EXPECT_EQ(tags.at("functionname"), "MyFn");
  EXPECT_EQ(tags.at("resource"), "MyFn");
  EXPECT_EQ(tags.at("region"), "us-east-1");
  EXPECT_EQ(tags.at("account_id"), "123456789012");
  EXPECT_EQ(tags.at("aws_account"), "123456789012");
  EXPECT_EQ(tags.at("memorysize"), "512");
  EXPECT_EQ(tags.at("init_type"), "on-demand");
  EXPECT_EQ(tags.at("runtime"), "nodejs20.x");
  EXPECT_FALSE(tags.at("architecture").empty());
  EXPECT_FALSE(tags.at("dd_extension_version").empty());
  EXPECT_EQ(tags.count("executedversion"), 0u);
  EXPECT_EQ(tags.count("env"), 0u);
}

TEST(Sandbox, NamesTheVersionThatRuns) {
  const auto tags = tags_of({{"AWS_LAMBDA_FUNCTION_NAME", "MyFn"}, {"AWS_LAMBDA_FUNCTION_VERSION", "7"}});
  EXPECT_EQ(tags.at("resource"), "MyFn:7");
  EXPECT_EQ(tags.at("executedversion"), "7");
}

TEST(Sandbox, KnowsThePartitionByTheRegion) {
  for (const auto& [region, partition] :
       {std::pair{"cn-north-1", "arn:aws-cn:"}, {"us-gov-west-1", "arn:aws-us-gov:"}, {"eu-west-3", "arn:aws:"}})
    EXPECT_EQ(tags_of({{"AWS_REGION", region}}).at("function_arn").rfind(partition, 0), 0u) << region;
}

TEST(Sandbox, LetsTheUsersTagsWinAndHoldsEachKeyOnce) {
  Settings settings;
  settings.env = "prod";
  settings.tags = {{"functionname", "other"}, {"team", "core"}, {"env", "mine"}};
  const auto tags = tags_of({{"AWS_LAMBDA_FUNCTION_NAME", "MyFn"}}, settings);
  EXPECT_EQ(tags.at("functionname"), "other");
  EXPECT_EQ(tags.at("team"), "core");
  EXPECT_EQ(tags.at("env"), "mine");
}

TEST(Sandbox, RunsWithoutWhatTheRegistrationDidNotTell) {
  const auto tags = tags_of({{"AWS_LAMBDA_FUNCTION_NAME", "f"}}, {}, {});
  EXPECT_EQ(tags.at("account_id"), "none");
}

TEST(Sandbox, ListensWhereTheHostsFileSays) {
  Findings findings;
  const Sources plain = Sources::from({}, "", findings);
  const Sources sam = Sources::from({{"AWS_SAM_LOCAL", "true"}}, "", findings);
  struct Case {
    const char* hosts;
    const char* expected;
  };
  for (const Case& c : {Case{"127.0.0.1 localhost\n169.254.79.129 sandbox sandbox.localdomain\n", "169.254.79.129"},
                        Case{"# 1.2.3.4 sandbox.localdomain\n127.0.0.1 localhost", "127.0.0.1"},
                        Case{"::1\tsandbox.localdomain\n10.0.0.1\tSANDBOX.localdomain # x", "10.0.0.1"},
                        Case{"10.0.0.1 sandbox.localdomain.example", "127.0.0.1"}, Case{"", "127.0.0.1"},
                        Case{"\n\n   \n10.0.0.9", "127.0.0.1"}}) {
    EXPECT_EQ(telemetry_listen_address(plain, c.hosts), c.expected) << c.hosts;
    EXPECT_EQ(telemetry_listen_address(sam, c.hosts), "0.0.0.0");
  }
}

}  // namespace
}  // namespace agent
