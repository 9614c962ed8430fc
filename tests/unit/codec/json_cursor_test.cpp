#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

// The text alone in memory of exactly its size, so that the address sanitizer sees any byte read behind it.
class Exactly {
 public:
  explicit Exactly(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
    text.copy(bytes_.get(), size_);
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

bool is_valid(std::string_view text) {
  Value value;
  return parse(Exactly(text).view(), value);
}

TEST(JsonCursor, AcceptsEveryFormThatTheStandardAllows) {
  const std::vector<std::string> valid = {"0",
                                          "-0",
                                          "1",
                                          "-1",
                                          "10",
                                          "123456789012345678901234567890",
                                          "0.1",
                                          "-0.0",
                                          "1.50",
                                          "0e1",
                                          "0E+1",
                                          "1e-1",
                                          "1E5",
                                          "1.5e+300",
                                          "1e999",
                                          "-1e-999",
                                          "0.000001",
                                          "true",
                                          "false",
                                          "null",
                                          " true",
                                          "true ",
                                          "\t1\n",
                                          "\r\n1\r",
                                          R"("")",
                                          R"("a")",
                                          R"("\"")",
                                          R"("\\")",
                                          R"("\/")",
                                          R"("\b\f\n\r\t")",
                                          R"("\u0000")",
                                          R"("\uD83D\uDE00")",
                                          R"("\ud800")",
                                          R"("\udc00\ud800")",
                                          R"("\uABCDef")",
                                          "\"\x7F\"",
                                          "\"é\"",
                                          "\"\xF0\x9F\x98\x80\"",
                                          "\"\xFF\xFE\"",
                                          "\"\xC0\x80\"",
                                          "\"\xE2\x80\xA8\"",
                                          R"("/")",
                                          R"("0123456789abcde")",
                                          R"("0123456789abcdef")",
                                          R"("0123456789abcdef0")",
                                          R"("0123456789abcd\"ef0123456789abcdef")",
                                          "[]",
                                          "[ ]",
                                          "[\n]",
                                          "[1]",
                                          "[1,2]",
                                          "[ 1 , 2 ]",
                                          "[[]]",
                                          "[[],[]]",
                                          "[{}]",
                                          R"([""])",
                                          "[null]",
                                          "[true,false,null]",
                                          "[-0]",
                                          "[1e1]",
                                          "{}",
                                          "{ }",
                                          R"({"a":1})",
                                          R"({"a":1,"a":2})",
                                          R"({"":0})",
                                          R"({"a":{}})",
                                          R"({"a":[]})",
                                          R"({"a":[{}]})",
                                          R"({ "a" : 1 , "b" : [ ] })",
                                          R"({"\u0061":1})",
                                          R"({"a":"b","c":{"d":[1,{"e":null}]}})",
                                          R"([{},[],{}])",
                                          R"([[[[[[[[[[1]]]]]]]]]])",
                                          repeated("[", 256) + repeated("]", 256),
                                          repeated("{\"a\":", 255) + "{}" + repeated("}", 255),
                                          "\"" + repeated("x", 1000) + "\"",
                                          "[" + repeated("1,", 500) + "1]",
                                          R"({"a":1.0E+2,"b":-0.0e-0})"};
  for (const std::string& text : valid) EXPECT_TRUE(is_valid(text)) << text;
}

