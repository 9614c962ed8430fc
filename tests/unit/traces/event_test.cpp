#include "invocation/event.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using traces::invocation::Event;
using traces::invocation::kNodesMax;
using traces::invocation::kUnescapedBytesMax;
using traces::invocation::Node;

TEST(EventReader, FindsWhatIsThereAndAnswersNothingForTheRest) {
  Event event;
  const std::string text = R"({"a":{"b":[{"c":"d\n"},{"c":"e"}],"n":12.50},"null":null,"t":true,"dup":1,"dup":2})";
  ASSERT_TRUE(event.read(text));
  const Node root = event.root();
  EXPECT_EQ(root["a"]["b"].first()["c"].text(), "d\n");
  EXPECT_EQ(root["a"]["n"].words(), "12.50");
  EXPECT_EQ(root["a"]["n"].text(), "");
  EXPECT_EQ(root["t"].words(), "true");
  EXPECT_EQ(root["dup"].words(), "2");
  EXPECT_TRUE(root["null"].exists() && root["null"].is_null());
  EXPECT_EQ(root["null"].words(), "");
  EXPECT_EQ(root["a"]["b"].raw(), R"([{"c":"d\n"},{"c":"e"}])");
  EXPECT_FALSE(root["x"].exists());
  EXPECT_FALSE(root["null"]["x"].first()["y"].exists());
  EXPECT_FALSE(root["t"].first().exists());
  EXPECT_EQ(root["x"].key(), "");
}

TEST(EventReader, ComparesNamesByWhatTheyMean) {
  Event event;
  const std::string text = R"({"a\u0062c":"1","User-AGENT":"2"})";
  ASSERT_TRUE(event.read(text));
  EXPECT_EQ(event.root()["abc"].text(), "1");
  EXPECT_EQ(event.root().any_case("user-agent").text(), "2");
  EXPECT_FALSE(event.root()["user-agent"].exists());
}

TEST(EventReader, WalksOverMembersInTheirOrder) {
  Event event;
  const std::string text = R"({"o":{"x":{"deep":[1,2]},"y":2,"z":3},"after":4})";
  ASSERT_TRUE(event.read(text));
  std::string keys;
  for (Node each = event.root()["o"].child(); each.exists(); each = each.next()) keys += each.key();
  EXPECT_EQ(keys, "xyz");
  EXPECT_FALSE(event.root().next().exists());
}

TEST(EventReader, HasNothingToFindInWhatIsNoJsonObject) {
  Event event;
  for (const std::string_view text :
       {"", " ", "null", "12", "\"text\"", "[1]", "{", "{\"a\":1", "{\"a\":1}}", "{\"a\":1} x", "{'a':1}",
        "{\"a\":tru}", "\xff\xfe{}", "{\"a\":[1,2}", "<xml/>"}) {
    EXPECT_FALSE(event.read(text)) << text;
    EXPECT_FALSE(event.root().exists()) << text;
    EXPECT_FALSE(event.root()["a"].exists()) << text;
  }
  const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_FALSE(event.read(deep));
}

TEST(EventReader, ReadsTheFirstElementWhateverTheOthersAre) {
  Event event;
  const std::string text = R"({"a":[{"b":"1"},{"b":tru},'x',{"]":"\"]"}],"c":2})";
  ASSERT_TRUE(event.read(text));
  EXPECT_EQ(event.root()["a"].first()["b"].text(), "1");
  EXPECT_EQ(event.root()["c"].words(), "2");
  EXPECT_FALSE(event.read(R"({"a":[{"b":tru}]})"));
  EXPECT_FALSE(event.read(R"({"a":[1,"])"));
  EXPECT_FALSE(event.read(R"({"a":[1,[2})"));
}

TEST(EventReader, SeesMembersAboveWhenThereAreTooManyBelow) {
  std::string text = R"({"Execution":{"Input":{)";
  for (std::size_t i = 0; i < 2 * kNodesMax; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":{\"v\":[1]}";
  text += R"(},"Id":"arn"},"State":{"Name":"s"}})";
  Event event;
  ASSERT_TRUE(event.read(text));
  EXPECT_EQ(event.root()["Execution"]["Id"].text(), "arn");
  EXPECT_EQ(event.root()["State"]["Name"].text(), "s");
  EXPECT_FALSE(event.root()["Execution"]["Input"][std::to_string(2 * kNodesMax - 1)].exists());
}

TEST(EventReader, DoesNotUnescapeTextsThatAreTooLarge) {
  const std::string plain(2 * kUnescapedBytesMax, 'x');
  Event event;
  std::string text = "{\"plain\":\"" + plain + "\",\"escaped\":\"\\n" + plain + "\"}";
  ASSERT_TRUE(event.read(text));
  EXPECT_EQ(event.root()["plain"].text().size(), plain.size());
  EXPECT_EQ(event.root()["escaped"].text(), "");
  EXPECT_EQ(event.root()["escaped"].raw().size(), plain.size() + 4);
}

}  // namespace
