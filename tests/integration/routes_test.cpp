// The host's own routes over a real socket, asked rightly and wrongly.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

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

// What is there is listed, and what is not there is not; tracers fall back on what they read and on 404.
TEST_F(Routes, OfTracersAreThoseOfTheirDiscovery) {
  lab::HttpClient tracer(stage_.host(), 8126);
  const lab::HttpReply info = tracer.send("GET", "/info", "");
  ASSERT_EQ(info.status, 200);
  const lab::json::value document = lab::json::parse(info.body);
  for (const lab::json::value& each : document.at("endpoints").as_array()) {
    std::string path(each.as_string());
    if (path.ends_with('/')) path += "api/v2/x";
    EXPECT_NE(tracer.send("POST", path, "").status, 404) << path;
  }
  for (const char* path : {"/v0.7/config", "/tracer_flare/v1", "/dogstatsd/v1/proxy", "/dogstatsd/v2/proxy"}) {
    EXPECT_EQ(tracer.send("POST", path, "{}").status, 404) << path;
    EXPECT_EQ(info.body.find(path), std::string::npos) << path;
  }
}

// Asks over the unix socket at `path`, and reads to the end.
std::string ask_at(const std::string& path, const std::string& request) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, path.c_str(), path.size());
  lab::Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return std::strerror(errno);
  std::string answer;
  if (!socket.send_all(request)) return "not sent";
  char block[4096];
  for (long bytes = 1; bytes > 0;) {
    bytes = socket.receive(block, sizeof block, 10000);
    if (bytes > 0) answer.append(block, static_cast<std::size_t>(bytes));
  }
  return answer;
}

TEST(ReceiverSocket, AnswersAsThePortDoes) {
  std::string folder = (std::filesystem::temp_directory_path() / "sls-receiver-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/apm.socket";
  stage::Given given;
  given.environment = {{"DD_APM_RECEIVER_SOCKET", path}};
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  const std::string close = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  const std::string info = ask_at(path, "GET /info" + close + "\r\n");
  EXPECT_NE(info.find("\"receiver_socket\":\"" + path + "\""), std::string::npos) << info;
  const std::string body =
      R"([[{"service":"s","name":"n","resource":"r","trace_id":1,"span_id":2,"start":3,"duration":4}]])";
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  const std::string traces = ask_at(path, "PUT /v0.4/traces" + close + length + body);
  EXPECT_NE(traces.find("rate_by_service"), std::string::npos) << traces;
  const std::string telemetry =
      ask_at(path, "POST /telemetry/proxy/api/v2/apmtelemetry" + close + "Content-Length: 2\r\n\r\n{}");
  EXPECT_NE(telemetry.find("Acknowledged request for instrumentation"), std::string::npos) << telemetry;
  EXPECT_EQ(lab::HttpClient(stage.host(), 8126).send("GET", "/info", "").status, 200);
  ASSERT_TRUE(stage.invoke({}));
  EXPECT_EQ(stage.intake().counts().spans, 1u);
  EXPECT_TRUE(stage.ledger("traces").balances());
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(path));
  std::filesystem::remove_all(folder);
}

TEST(ReceiverSocket, ThatIsTakenCostsNothingElse) {
  std::string folder = (std::filesystem::temp_directory_path() / "sls-receiver-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  stage::Given given;
  given.environment = {{"DD_APM_RECEIVER_SOCKET", folder}};  // a folder
  Stage stage(given);
  ASSERT_TRUE(stage.start()) << stage.failure;
  EXPECT_EQ(stage.agent_lines_with("nothing listens on unix://" + folder), 1u);
  EXPECT_EQ(lab::HttpClient(stage.host(), 8126).send("GET", "/info", "").status, 200);
  EXPECT_EQ(stage.shutdown().exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