TEST(JsonCursor, RefusesEverythingElse) {
  using namespace std::string_view_literals;
  const std::vector<std::string_view> invalid = {"",
                                                 " ",
                                                 "\n",
                                                 "nul",
                                                 "nulll",
                                                 "tru",
                                                 "truee",
                                                 "fals",
                                                 "True",
                                                 "NULL",
                                                 "NaN",
                                                 "Infinity",
                                                 "-Infinity",
                                                 "+1",
                                                 "-",
                                                 "--1",
                                                 "-a",
                                                 "01",
                                                 "-01",
                                                 "00",
                                                 "1.",
                                                 ".1",
                                                 "-.1",
                                                 "1.e1",
                                                 "1e",
                                                 "1e+",
                                                 "1E-",
                                                 "1ee1",
                                                 "1.2.3",
                                                 "0x1",
                                                 "1_000",
                                                 "1 2",
                                                 "1,",
                                                 ",1",
                                                 "1,2",
                                                 "\"",
                                                 "\"a",
                                                 "\"\\\"",
                                                 "\"\\",
                                                 "\"\\a\"",
                                                 "\"\\x41\"",
                                                 "\"\\u\"",
                                                 "\"\\u1\"",
                                                 "\"\\u12\"",
                                                 "\"\\u123\"",
                                                 "\"\\u123g\"",
                                                 "\"\\U0041\"",
                                                 "\"\\u 123\"",
                                                 "\"\\'\"",
                                                 "\"\n\"",
                                                 "\"\t\"",
                                                 "\"\0\""sv,
                                                 "\"\x1F\"",
                                                 "\"a\x01\"",
                                                 "'a'",
                                                 "a",
                                                 "\"a\"b",
                                                 "\"a\" \"b\"",
                                                 "[",
                                                 "[1",
                                                 "[1,",
                                                 "[1,]",
                                                 "[,]",
                                                 "[,1]",
                                                 "[1,,2]",
                                                 "[1 2]",
                                                 "[1;2]",
                                                 "]",
                                                 "[]]",
                                                 "[[]",
                                                 "[}",
                                                 "[1}",
                                                 "[\"a]",
                                                 "[\"a\",\n4\n,1,",
                                                 "[1,\n1\n,1",
                                                 "[\x0C]",
                                                 "[\"\x00\"]"sv,
                                                 "[-]",
                                                 "[nul]",
                                                 "[1:2]",
                                                 "[\"\":1]",
                                                 "{",
                                                 "{\"a\"",
                                                 "{\"a\":",
                                                 "{\"a\":1",
                                                 "{\"a\":1,",
                                                 "{\"a\":1,}",
                                                 "{,}",
                                                 "{\"a\"}",
                                                 "{\"a\":}",
                                                 "{\"a\",1}",
                                                 "{\"a\" 1}",
                                                 "{\"a\"::1}",
                                                 "{a:1}",
                                                 "{'a':1}",
                                                 "{1:1}",
                                                 "{null:1}",
                                                 "{\"a\":1 \"b\":2}",
                                                 "{\"a\":1,,\"b\":2}",
                                                 "{\"a\":1]",
                                                 "{]",
                                                 "}",
                                                 "{}}",
                                                 "{{}}",
                                                 "{\"a\":\"b}",
                                                 "{[]:1}",
                                                 "{\"a\":1}x",
                                                 "{} {}",
                                                 "[]{}",
                                                 "// c\n1",
                                                 "/* c */1",
                                                 "1 // c",
                                                 "\xEF\xBB\xBF{}",
                                                 "\xFF",
                                                 "\0"sv,
                                                 "1\0"sv,
                                                 "[1]\0"sv,
                                                 "\xC2\xA0"
                                                 "1",
                                                 "\xE2\x80\xA8"
                                                 "1",
                                                 "[\xFF]",
                                                 "{\"a\":\xFF}",
                                                 "\v1",
                                                 "\f1",
                                                 "\b1"};
  for (const std::string_view text : invalid) EXPECT_FALSE(is_valid(text)) << text;
}

TEST(JsonCursor, RefusesWhatIsNestedTooDeepWithoutRecursion) {
  EXPECT_FALSE(is_valid(repeated("[", 257) + repeated("]", 257)));
  EXPECT_FALSE(is_valid(repeated("[", 1'000'000)));
  EXPECT_FALSE(is_valid(repeated("{\"a\":", 1'000'000)));
  const std::string deep = repeated("[", 1000);
  Cursor cursor(deep);
  unsigned entered = 0;
  while (cursor.enter_array() && cursor.next_element()) ++entered;
  EXPECT_EQ(entered, kDepthMax);
  EXPECT_TRUE(cursor.failed());
}

TEST(JsonCursor, RefusesEveryTruncationOfAValue) {
  const std::string text =
      R"({"time":"2022-10-12T00:00:00Z","n":[-1.5e+3,0,true,false,null,{}],"s":"a\"\\\u00e9\ud83d\ude00","e":{"x":[]}})";
  ASSERT_TRUE(is_valid(text));
  for (std::size_t cut = 0; cut < text.size(); ++cut) EXPECT_FALSE(is_valid(text.substr(0, cut))) << cut;
}

