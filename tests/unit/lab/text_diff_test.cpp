#include "lab/text_diff.hpp"

#include <gtest/gtest.h>

namespace lab {
namespace {

std::string marked(std::string_view before, std::string_view after) {
  std::string out;
  for (const Piece& piece : changes(before, after)) out += piece.changed ? "<" + piece.text + ">" : piece.text;
  return out;
}

TEST(TextDiff, MarksNothingWhereNothingChanged) { EXPECT_EQ(marked("a b", "a b"), "a b"); }

TEST(TextDiff, MarksAMaskWhole) {
  EXPECT_EQ(marked("card 4111 1111 1111 1111 ok", "card [card number] ok"), "card <[card number]> ok");
}

TEST(TextDiff, MarksAllOfATextThatHasNothingInCommon) { EXPECT_EQ(marked("abc", "xyz"), "<xyz>"); }

TEST(TextDiff, ComparesLongTextsByTheirEnds) {
  const std::string filler(200000, ',');
  EXPECT_EQ(marked("a" + filler + "secret" + filler + "z", "a" + filler + "***" + filler + "z"),
            "a" + filler + "<***>" + filler + "z");
}

}  // namespace
}  // namespace lab
