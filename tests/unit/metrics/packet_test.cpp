#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <map>
#include <random>

#include "in/number.hpp"
#include "in/packet.hpp"
#include "in/utf8.hpp"

namespace {

using metrics::LineKind;
using metrics::MetricType;
using metrics::PacketReader;

LineKind kind_of(std::string_view line) {
  PacketReader reader;
  reader.open(line);
  return reader.next();
}

TEST(Packet, RefusesTheLineThatCannotBeRead) {
  for (const char* bad : {"daemon:666",
                          "daemon|g",
                          ":666|g",
                          "daemon:|g",
                          "daemon:666|",
                          "daemon:666|z",
                          "daemon:abc|g",
                          "daemon:1|c|@",
                          "daemon:1|c|@abc",
                          "daemon:1|c|T",
                          "daemon:1|c|Tabc",
                          "daemon:1|c|T-5",
                          "a: 1|c",
                          "a:1 |c",
                          "a:1:x|c",
                          "a:--1|c",
                          "a:1e999|c",
                          "a:nan(1)|g",
                          "a:1_0|c",
                          "a\xff:1|c",
                          "_e{0,4}:|text",
                          "_e{5}:title|text",
                          "_e{5,4}:title",
                          "_e{1,18446744073709551615}:t|",
                          "_e{9223372036854775807,1}:t|t",
                          "_sc|name",
                          "_sc||0",
                          "_sc|name|4",
                          "_scx|name|0",
                          "_sc|name|10",
                          "|",
                          ":",
                          "|c"})
    EXPECT_EQ(kind_of(bad), LineKind::kBad) << bad;
}

TEST(Packet, HoldsNothingWhenItHoldsNoLine) {
  for (const char* empty : {"", "\n", "\n\n\n", "\r", "\r\n"}) EXPECT_EQ(kind_of(empty), LineKind::kEnd) << empty;
}

TEST(Packet, GoesOnBehindABadLine) {
  PacketReader reader;
  reader.open("nope\na:1|c\r\n_e{1}:x|y\n_sc|s|1|m:hm\n\nb:2:3|ms|#x");
  EXPECT_EQ(reader.next(), LineKind::kBad);
  ASSERT_EQ(reader.next(), LineKind::kMetric);
  EXPECT_EQ(reader.metric().name, "a");
  EXPECT_EQ(reader.next(), LineKind::kBad);
  ASSERT_EQ(reader.next(), LineKind::kCheck);
  EXPECT_EQ(reader.check().message, "hm");
  ASSERT_EQ(reader.next(), LineKind::kMetric);
  EXPECT_EQ(reader.metric().type, MetricType::kTiming);
  EXPECT_EQ(reader.metric().values.size(), 2u);
  EXPECT_EQ(reader.metric().tags, "x");
  EXPECT_EQ(reader.next(), LineKind::kEnd);
}

TEST(Packet, ForgetsTheFieldsOfTheLineBefore) {
  PacketReader reader;
  reader.open("a:1|c|@0.5|#t|T5\nb:1|c\n_e{1,1}:a|b|h:x|p:low\n_e{1,1}:a|b");
  reader.next(), reader.next();
  EXPECT_EQ(reader.metric().rate, 1);
  EXPECT_EQ(reader.metric().tags, "");
  EXPECT_EQ(reader.metric().time_s, 0);
  reader.next(), reader.next();
  EXPECT_EQ(reader.event().host, "");
  EXPECT_EQ(reader.event().priority, "normal");
}

TEST(Packet, ReadsTenThousandTagsAndALongName) {
  std::string packet = std::string(10'000, 'n') + ":1|c|#";
  for (int i = 0; i < 10'000; ++i) packet += "t,";
  PacketReader reader;
  reader.open(packet);
  ASSERT_EQ(reader.next(), LineKind::kMetric);
  std::size_t count = 0;
  metrics::for_each_tag(reader.metric().tags, [&count](std::string_view tag) { count += tag == "t" ? 1 : 0; });
  EXPECT_EQ(count, 10'000u);
}

TEST(Number, ReadsWhatClientsWrite) {
  struct Case {
    const char* text;
    double value;
  };
  const Case cases[] = {{"0", 0},
                        {"1", 1},
                        {"-12.5", -12.5},
                        {"+3", 3},
                        {"5.", 5},
                        {".5", 0.5},
                        {"1e3", 1000},
                        {"1.5E-3", 0.0015},
                        {"0x1p-2", 0.25},
                        {"0X1.8p1", 3},
                        {"1e-999", 0},
                        {"0.1", 0.1},
                        {"123456789.123456", 123456789.123456},
                        {"9007199254740993", 9007199254740992.0},
                        {"inf", HUGE_VAL},
                        {"-Infinity", -HUGE_VAL}};
  for (const Case& each : cases) {
    double out = -1;
    EXPECT_TRUE(metrics::read_number(each.text, out)) << each.text;
    EXPECT_EQ(out, each.value) << each.text;
  }
  double out = 0;
  EXPECT_TRUE(metrics::read_number("NaN", out) && std::isnan(out));
}

TEST(Number, RefusesWhatIsNone) {
  for (const char* bad : {"", "-", "+", ".", "-.", "1 ", " 1", "1,5", "0x", "0x1", "0x-1p1", "1e", "1e999", "++1",
                          "+-1", "--1", "1.2.3", "nan()", "infinit"}) {
    double out = 0;
    EXPECT_FALSE(metrics::read_number(bad, out)) << bad;
  }
}

TEST(Number, IsTheDoubleThatTheLibraryReads) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 200'000; ++i) {
    std::string text = std::to_string(random() >> (random() % 64));
    if (random() % 2 != 0) text.insert(random() % (text.size() + 1), 1, '.');
    double ours = 0, theirs = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), theirs);
    ASSERT_TRUE(metrics::read_number(text, ours) && error == std::errc() && end == text.data() + text.size()) << text;
    ASSERT_EQ(ours, theirs) << text;
  }
}

