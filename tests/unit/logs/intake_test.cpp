#include "out/intake.hpp"

#include <gtest/gtest.h>

namespace logs {
namespace {

Options options() {
  Options out{};
  out.use_compression = true;
  return out;
}

TEST(Intake, NormalisesTheUrl) {
  const struct {
    std::string_view text, expected;
  } kCases[] = {{"host:443", "https://host:443"},
                {"https://host/", "https://host"},
                {" https://host ", "https://host"},
                {"http://127.0.0.1:1", "http://127.0.0.1:1"},
                {" \t", ""},
                {"", ""},
                {"host//", "https://host"},
                {"https://host/base/", "https://host/base"}};
  for (const auto& each : kCases) EXPECT_EQ(normalised_url(each.text), each.expected) << each.text;
}

TEST(Intake, IsThatOfTheSiteUnlessTheOperatorSaysOtherwise) {
  Findings findings;
  Intake intake = make_intake(options(), findings);
  EXPECT_EQ(intake.endpoints.at(0).url, "https://http-intake.logs.{site}");
  EXPECT_EQ(intake.path, "/api/v2/logs");
  EXPECT_TRUE(intake.compress);
  Options own = options();
  own.logs_dd_url = "host:443/";
  EXPECT_EQ(make_intake(own, findings).endpoints.at(0).url, "https://host:443");
  EXPECT_TRUE(findings.all().empty());
}

TEST(Intake, HasFurtherEndpointsWithKeysOfTheirOwn) {
  Findings findings;
  Options own = options();
  own.additional_endpoints.text =
      R"([{"api_key":"k1","Host":"a.example","Port":443,"is_reliable":true},{"api_key":"k2","host":"b.example"},)"
      R"({"Host":"no key"},7,{"api_key":"k3","Host":"http://127.0.0.1:9","Port":"1"}])";
  const Intake intake = make_intake(own, findings);
  ASSERT_EQ(intake.endpoints.size(), 4u);
  EXPECT_EQ(intake.endpoints[1].url, "https://a.example:443");
  EXPECT_EQ(intake.endpoints[1].api_key, "k1");
  EXPECT_EQ(intake.endpoints[2].url, "https://b.example:443");
  EXPECT_EQ(intake.endpoints[3].url, "http://127.0.0.1:9");
  ASSERT_EQ(findings.all().size(), 2u) << "each bad entry costs itself";
  for (const Finding& each : findings.all()) EXPECT_EQ(each.text.find("k1"), std::string::npos);
}

TEST(Intake, TakesFurtherEndpointsAsTextToo) {
  Findings findings;
  Options own = options();
  own.additional_endpoints.text = R"("[{\"api_key\":\"k\",\"Host\":\"h\",\"Port\":1}]")";
  EXPECT_EQ(make_intake(own, findings).endpoints.at(1).url, "https://h:1");
  own.additional_endpoints.text = "api_key k";
  EXPECT_EQ(make_intake(own, findings).endpoints.size(), 1u);
  EXPECT_EQ(findings.all().size(), 1u);
}

TEST(Intake, LeavesAWorkersUrlAloneAndSendsNothingPastIt) {
  Findings findings;
  Options own = options();
  own.worker_enabled = true;
  own.worker_url = "http://opw:8282/as/is/";
  own.additional_endpoints.text = R"([{"api_key":"k","Host":"h"}])";
  Intake intake = make_intake(own, findings);
  EXPECT_EQ(intake.endpoints.at(0).url, "http://opw:8282/as/is/");
  EXPECT_EQ(intake.endpoints.at(1).url, "https://h:443/api/v2/logs");
  EXPECT_EQ(intake.path, "");
  EXPECT_FALSE(intake.compress);
  EXPECT_FALSE(intake.agent_protocol);
  EXPECT_TRUE(findings.all().empty());
  own.worker_url = "";
  EXPECT_EQ(make_intake(own, findings).endpoints.at(0).url, "");
  EXPECT_EQ(findings.all().size(), 1u);
}

}  // namespace
}  // namespace logs