TEST(JsonCursor, FindsEveryStringEndAtEveryOffset) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t length = 0; length < 70; ++length) {
      const std::string text = std::string(before, ' ') + '"' + std::string(length, 'x') + '"';
      Value value;
      ASSERT_TRUE(parse(Exactly(text).view(), value)) << before << ' ' << length;
      EXPECT_EQ(value.raw.size(), length + 2);
      EXPECT_FALSE(is_valid(std::string_view(text).substr(0, text.size() - 1)));
    }
  }
}

TEST(JsonCursor, GivesTheBytesOfAValueAsTheyStand) {
  const std::string text = R"( [ 1.50 , "a\n" , { "b" : [ ] } , true ] )";
  Cursor cursor(text);
  std::vector<std::string> seen;
  Value value;
  ASSERT_TRUE(cursor.enter_array());
  while (cursor.next_element()) {
    ASSERT_TRUE(cursor.take(value));
    seen.emplace_back(value.raw);
  }
  EXPECT_FALSE(cursor.failed());
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(seen, (std::vector<std::string>{"1.50", R"("a\n")", R"({ "b" : [ ] })", "true"}));
}

TEST(JsonCursor, WalksMembersAndTheirValues) {
  const std::string text = R"({"a":{"x":1,"y":[]},"\u0062":2,"":"c"})";
  Cursor cursor(text);
  Value key, value;
  ASSERT_TRUE(cursor.enter_object());
  ASSERT_TRUE(cursor.next_member(key));
  EXPECT_TRUE(key.equals("a"));
  EXPECT_EQ(cursor.kind(), Kind::kObject);
  ASSERT_TRUE(cursor.enter_object());
  ASSERT_TRUE(cursor.next_member(key));
  ASSERT_TRUE(cursor.skip());
  ASSERT_TRUE(cursor.next_member(key));
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_FALSE(cursor.next_element());
  EXPECT_FALSE(cursor.next_member(key));
  ASSERT_TRUE(cursor.next_member(key));
  EXPECT_TRUE(key.equals("b"));
  EXPECT_FALSE(key.equals("\\u0062"));
  ASSERT_TRUE(cursor.take(value));
  EXPECT_EQ(value.kind, Kind::kNumber);
  ASSERT_TRUE(cursor.next_member(key));
  EXPECT_TRUE(key.equals(""));
  ASSERT_TRUE(cursor.take(value));
  EXPECT_EQ(value.content(), "c");
  EXPECT_FALSE(cursor.next_member(key));
  EXPECT_FALSE(cursor.failed());
  EXPECT_TRUE(cursor.at_end());
}

TEST(JsonCursor, TellsWhatItSawInAValue) {
  struct Case {
    std::string_view text;
    int traits;
  };
  const Case cases[] = {
      {R"("a")", 0},
      {R"("a\n")", kEscaped},
      {R"("a\/")", kEscaped | kLoose},
      {R"("\u0041")", kEscaped | kLoose},
      {"\"\xC3\xA9\"", kNonAscii},
      {"\"0123456789abcdef\xC3\"", kNonAscii},
      {R"({"a":1})", 0},
      {R"({"a": 1})", kLoose},
      {R"({ })", kLoose},
      {R"(["a b",1])", 0},
      {"[\"\xFF\" ]", kNonAscii | kLoose},
      {R"({"a\\":"b"})", kEscaped},
  };
  for (const Case& c : cases) {
    Value value;
    ASSERT_TRUE(parse(c.text, value)) << c.text;
    EXPECT_EQ(value.traits, c.traits) << c.text;
  }
}

