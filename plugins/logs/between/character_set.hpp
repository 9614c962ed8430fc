// What may stand at one place of a text, in characters: the sets that the syntax of patterns names, and their folding.
//
// A value. Characters beyond ASCII are not told apart: what is said of a set with such may hold more than the pattern's
// set does, never less. Used by pattern_reader and pattern_shape.
#pragma once

#include <string_view>

#include "between/byte_set.hpp"

namespace logs {

inline constexpr ByteSet kAscii = ByteSet::range(0, 127);
inline constexpr ByteSet kLead = ByteSet::range(0xC2, 0xF4);
inline constexpr ByteSet kTrail = ByteSet::range(0x80, 0xBF);

constexpr ByteSet members(std::string_view text) {
  ByteSet set;
  for (const char c : text) set.add(static_cast<unsigned char>(c));
  return set;
}

constexpr ByteSet operator|(ByteSet a, const ByteSet& b) { return a |= b; }

inline constexpr ByteSet kDigit = ByteSet::range('0', '9');
inline constexpr ByteSet kLower = ByteSet::range('a', 'z');
inline constexpr ByteSet kUpper = ByteSet::range('A', 'Z');
inline constexpr ByteSet kWord = kDigit | kLower | kUpper | members("_");
inline constexpr ByteSet kPerlSpace = members("\t\n\f\r ");
// (?i) makes k match U+212A and s match U+017F, and the other way round.
inline constexpr ByteSet kFoldedBeyondAscii = members("kKsS");

inline bool is_letter(unsigned c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_digit(unsigned c) { return c >= '0' && c <= '9'; }

// One character of a set: an ASCII one, or one of several bytes.
struct CharacterSet {
  ByteSet ascii;
  bool beyond = false;  // holds, or may hold, characters beyond ASCII
  bool vague = false;   // `ascii` may hold more than the pattern's set does
};

// The set without regard to case.
void fold(CharacterSet& set);

}  // namespace logs
