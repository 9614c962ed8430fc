#include "sls/codec/msgpack.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using sls::msgpack::Kind;
using sls::msgpack::Reader;
using namespace std::string_view_literals;

TEST(Msgpack, TakesIntegersOfEveryWidth) {
  struct Case {
    std::string_view bytes;
    std::int64_t value;
  };
  const Case cases[] = {{"\x00"sv, 0},
                        {"\x7f"sv, 127},
                        {"\xff"sv, -1},
                        {"\xe0"sv, -32},
                        {"\xcc\xff"sv, 255},
                        {"\xcd\x01\x00"sv, 256},
                        {"\xce\xff\xff\xff\xff"sv, 4294967295},
                        {"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"sv, 9223372036854775807},
                        {"\xd0\x80"sv, -128},
                        {"\xd1\x80\x00"sv, -32768},
                        {"\xd2\x80\x00\x00\x00"sv, -2147483648LL},
                        {"\xd3\xff\xff\xff\xff\xff\xff\xff\xfe"sv, -2},
                        {"\xd3\x00\x00\x00\x00\x00\x00\x00\x05"sv, 5}};
  for (const Case& each : cases) {
    Reader reader(each.bytes);
    std::int64_t value = 99;
    EXPECT_EQ(reader.kind(), Kind::kInteger);
    EXPECT_TRUE(reader.take_signed(value));
    EXPECT_EQ(value, each.value);
    EXPECT_TRUE(reader.at_end());
    std::uint64_t positive = 99;
    EXPECT_EQ(Reader(each.bytes).take_unsigned(positive), each.value >= 0);
    double number = 0.5;
    EXPECT_TRUE(Reader(each.bytes).take_number(number));
    EXPECT_EQ(number, static_cast<double>(each.value));
  }
  std::int64_t value = 0;
  std::uint64_t positive = 0;
  EXPECT_FALSE(Reader("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"sv).take_signed(value));
  EXPECT_TRUE(Reader("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"sv).take_unsigned(positive));
  EXPECT_EQ(positive, ~std::uint64_t{0});
}

TEST(Msgpack, TakesFloatsOfBothWidths) {
  double number = 0;
  EXPECT_TRUE(Reader("\xca\x3f\x00\x00\x00"sv).take_number(number));
  EXPECT_EQ(number, 0.5);
  EXPECT_TRUE(Reader("\xcb\xbf\xf8\x00\x00\x00\x00\x00\x00"sv).take_number(number));
  EXPECT_EQ(number, -1.5);
}

TEST(Msgpack, TakesTextsAndBytesOfEveryLength) {
  for (std::string_view bytes : {"\xa1x"sv, "\xd9\x01x"sv, "\xda\x00\x01x"sv, "\xdb\x00\x00\x00\x01x"sv}) {
    std::string_view out;
    EXPECT_TRUE(Reader(bytes).take_string(out));
    EXPECT_EQ(out, "x");
  }
  for (std::string_view bytes : {"\xc4\x01x"sv, "\xc5\x00\x01x"sv, "\xc6\x00\x00\x00\x01x"sv}) {
    std::string_view out;
    EXPECT_TRUE(Reader(bytes).take_binary(out));
    EXPECT_EQ(out, "x");
  }
}

TEST(Msgpack, LeavesAValueOfAnotherKindWhereItIs) {
  Reader reader("\xa1x\xc0\xc3"sv);
  std::uint64_t number = 0;
  std::string_view text;
  bool flag = false;
  EXPECT_FALSE(reader.take_unsigned(number));
  EXPECT_FALSE(reader.take_nil());
  EXPECT_FALSE(reader.failed());
  EXPECT_TRUE(reader.skip());
  EXPECT_FALSE(reader.take_string(text));
  EXPECT_TRUE(reader.take_nil());
  EXPECT_TRUE(reader.take_boolean(flag));
  EXPECT_TRUE(flag);
  EXPECT_TRUE(reader.at_end());
}

TEST(Msgpack, BelievesNoLengthBeyondItsBytes) {
  std::string_view text;
  std::size_t count = 0;
  for (std::string_view bytes : {"\xa2x"sv, "\xdb\xff\xff\xff\xffxy"sv}) {
    Reader reader(bytes);
    EXPECT_FALSE(reader.take_string(text));
    EXPECT_TRUE(reader.failed());
  }
  for (std::string_view bytes : {"\xdd\xff\xff\xff\xff\x01"sv, "\x92\x01"sv}) {
    Reader reader(bytes);
    EXPECT_FALSE(reader.enter_array(count));
    EXPECT_TRUE(reader.failed());
  }
  Reader map("\xdf\x80\x00\x00\x00\x01\x01"sv);
  EXPECT_FALSE(map.enter_map(count));
  EXPECT_TRUE(map.failed());
}

TEST(Msgpack, SkipsEveryKindAndAnyDepth) {
  const std::string_view each[] = {"\xc0",
                                   "\xc2",
                                   "\x05",
                                   "\xcb........",
                                   "\xa3"
                                   "abc",
                                   "\xc4\x02zz",
                                   "\xd4tx",
                                   "\xd8t0123456789abcdef",
                                   "\xc7\x02txy",
                                   "\x92\x01\x02",
                                   "\x81\xa1k\x91\xc0"};
  for (std::string_view value : each) {
    const std::string bytes = std::string(value) + "\x2a";
    Reader reader(bytes);
    std::uint64_t behind = 0;
    EXPECT_TRUE(reader.skip());
    EXPECT_TRUE(reader.take_unsigned(behind));
    EXPECT_EQ(behind, 42u);
  }
  std::string deep(1'000'000, '\x91');
  EXPECT_FALSE(Reader(deep).skip());
  deep.push_back('\xc0');
  EXPECT_TRUE(Reader(deep).skip());
}

TEST(Msgpack, FailsOnEveryTruncation) {
  const std::string_view whole =
      "\x82\xa1"
      "a\x93\x01\xcd\x01\x00\xc4\x01z\xa1"
      "b\x81\xa1k\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00"sv;
  EXPECT_TRUE(Reader(whole).skip());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    Reader reader(whole.substr(0, n));
    EXPECT_FALSE(reader.skip()) << n;
    EXPECT_TRUE(reader.failed()) << n;
  }
}

TEST(Msgpack, EndsOnRandomBytes) {
  std::mt19937 random(7);  // NOLINT: the same bytes every time
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    Reader reader(bytes);
    std::size_t steps = 0;
    while (!reader.at_end() && reader.skip()) ASSERT_LE(++steps, bytes.size());
    EXPECT_LE(reader.offset(), bytes.size());
  }
}

}  // namespace