TEST(Utf8, MendsWhatIsNone) {
  struct Case {
    const char* text;
    const char* mended;
  };
  const Case cases[] = {{"caf\xC3\xA9", nullptr},
                        {"\xE2\x82\xAC", nullptr},
                        {"\xF0\x9F\x98\x80", nullptr},
                        {"a\xFFz", "a\xEF\xBF\xBDz"},
                        {"\xC3", "\xEF\xBF\xBD"},
                        {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}};
  for (const Case& each : cases) {
    EXPECT_EQ(metrics::is_utf8(each.text), each.mended == nullptr) << each.text;
    std::string out;
    metrics::append_utf8(out, each.text);
    EXPECT_EQ(out, each.mended == nullptr ? each.text : each.mended);
    EXPECT_TRUE(metrics::is_utf8(out));
  }
}

// ---- a second parser, slow and obvious, for random packets

using Words = std::vector<std::string>;

Words split(const std::string& text, char mark) {
  Words out(1);
  for (const char c : text) {
    if (c == mark)
      out.emplace_back();
    else
      out.back().push_back(c);
  }
  return out;
}

bool slow_number(const std::string& text, double& out) {
  if (text.empty() || text.find_first_not_of("0123456789.eE+-infaINFAtyTY") != text.npos) return false;
  char* end = nullptr;
  out = std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size() && (std::isfinite(out) || text.find_first_of("iInN") != text.npos);
}

std::string print(double value) { return std::isnan(value) ? "nan" : std::to_string(value); }

// One metric as a text, "" when the line is bad.
std::string slow_metric(const std::string& line) {
  const Words parts = split(line, '|');
  const std::size_t colon = parts[0].find(':');
  if (parts.size() < 2 || colon == std::string::npos || colon == 0 || colon + 1 == parts[0].size()) return "";
  static const std::map<std::string, int> kTypes = {{"c", 0}, {"g", 1}, {"d", 2}, {"h", 3}, {"ms", 4}, {"s", 5}};
  if (kTypes.count(parts[1]) == 0) return "";
  std::string values, tags;
  const std::string raw = parts[0].substr(colon + 1);
  for (const std::string& piece : split(raw, ':')) {
    double value = 0;
    if (piece.empty() || parts[1] == "s") continue;
    if (!slow_number(piece, value)) return "";
    values += print(value) + ";";
  }
  if (parts[1] == "s") values = raw;
  if (values.empty()) return "";
  double rate = 1;
  long long time = 0;
  for (std::size_t i = 2; i < parts.size(); ++i) {
    const std::string rest = parts[i].empty() ? "" : parts[i].substr(1);
    if (parts[i].starts_with('@') && !slow_number(rest, rate)) return "";
    if (parts[i].starts_with('#')) tags = rest;
    if (!parts[i].starts_with('T')) continue;
    const std::string digits = rest.starts_with('+') ? rest.substr(1) : rest;
    if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos || std::stoll(digits) < 1) return "";
    time = std::stoll(digits);
  }
  return parts[0].substr(0, colon) + "," + std::to_string(kTypes.at(parts[1])) + "," + values + "," + print(rate) + ","
         + tags + "," + std::to_string(time);
}

std::string fast_metric(const metrics::MetricLine& line) {
  std::string values(line.member);
  for (const double each : line.values) values += print(each) + ";";
  return std::string(line.name) + "," + std::to_string(static_cast<int>(line.type)) + "," + values + ","
         + print(line.rate) + "," + std::string(line.tags) + "," + std::to_string(line.time_s);
}

TEST(Packet, IsReadAsASlowSecondParserReadsIt) {
  static const char* const kPieces[] = {"a",    "name.x", ":",     ":",   "|",   "|",    "1",   "2.5", "-3",
                                        "c",    "g",      "ms",    "s",   "d",   "h",    "@",   "0.5", "#",
                                        "t:v",  ",",      "T",     "17",  "\n",  "inf",  "x",   "e",   "||",
                                        ":1|c", "b:1|g",  "|@0.5", "|#t", "|T9", "\r\n", "nan", "+"};
  std::mt19937 random(7);
  std::size_t good = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string packet;
    for (unsigned n = random() % 16; n != 0; --n) packet += kPieces[random() % std::size(kPieces)];
    PacketReader reader;
    reader.open(packet);
    for (std::string line : split(packet, '\n')) {
      if (line.empty()) continue;
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty()) continue;
      const LineKind kind = reader.next();
      const std::string want = slow_metric(line);
      ASSERT_EQ(kind, want.empty() ? LineKind::kBad : LineKind::kMetric) << packet;
      if (kind == LineKind::kMetric) {
        ASSERT_EQ(fast_metric(reader.metric()), want) << packet;
      }
      good += kind == LineKind::kMetric ? 1 : 0;
    }
    ASSERT_EQ(reader.next(), LineKind::kEnd) << packet;
  }
  EXPECT_GT(good, 1'000u);
}

}  // namespace
