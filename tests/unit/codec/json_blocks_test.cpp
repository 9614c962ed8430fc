// Passing 64 bytes at a time against looking at one byte after the other: random strings and nestings, at every offset,
// by the machine's best way and by the other one.
#include "../../../sdk/codec/json_blocks.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

using blocks::NestingPass;
using blocks::Pass;
using blocks::StringPass;

std::string made_of(std::mt19937& random, std::initializer_list<std::string_view> pieces, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += pieces.begin()[random() % pieces.size()];
  return out;
}

// Behind the closing quote by single steps; npos: malformed. `at` is behind the opening one.
std::size_t string_end(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '"') return at + 1;
    if (c < 0x20) return std::string::npos;
    if (c != '\\') {
      ++at;
      continue;
    }
    if (++at == text.size()) return std::string::npos;
    if (text[at] == 'u') {
      for (int i = 1; i <= 4; ++i)
        if (at + i >= text.size() || std::isxdigit(static_cast<unsigned char>(text[at + i])) == 0)
          return std::string::npos;
    } else if (std::string_view("\"\\/bfnrt").find(text[at]) == std::string_view::npos) {
      return std::string::npos;
    }
    ++at;
  }
  return std::string::npos;
}

TEST(JsonBlocks, EndStringsWhereSingleStepsEndThem) {
  std::mt19937 random(7);
  std::size_t ended = 0, bad = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text(1, '"');
    const std::string filler(random() % 70, 'x');
    text += filler;
    text += made_of(random,
                    {"\\\"", "\\\\", "\\n", "\\u12aB", "plain text of some length", "\xc3\xa9", "a", "\\\\\\\\", "\\/"},
                    random() % 40);
    const unsigned kind = random() % 8;
    if (kind == 0) text += "\\x";
    if (kind == 1) text += '\x01';
    if (kind == 2) text += "\\u12g4";
    if (kind == 3) text += '\\';
    text += made_of(random, {"a", "\\\"", "bcd"}, random() % 30);
    if (kind != 4) text += '"';
    text += std::string(random() % 130, ' ');
    const std::size_t end = string_end(text, 1);
    Value value;
    Cursor cursor(text);
    const bool taken = cursor.take(value);
    ASSERT_EQ(taken, end != std::string::npos) << text;
    if (!taken) {
      ++bad;
      continue;
    }
    ++ended;
    ASSERT_EQ(value.raw.size(), end) << text;
    EXPECT_EQ(value.has(kEscaped), value.raw.find('\\') != std::string_view::npos) << text;
    EXPECT_EQ(value.has(kNonAscii), value.raw.find('\xc3') != std::string_view::npos) << text;
    EXPECT_EQ(value.has(kLoose),
              value.raw.find("\\/") != std::string_view::npos || value.raw.find("\\u") != std::string_view::npos)
        << text;
  }
  EXPECT_GT(ended, 8000u);
  EXPECT_GT(bad, 4000u);
}

TEST(JsonBlocks, AnswerTheSameWithoutTheWidestRegisters) {
  std::mt19937 random(8);
  const auto any_escape = [](const char*, const char*, void* count) { return ++*static_cast<int*>(count) > 0; };
  for (int round = 0; round < 20000; ++round) {
    const std::string text =
        made_of(random, {"\\", "\"", "\\\"", "text", "[", "]", "{", "}", "\xff", "\\n", "  "}, random() % 200);
    const char* const end = text.data() + text.size();
    int seen = 0, seen_narrow = 0;
    StringPass string{text.data()}, string_narrow{text.data()};
    ASSERT_EQ(blocks::pass_string(string, end, any_escape, &seen),
              blocks::pass_string_narrow(string_narrow, end, any_escape, &seen_narrow))
        << text;
    EXPECT_EQ(string.at, string_narrow.at);
    EXPECT_EQ(string.escaped, string_narrow.escaped);
    EXPECT_EQ(string.has_escapes, string_narrow.has_escapes);
    EXPECT_EQ(string.has_non_ascii, string_narrow.has_non_ascii);
    EXPECT_EQ(seen, seen_narrow);
    NestingPass nesting{text.data()}, nesting_narrow{text.data()};
    nesting.depth = nesting_narrow.depth = 1 + random() % 5;
    ASSERT_EQ(blocks::pass_nesting(nesting, end), blocks::pass_nesting_narrow(nesting_narrow, end)) << text;
    EXPECT_EQ(nesting.at, nesting_narrow.at);
    EXPECT_EQ(nesting.in_string, nesting_narrow.in_string);
    EXPECT_EQ(nesting.escaped, nesting_narrow.escaped);
  }
}

TEST(JsonBlocks, PassTheRestOfAnArrayToWhereATakeEndsIt) {
  std::mt19937 random(9);
  for (int round = 0; round < 20000; ++round) {
    std::string array = "[0";
    for (std::size_t n = random() % 20; n > 0; --n) {
      array += made_of(random,
                       {",{\"a\":[1,{\"]\":\"}\\\\\"}]}", ",\"[{\\\"]\"", ",[]", ",{}", ", null", ",[[[]],{\"b\":{}}]",
                        ",\"\\\\\\\\\"", ",\"some longer text without anything in it, really\""},
                       1);
    }
    array += ']';
    const std::string text = array + ",1]" + std::string(random() % 3, ' ');
    Cursor cursor(text);
    ASSERT_TRUE(cursor.enter_array());
    ASSERT_TRUE(cursor.next_element());
    ASSERT_TRUE(cursor.skip());
    if (random() % 2 == 0 && cursor.next_element()) {
      ASSERT_TRUE(cursor.skip()) << text;
    }
    if (cursor.mark().depth == 0) continue;  // it had ended
    ASSERT_TRUE(cursor.pass_rest()) << text;
    EXPECT_EQ(cursor.mark().at, text.data() + array.size()) << text;
    EXPECT_EQ(cursor.mark().depth, 0u);
  }
}

TEST(JsonBlocks, SayWhenTheTextEndsBeforeTheArray) {
  for (const std::size_t size : {1u, 40u, 63u, 64u, 65u, 200u}) {
    for (const std::string& rest : {std::string(size, ' '), "\"" + std::string(size, ']'), std::string(size, '['),
                                    "\"\\\"" + std::string(size, ']')}) {
      const std::string text = "[1," + rest;
      Cursor cursor(text);
      ASSERT_TRUE(cursor.enter_array());
      EXPECT_FALSE(cursor.pass_rest()) << text;
      EXPECT_TRUE(cursor.failed());
    }
  }
  Cursor outside("[1]");
  EXPECT_FALSE(outside.pass_rest());
}

}  // namespace
}  // namespace sls::json
