// The host's own routes over a real socket, asked rightly and wrongly.
#include <gtest/gtest.h>

#include "lab/socket.hpp"
#include "stage.hpp"

namespace {

using stage::Stage;

const lab::Headers kId = {{"lambda-runtime-aws-request-id", "6f9619ff-8b86-d011-b42d-000000000001"}};

class Routes : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(stage_.start()) << stage_.failure; }
  Stage stage_;
};

TEST_F(Routes, AnswerWhatTheyAreThereFor) {
  EXPECT_EQ(stage_.ask("GET", "/lambda/hello").status, 200);
  EXPECT_EQ(stage_.ask("POST", "/lambda/start-invocation", R"({"hello":"world"})", kId).status, 200);
  EXPECT_EQ(stage_.ask("POST", "/lambda/end-invocation", R"({"statusCode":200})", kId).status, 200);
  EXPECT_EQ(stage_.ask("POST", "/lambda/flush").status, 200);
  EXPECT_EQ(stage_.ask("GET", "/status").status, 200);
}

TEST_F(Routes, RefuseWhatIsNotTheirs) {
  EXPECT_EQ(stage_.ask("GET", "/lambda/unknown").status, 404);
  EXPECT_EQ(stage_.ask("GET", "/lambda/start-invocation").status, 405);
  EXPECT_EQ(stage_.ask("DELETE", "/status").status, 405);
}

TEST_F(Routes, StatusHidesSecretsAndShowsOrigins) {
  const std::string body = stage_.ask("GET", "/status").body;
  EXPECT_EQ(body.find("0123456789abcdef0123456789abcdef"), std::string::npos);
  EXPECT_NE(body.find("DD_SERVERLESS_FLUSH_STRATEGY"), std::string::npos) << body;
}

TEST_F(Routes, TracerCallsAreAnsweredWhileAnInvocationRuns) {
  stage_.sandbox().begin("6f9619ff-8b86-d011-b42d-000000000001");
  EXPECT_EQ(stage_.ask("POST", "/lambda/start-invocation", std::string(1024, 'x'), kId).status, 200);
  EXPECT_EQ(stage_.ask("POST", "/lambda/start-invocation", std::string(7 << 20, 'x'), kId).status, 200);  // over 6 MiB
  EXPECT_EQ(stage_.ask("POST", "/lambda/end-invocation", "", kId).status, 200);
  stage_.sandbox().finish("6f9619ff-8b86-d011-b42d-000000000001", {});
  EXPECT_TRUE(stage_.sandbox().wait_idle(lab::Clock::now() + std::chrono::seconds(5)));
}

TEST_F(Routes, TracesAreTakenAndShipped) {
  // [[{service: "s", name: "n", resource: "r", trace_id: 1, span_id: 2, start: 3, duration: 4}]] in MessagePack
  const std::string body =
      "\x91\x91\x87\xa7service\xa1s\xa4name\xa1n\xa8resource\xa1r\xa8trace_id\x01\xa7span_id\x02"
      "\xa5start\x03\xa8"
      "duration\x04";
  lab::HttpClient traces(stage_.host(), 8126);
  const lab::HttpReply reply = traces.send("PUT", "/v0.4/traces", body, {{"content-type", "application/msgpack"}});
  EXPECT_EQ(reply.status, 200);
  ASSERT_TRUE(stage_.invoke({}));
  EXPECT_EQ(stage_.intake().counts().spans, 1u);
  EXPECT_TRUE(stage_.ledger("traces").balances());
}

}  // namespace
