#include "between/tag_text.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "between/letters.hpp"
#include "between/runes.hpp"
#include "sls/codec/json.hpp"

namespace {

using traces::Arena;

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

TEST(TagText, ThatIsGoodComesBackWithoutACopy) {
  Arena arena;
  for (const std::string_view text : {"env:prod", "a.b/c-d_e1", ":x"}) {
    EXPECT_TRUE(lies_in(traces::normal_tag(text, arena), text)) << text;
    EXPECT_TRUE(lies_in(traces::normal_tag_value(text, arena), text)) << text;
  }
  for (const std::string_view text : {"web.request", "__web.request_", "Web_1"})
    EXPECT_TRUE(lies_in(traces::normal_name(text, arena), text)) << text;
}

TEST(TagText, IsCutBetweenCharacters) {
  struct Row {
    std::string_view text;
    std::size_t bytes_max;
    std::string_view want;
  };
  for (const Row& row : {Row{"abc", 3, "abc"}, Row{"abc", 2, "ab"}, Row{"aé", 2, "a"}, Row{"aé", 3, "aé"},
                         Row{"a🐨", 4, "a"}, Row{"🐨", 3, ""}, Row{"", 0, ""}})
    EXPECT_EQ(traces::cut_text(row.text, row.bytes_max), row.want) << row.text << row.bytes_max;
}

TEST(Letters, HaveTheirLowerCaseWhereItTakesAsManyBytes) {
  struct Row {
    std::uint32_t code, lower;
  };
  const Row rows[] = {
      {0xB5, 0xB5},        // µ, lower case already
      {0xC9, 0xE9},        // É
      {0xD7, 0xD7},        // ×, between two runs
      {0x130, 0x130},      // İ: its lower case is shorter
      {0x178, 0xFF},       // Ÿ
      {0x17F, 0x17F},      // ſ
      {0x1C5, 0x1C5},      // ǅ, title case
      {0x23A, 0x23A},      // Ⱥ: its lower case is longer
      {0x3A3, 0x3C3},      // Σ
      {0x416, 0x436},      // Ж
      {0x460, 0x461},      // Ѡ and ѡ: every other one
      {0x461, 0x461},      //
      {0x1E9E, 0x1E9E},    // ẞ
      {0x10400, 0x10428},  // 𐐀
      {0x1F428, 0x1F428},  // 🐨
      {0x10FFFF, 0x10FFFF}, {0xFFFFFFFF, 0xFFFFFFFF},
  };
  for (const Row& row : rows) EXPECT_EQ(traces::lower_of_same_bytes(row.code), row.lower) << std::hex << row.code;
}

TEST(Letters, AreToldFromDecimalDigits) {
  for (const std::uint32_t digit : {0x660u, 0x669u, 0x966u, 0xFF10u, 0x1D7CEu, 0x1D7FFu})
    EXPECT_TRUE(traces::is_decimal_digit(digit)) << std::hex << digit;
  for (const std::uint32_t other : {0xB2u, 0x65Fu, 0x66Au, 0x4E00u, 0x1D800u, 0x10FFFFu, 0xFFFFFFFFu})
    EXPECT_FALSE(traces::is_decimal_digit(other)) << std::hex << other;
}

// Texts made of pieces that the rules treat differently.
std::string made(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"a", "B", "7",  ".", "/", "-",    "_",    "__",       ":", " ",
                                                 "é", "Ж", "繋", "🐨", "٣", "\xff", "\xc3", "abcdefgh", "Ⱥ", "İ"};
  std::string out;
  for (std::size_t n = random() % 90; n != 0; --n) out += kPieces[random() % std::size(kPieces)];
  return out;
}

void expect_tag(std::string_view text, bool whole) {
  EXPECT_TRUE(sls::json::valid_utf8(text)) << text;
  EXPECT_FALSE(text.ends_with('_')) << text;
  EXPECT_EQ(text.find("__"), text.npos) << text;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    const auto [code, bytes] = traces::runes::next(text.substr(at));
    if (code < 0x80)
      EXPECT_NE(std::string_view("abcdefghijklmnopqrstuvwxyz0123456789_:./-").find(text[at]), text.npos) << text;
    else
      EXPECT_TRUE(traces::runes::is_letter(code) || traces::is_decimal_digit(code)) << text;
    at += bytes;
  }
  EXPECT_LE(characters, 200u) << text;
  const bool begins_in_ascii = !text.empty() && static_cast<unsigned char>(text[0]) < 0x80;
  if (whole && begins_in_ascii) {
    EXPECT_TRUE(text[0] == ':' || (text[0] >= 'a' && text[0] <= 'z')) << text;
  }
}

TEST(TagText, OfAnyKindObeysItsRulesAndStaysWhenItIsDoneAgain) {
  std::mt19937 random(20261124);
  for (int i = 0; i < 20'000; ++i) {
    Arena arena;
    const std::string text = made(random);
    const std::string_view tag = traces::normal_tag(text, arena), value = traces::normal_tag_value(text, arena),
                           name = traces::normal_name(text, arena);
    expect_tag(tag, true);
    expect_tag(value, false);
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."), name.npos);
    EXPECT_FALSE(name.ends_with('_')) << name;
    EXPECT_EQ(traces::normal_tag(tag, arena), tag);
    EXPECT_EQ(traces::normal_tag_value(value, arena), value);
    EXPECT_EQ(traces::normal_name(name, arena), name);
    ASSERT_FALSE(HasFailure()) << "from '" << text << "'";
  }
}

}  // namespace
