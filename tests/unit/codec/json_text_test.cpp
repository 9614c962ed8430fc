#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "../../../sdk/codec/json_scan.hpp"
#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

Value value_of(std::string_view text) {
  Value value;
  EXPECT_TRUE(parse(text, value)) << text;
  return value;
}

TEST(JsonText, GivesWhatAStringMeans) {
  using namespace std::string_view_literals;
  struct Case {
    std::string_view json, text;
  };
  const Case cases[] = {
      {R"("")", ""},
      {R"("plain")", "plain"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xC3\xA9\xE2\x82\xAC"},
      {R"("\u0000x")", "\0x"sv},
      {R"("\ud83d\ude00!")", "\xF0\x9F\x98\x80!"},
      {R"("\ud800")", "\xEF\xBF\xBD"},
      {R"("\ud800\n")", "\xEF\xBF\xBD\n"},
      {R"("\ud800\u0041")",
       "\xEF\xBF\xBD"
       "A"},
      {R"("\ud800\ud83d\ude00")", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
      {R"("\ude00\ud83d")", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {R"("\udbff\udfff")", "\xF4\x8F\xBF\xBF"},
      {R"("a\\u0041")", "a\\u0041"},
  };
  for (const Case& c : cases) {
    std::string spare;
    EXPECT_EQ(text_of(value_of(c.json), spare), c.text) << c.json;
  }
}

TEST(JsonText, CopiesOnlyWhatIsEscaped) {
  std::string spare;
  const std::string_view plain = R"("plain")";
  EXPECT_EQ(text_of(value_of(plain), spare).data(), plain.data() + 1);
  EXPECT_TRUE(spare.empty());
  EXPECT_EQ(text_of(value_of("12"), spare), "");
}

TEST(JsonText, MakesValuesCompact) {
  struct Case {
    std::string_view json, compact;
  };
  const Case cases[] = {
      {R"({"a":1})", R"({"a":1})"},
      {" { \"a\" :\t1 ,\r\n\"b\": [ 1 , 2 ] } ", R"({"a":1,"b":[1,2]})"},
      {R"({"a b": " c  d "})", R"({"a b":" c  d "})"},
      {R"({"b":1, "a":2, "b":3})", R"({"b":1,"a":2,"b":3})"},
      {R"(["\u00e9\/\u0041\ud83d\ude00"])", "[\"\xC3\xA9/A\xF0\x9F\x98\x80\"]"},
      {R"(["\u0022\u005c\u000a\u0001\n\t\b"])", R"(["\"\\\n\u0001\n\t\b"])"},
      {R"(["\ud800"])", "[\"\xEF\xBF\xBD\"]"},
      {R"([ "\"  \\" , "x" ])", R"(["\"  \\","x"])"},
      {R"([ 1.50, -0e+5, 12345678901234567890123 ])", "[1.50,-0e+5,12345678901234567890123]"},
      {R"({"\u0061" : null})", R"({"a":null})"},
      {"[ ]", "[]"},
      {"{\n}", "{}"},
  };
  for (const Case& c : cases) {
    std::string spare;
    EXPECT_EQ(compact_of(value_of(c.json), spare), c.compact) << c.json;
    std::string again;
    EXPECT_EQ(compact_of(value_of(c.compact), again), c.compact);
    EXPECT_TRUE(again.empty() || again == c.compact);
  }
}

TEST(JsonText, LeavesCompactValuesWhereTheyAre) {
  std::string spare;
  const std::string_view text = R"({"a":"x\n","b":[1,2]})";
  EXPECT_EQ(compact_of(value_of(text), spare).data(), text.data());
}

TEST(JsonText, JudgesUtf8AsTheStandardDoes) {
  struct Case {
    std::string_view text, repaired;
  };
  const std::string_view mark = "\xEF\xBF\xBD";
  const std::string two = std::string(mark) + std::string(mark);
  const std::string three = two + std::string(mark);
  const std::string four = two + two;
  const Case cases[] = {
      {"", ""},
      {"ascii", "ascii"},
      {"\xC2\x80\xDF\xBF", "\xC2\x80\xDF\xBF"},
      {"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"},
      {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
      {"\x80", mark},
      {"\xC0\x80", two},
      {"\xC1\xBF", two},
      {"\xC2", mark},
      {"\xE0\x80\x80", three},
      {"\xED\xA0\x80", three},
      {"\xE2\x82", mark},
      {"\xF0\x9F\x98", mark},
      {"\xF4\x90\x80\x80", four},
      {"\xF5", mark},
      {"\xFF\xFE", two},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(valid_utf8(c.text), c.text == c.repaired) << c.repaired;
    std::string spare;
    EXPECT_EQ(repair_utf8(c.text, spare), c.repaired);
    const std::string inside = "0123456789abcdef" + std::string(c.text) + "0123456789abcdefg";
    EXPECT_EQ(valid_utf8(inside), c.text == c.repaired);
    EXPECT_EQ(repair_utf8(inside, spare), "0123456789abcdef" + std::string(c.repaired) + "0123456789abcdefg");
  }
}

TEST(JsonNumber, ReadsIntegersExactly) {
  struct Case {
    std::string_view text;
    bool is_int64, is_uint64;
  };
  const Case cases[] = {
      {"0", true, true},
      {"-0", true, true},
      {"-1", true, false},
      {"9223372036854775807", true, true},
      {"9223372036854775808", false, true},
      {"-9223372036854775808", true, false},
      {"-9223372036854775809", false, false},
      {"18446744073709551615", false, true},
      {"18446744073709551616", false, false},
      {"1.0", false, false},
      {"1e3", false, false},
      {"\"1\"", false, false},
      {"null", false, false},
  };
  for (const Case& c : cases) {
    std::int64_t i = 0;
    std::uint64_t u = 0;
    EXPECT_EQ(to_int64(value_of(c.text), i), c.is_int64) << c.text;
    EXPECT_EQ(to_uint64(value_of(c.text), u), c.is_uint64) << c.text;
    const std::string_view expect = c.text == "-0" ? "0" : c.text;
    EXPECT_TRUE(!c.is_int64 || std::to_string(i) == expect) << c.text;
    EXPECT_TRUE(!c.is_uint64 || std::to_string(u) == expect) << c.text;
  }
}

TEST(JsonNumber, ReadsTheNearestDouble) {
  struct Case {
    std::string_view text;
    double expect;
  };
  const Case cases[] = {
      {"0", 0.0},
      {"1", 1.0},
      {"-1.5e3", -1500.0},
      {"0.1", 0.1},
      {"9007199254740993", 9007199254740992.0},
      {"1.7976931348623157e308", std::numeric_limits<double>::max()},
      {"5e-324", std::numeric_limits<double>::denorm_min()},
      {"1e-999", 0.0},
      {"-1E-999", -0.0},
  };
  for (const Case& c : cases) {
    double read = -1;
    EXPECT_TRUE(to_double(value_of(c.text), read)) << c.text;
    EXPECT_EQ(read, c.expect) << c.text;
    EXPECT_EQ(std::signbit(read), std::signbit(c.expect)) << c.text;
  }
  double untouched = 7;
  EXPECT_FALSE(to_double(value_of("1e999"), untouched));
  EXPECT_FALSE(to_double(value_of("-1e400"), untouched));
  EXPECT_FALSE(to_double(value_of("\"1\""), untouched));
  double small = -1;
  EXPECT_TRUE(to_double(value_of("0." + std::string(400, '0') + "1"), small));
  EXPECT_EQ(small, 0.0);
}

TEST(JsonNumber, ReadsShortAndLongNumbersAsTheStandardLibraryDoes) {
  std::uint64_t state = 88172645463325252u;
  for (int round = 0; round < 20'000; ++round) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    std::string text = std::to_string(state % 1'000'000'000'000'000'000u).substr(0, 1 + state % 18);
    if (text.size() > 1 && text[0] == '0') text[0] = '1';
    if (round % 3 != 0) text += "." + std::to_string(state >> 20).substr(0, 1 + state % 16);
    if (round % 5 == 0) text.insert(0, 1, '-');
    double read = 0;
    ASSERT_TRUE(to_double(value_of(text), read)) << text;
    EXPECT_EQ(read, std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(JsonScan, AllWaysFindTheSameByte) {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 50; ++at) {
      std::string text(50, 'x');
      text[at] = static_cast<char>(c);
      const char* const begin = text.data();
      const char* const end = begin + text.size();
      std::uint32_t high_bytes = 0, high_words = 0, high = 0;
      const char* const by_bytes = scan::special_by_bytes(begin, end, high_bytes);
      EXPECT_EQ(scan::special_by_words(begin, end, high_words), by_bytes) << c << ' ' << at;
      EXPECT_EQ(scan::special(begin, end, high), by_bytes) << c << ' ' << at;
      const scan::Stop first = scan::first_block(begin, end);
      EXPECT_TRUE(first.at == nullptr || (first.at == by_bytes && first.non_ascii == (high_bytes != 0)));
      EXPECT_EQ(high_words != 0, high_bytes != 0);
      EXPECT_EQ(high != 0, high_bytes != 0);
      EXPECT_EQ(by_bytes != end, c == '"' || c == '\\' || c < 0x20);
      EXPECT_EQ(scan::non_ascii(begin, end) != end, c >= 0x80);
    }
  }
}

TEST(JsonScan, IgnoresHighBytesBehindTheFoundByte) {
  std::uint32_t high = 0;
  const std::string text = "abc\"\xC3\xA9 and on to more than a block";
  EXPECT_EQ(scan::special(text.data(), text.data() + text.size(), high), text.data() + 3);
  EXPECT_EQ(high, 0u);
}

}  // namespace
}  // namespace sls::json
