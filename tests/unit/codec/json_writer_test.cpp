#include "sls/codec/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

TEST(JsonWriter, SetsCommasByItself) {
  std::string out = "prefix ";
  Writer writer(out);
  writer.begin_object().key("a").integer(std::int64_t{-1}).key("b").begin_array();
  writer.null().boolean(true).boolean(false).begin_object().end_object().begin_array().end_array().end_array();
  writer.key("c").string("x").key("d").raw("{\"y\":1}").key("e").integer(std::uint64_t{18446744073709551615u});
  writer.end_object();
  EXPECT_EQ(out, R"(prefix {"a":-1,"b":[null,true,false,{},[]],"c":"x","d":{"y":1},"e":18446744073709551615})");
}

TEST(JsonWriter, EscapesWhatJsonDemandsAndNothingElse) {
  using namespace std::string_view_literals;
  struct Case {
    std::string_view text, escaped;
  };
  const Case cases[] = {
      {"", ""},
      {"plain / text", "plain / text"},
      {"\"\\", R"(\"\\)"},
      {"\n\r\t\b\f", R"(\n\r\t\b\f)"},
      {"\x01\x1F\0"sv, R"(\u0001\u001f\u0000)"},
      {"\x7F", "\x7F"},
      {"h\xC3\xA9\xF0\x9F\x98\x80", "h\xC3\xA9\xF0\x9F\x98\x80"},
      {"a\xFFz", "a\xEF\xBF\xBDz"},
      {"\xC3\n\xA9", "\xEF\xBF\xBD\\n\xEF\xBF\xBD"},
      {"0123456789abcdef0123456789abcdef\"", "0123456789abcdef0123456789abcdef\\\""},
  };
  for (const Case& c : cases) {
    std::string out;
    append_escaped(out, c.text);
    EXPECT_EQ(out, c.escaped);
    const std::string before(37, 'x');
    out.clear();
    append_quoted(out, before + std::string(c.text));
    EXPECT_EQ(out, '"' + before + std::string(c.escaped) + '"');
  }
}

TEST(JsonWriter, WritesEveryByteSoThatItReadsBack) {
  for (int c = 0; c < 0x80; ++c) {
    const std::string text = std::string(20, 'a') + static_cast<char>(c) + "b";
    std::string out, spare;
    append_quoted(out, text);
    Value value;
    ASSERT_TRUE(parse(out, value)) << c;
    EXPECT_EQ(text_of(value, spare), text);
    EXPECT_FALSE(value.has(kLoose) && c >= 0x20) << c;
  }
}

TEST(JsonWriter, EscapesAtEveryPlaceOfTextsOfEveryLength) {
  for (std::size_t length = 1; length < 300; length += length < 40 ? 1 : 13) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a'), expected = "(";
      text[at] = at % 3 == 0 ? '\n' : '\x01';
      if (at + 2 < length) text.replace(at + 1, 2, "\xC3\xA9");
      for (const char c : text) expected += c == '\n' ? "\\n" : c == '\x01' ? "\\u0001" : std::string(1, c);
      std::string out = "(";
      append_escaped(out, text);
      ASSERT_EQ(out, expected);
    }
  }
}

TEST(JsonWriter, WritesDoublesThatReadBackAsTheSame) {
  for (const double number : {0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, 1.7976931348623157e308, 123456789.125, 1e21}) {
    std::string out;
    Writer(out).number(number);
    Value value;
    ASSERT_TRUE(parse(out, value)) << out;
    double read = -7;
    ASSERT_TRUE(to_double(value, read));
    EXPECT_EQ(read, number) << out;
  }
  std::string out;
  Writer(out).number(std::numeric_limits<double>::infinity());
  EXPECT_EQ(out, "null");
}

}  // namespace
}  // namespace sls::json