TEST(JsonCursor, GivesWholeWhatWasEnteredAsIfItHadBeenTaken) {
  for (const std::string_view text : {R"([ "\/" , {"a":1,"b":[2,{"c":"x\n"}]} ,1])", R"(["\u0041",{ "a":1}])",
                                      "[\"\xC3\xA9\",[\"\\n\"] ]", "[{},[]]"}) {
    Cursor taken(text), entered(text);
    ASSERT_TRUE(taken.enter_array());
    ASSERT_TRUE(entered.enter_array());
    while (taken.next_element()) {
      ASSERT_TRUE(entered.next_element());
      Value expect, key;
      ASSERT_TRUE(taken.take(expect));
      const Kind kind = entered.kind();
      const Cursor::Start start = entered.begin_value();
      if (kind == Kind::kObject) {
        ASSERT_TRUE(entered.enter_object());
        while (entered.next_member(key)) ASSERT_TRUE(entered.skip());
      } else if (kind == Kind::kArray) {
        ASSERT_TRUE(entered.enter_array());
        while (entered.next_element()) ASSERT_TRUE(entered.skip());
      } else {
        ASSERT_TRUE(entered.skip());
        continue;
      }
      const Value whole = entered.end_value(start);
      EXPECT_EQ(whole.raw, expect.raw);
      EXPECT_EQ(whole.kind, expect.kind);
      EXPECT_EQ(whole.traits, expect.traits) << whole.raw;
    }
  }
}

// The elements that live: those whose own text is valid, each given as its bytes.
std::vector<std::string> survivors(std::string_view text) {
  std::vector<std::string> out;
  const Exactly bytes(text);
  Cursor cursor(bytes.view());
  if (!cursor.enter_array()) return out;
  Cursor::Mark mark = cursor.mark();
  for (;;) {
    if (!cursor.next_element()) {
      if (!cursor.failed() || !cursor.recover(mark)) return out;
      continue;
    }
    mark = cursor.mark();
    Value value;
    if (cursor.take(value)) {
      out.emplace_back(value.raw);
    } else if (!cursor.recover(mark)) {
      return out;
    }
  }
}

TEST(JsonCursor, LosesOnlyTheMalformedElement) {
  using Texts = std::vector<std::string>;
  struct Case {
    std::string_view text;
    Texts expect;
  };
  const Case cases[] = {
      {R"([1,x,2])", {"1", "2"}},
      {R"([1,,2])", {"1", "2"}},
      {R"([1,2,])", {"1", "2"}},
      {R"([{"a":tru},2])", {"2"}},
      {R"([{"a":[1,2},3])", {"3"}},
      {R"([{"a":1],3])", {"3"}},
      {R"([{"a":1}},3])", {R"({"a":1})", "3"}},
      {R"([{"a" 1},{"b":2}])", {R"({"b":2})"}},
      {R"([{"a":"\q"},{"b":2}])", {R"({"b":2})"}},
      {R"([{"a":"],[{\"","b":nope},3])", {"3"}},
      {"[{\"a\":\"x\ny\"},3]", {"3"}},
      {R"([1 2,3])", {"1", "3"}},
      {R"([[1,2,[3,4],{"x":}],5])", {"5"}},
      {R"([1,"a)", {"1"}},
      {R"([1,{"a":1)", {"1"}},
      {R"([1,2)", {"1", "2"}},
      {R"([1,2,)", {"1", "2"}},
      {R"([)", {}},
      {R"([])", {}},
      {R"([1]garbage)", {"1"}},
      {R"({"a":1})", {}},
      {"", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(survivors(c.text), c.expect) << c.text;
}

TEST(JsonCursor, StepsOverAnElementThatIsNestedTooDeep) {
  for (const std::size_t depth : {256u, 300u, 1000u}) {
    const std::string text = "[" + repeated("[", depth) + repeated("]", depth) + ",1]";
    EXPECT_EQ(survivors(text), std::vector<std::string>{"1"}) << depth;
  }
}

TEST(JsonCursor, SeesWhatWasCompleteWhereverTheTextIsCut) {
  const std::vector<std::string> elements = {R"({"a":"x\"]"})", "12", R"(["}",{}])", "true"};
  std::string text = "[";
  std::vector<std::size_t> ends;
  for (const std::string& element : elements) {
    if (ends.size() > 0) text += ',';
    text += element;
    ends.push_back(text.size());
  }
  text += ']';
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto seen = survivors(std::string_view(text).substr(0, cut));
    // A number may be cut and still be one.
    std::size_t complete = 0;
    while (complete < ends.size() && ends[complete] <= cut) ++complete;
    ASSERT_GE(seen.size(), complete) << cut;
    for (std::size_t i = 0; i < complete; ++i) EXPECT_EQ(seen[i], elements[i]) << cut;
    EXPECT_LE(seen.size(), complete + 1);
  }
}

}  // namespace
}  // namespace sls::json
