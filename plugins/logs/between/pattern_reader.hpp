// The syntax of patterns, piece by piece: characters and their escapes, classes of them, counts of a repetition.
//
// It stands at a place of the pattern and goes over what it reads; what it does not know fails, and a caller then gives
// the pattern up. It knows nothing of groups and alternatives. Called by pattern_shape.
#pragma once

#include <cstdint>
#include <string_view>

#include "between/character_set.hpp"

namespace logs {

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : pattern_(pattern) {}

 protected:
  bool more() const { return at_ < pattern_.size() && !failed_; }
  char peek() const { return pattern_[at_]; }
  bool looking_at(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  bool skip(std::string_view text) {
    if (!looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  void fail() { failed_ = true; }

  // Each stands at a piece's first byte. False: it is none; where it cannot be a pattern at all, failed_ says so.
  // \d \w \s, their complements, and the classes of Unicode.
  bool class_escape(CharacterSet& set);
  // \n, \x{e9}, \. and the like.
  bool character_escape(std::uint32_t& character);
  // The character at at_, behind which at_ then is.
  std::uint32_t character();
  // [a-z], [^[:digit:]].
  CharacterSet bracket(bool without_case);
  // `most` is -1 where there is no end. A '{' that begins no count is a character.
  bool quantifier(int& least, int& most);
  bool counted(int& least, int& most);  // only {n}, {n,}, {n,m}

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool failed_ = false;
  bool certain_ = true;  // false: only the engine knows whether it is a pattern

 private:
  bool hex_escape(std::uint32_t& character);
  bool posix(CharacterSet& set);
  void range(CharacterSet& set);
  // A bare '-' is a member only at the front and the end; what the engine says of others is its business.
  bool set_member(std::uint32_t& character_out);
  bool number(int& value);
};

}  // namespace logs
