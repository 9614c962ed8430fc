#include "lambda/register_answer.hpp"

#include <gtest/gtest.h>

namespace agent {
namespace {

TEST(RegisterAnswer, TakesWhatItIsToldAndMissesNothing) {
  struct Case {
    std::string_view body, name, version, handler, account;
  };
  const Case cases[] = {
      {R"({"functionName":"f","functionVersion":"$LATEST","handler":"h.x","accountId":"123456789012"})", "f", "$LATEST",
       "h.x", "123456789012"},
      {R"({"functionName":"f"})", "f", "", "", ""},
      {R"({"functionName":"f","functionVersion":7,"accountId":123456789012})", "f", "7", "", "123456789012"},
      {R"({"functionName":null,"functionVersion":true,"handler":[],"accountId":{}})", "", "", "", ""},
      {R"({"functionName":"caf\u00e9","x":{"functionName":"inner"}})", "caf\xC3\xA9", "", "", ""},
      {"{\"functionName\":\"f\xFF\"}", "f\xEF\xBF\xBD", "", "", ""},
      {"{}", "", "", "", ""},
      {"[]", "", "", "", ""},
      {"", "", "", "", ""},
      {"OK", "", "", "", ""},
      {R"({"functionName":"f")", "", "", "", ""},
  };
  for (const Case& c : cases) {
    const RegisterAnswer answer = parse_register_answer(c.body);
    EXPECT_EQ(answer.function_name, c.name) << c.body;
    EXPECT_EQ(answer.function_version, c.version) << c.body;
    EXPECT_EQ(answer.handler, c.handler) << c.body;
    EXPECT_EQ(answer.account_id, c.account) << c.body;
  }
}

}  // namespace
}  // namespace agent
