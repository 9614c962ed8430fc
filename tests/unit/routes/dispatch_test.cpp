#include "routes/dispatch.hpp"

#include <gtest/gtest.h>

namespace agent {
namespace {

HttpReply answer(Dispatch& dispatch, std::string_view method, std::string_view path) {
  HttpRequest request;
  request.method = method;
  request.path = path;
  HttpReply reply;
  dispatch.serve(request, reply);
  return reply;
}

Route route(std::string methods, std::string path, std::string says) {
  Route made;
  made.owner = "test";
  made.methods = std::move(methods);
  made.path = std::move(path);
  made.body.bytes_max = 100;
  made.answer = [says = std::move(says)](const HttpRequest&, HttpReply& reply) { reply.body = says; };
  return made;
}

TEST(Dispatch, FindsTheRouteByMethodAndPath) {
  Dispatch dispatch;
  dispatch.add(route("POST|PUT", "/v0.4/traces", "traces"));
  dispatch.add(route("GET", "/info", "info"));
  EXPECT_EQ(answer(dispatch, "POST", "/v0.4/traces").body, "traces");
  EXPECT_EQ(answer(dispatch, "PUT", "/v0.4/traces").body, "traces");
  EXPECT_EQ(answer(dispatch, "GET", "/info").body, "info");
  EXPECT_EQ(answer(dispatch, "HEAD", "/info").body, "info");
}

TEST(Dispatch, AnswersUnknownPathsAndWrongMethods) {
  Dispatch dispatch;
  dispatch.add(route("POST|PUT", "/v0.4/traces", "traces"));
  EXPECT_EQ(answer(dispatch, "POST", "/v0.4/traces/").status, 404u);
  EXPECT_EQ(answer(dispatch, "POST", "/").body, "");
  const HttpReply wrong = answer(dispatch, "GET", "/v0.4/traces");
  EXPECT_EQ(wrong.status, 405u);
  ASSERT_EQ(wrong.headers.size(), 1u);
  EXPECT_EQ(wrong.headers[0].second, "POST, PUT");
}

TEST(Dispatch, PrefersTheExactPathThenTheLongestPrefix) {
  Dispatch dispatch;
  dispatch.add(route("POST", "/evp_proxy/*", "any"));
  dispatch.add(route("POST", "/evp_proxy/v4/*", "v4"));
  dispatch.add(route("POST", "/evp_proxy/v4/api", "exact"));
  EXPECT_EQ(answer(dispatch, "POST", "/evp_proxy/v1/x").body, "any");
  EXPECT_EQ(answer(dispatch, "POST", "/evp_proxy/v4/x").body, "v4");
  EXPECT_EQ(answer(dispatch, "POST", "/evp_proxy/v4/api").body, "exact");
}

TEST(Dispatch, GivesTheRoutesBodyLimitAndNoneToUnknownPaths) {
  Dispatch dispatch;
  dispatch.add(route("POST", "/a", "a"));
  EXPECT_EQ(dispatch.body_policy("POST", "/a").bytes_max, 100u);
  EXPECT_EQ(dispatch.body_policy("POST", "/b").bytes_max, 0u);
  EXPECT_EQ(dispatch.body_policy("GET", "/a").on_excess, BodyPolicy::OnExcess::kTakeWithoutBody);
}

TEST(Dispatch, KnowsWhatIsTaken) {
  Dispatch dispatch;
  dispatch.add(route("POST|PUT", "/a", "a"));
  EXPECT_NE(dispatch.taken("PUT", "/a"), nullptr);
  EXPECT_NE(dispatch.taken("GET|POST", "/a"), nullptr);
  EXPECT_EQ(dispatch.taken("GET", "/a"), nullptr);
  EXPECT_EQ(dispatch.taken("POST", "/b"), nullptr);
}

}  // namespace
}  // namespace agent
