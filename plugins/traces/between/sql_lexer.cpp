#include "sql_lexer.hpp"

#include <algorithm>
#include <array>

#include "runes.hpp"
#include "sql_words.hpp"

namespace traces {
namespace {

enum Trait : std::uint8_t {
  kSpace = 1,
  kLetter = 2,
  kDigit = 4,
  kPartOfWord = 8,
  kOperator = 16,
  kPunctuation = 32,
  kBeyond = 64
};

constexpr std::array<std::uint8_t, 256> kTraits = [] {
  std::array<std::uint8_t, 256> out{};
  const auto add = [&out](std::string_view characters, int traits) {
    for (char c : characters) out[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(traits);
  };
  add(" \t\n\r", kSpace);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", kLetter | kPartOfWord);
  add("0123456789", kDigit | kPartOfWord);
  add("\".?$#/@!", kPartOfWord);
  add("+-*/=<>!&|^%~?@:#", kOperator);
  add("(),;.:[]{}", kPunctuation);
  for (std::size_t c = 0x80; c < 0x100; ++c) out[c] = kBeyond;
  return out;
}();

bool is(char c, int traits) { return (kTraits[static_cast<unsigned char>(c)] & traits) != 0; }
bool is_hex(char c) { return is(c, kDigit) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

}  // namespace

std::uint32_t SqlLexer::rune_at(std::size_t at, std::size_t& bytes) const {
  if (at >= text_.size()) return bytes = 0, 0;
  const runes::Rune rune = runes::next(text_.substr(at));
  bytes = rune.bytes;
  return rune.code;
}

bool SqlLexer::is_letter_at(std::size_t at) const {
  if (at >= text_.size()) return false;
  std::size_t bytes = 0;
  return is(text_[at], kLetter) || (is(text_[at], kBeyond) && runes::is_letter(rune_at(at, bytes)));
}

bool SqlLexer::is_letter_or_number_at(std::size_t at) const {
  if (is_letter_at(at)) return true;
  std::size_t bytes = 0;
  return at < text_.size()
         && (is(text_[at], kDigit) || (is(text_[at], kBeyond) && runes::is_number_beyond_ascii(rune_at(at, bytes))));
}

void SqlLexer::skip_letters_and_numbers() {
  while (is_letter_or_number_at(at_)) {
    std::size_t bytes = 0;
    rune_at(at_, bytes);
    at_ += bytes;
  }
}

SqlLexeme SqlLexer::next() {
  start_ = at_;
  if (at_ == text_.size()) return done(Lexeme::kEnd);
  const char c = text_[at_];
  if (is(c, kSpace)) return skip_while([](char each) { return is(each, kSpace); }), done(Lexeme::kSpace);
  if (is(c, kLetter)) return word();
  if (is(c, kDigit)) return number();
  if (is(c, kBeyond)) {
    if (is_letter_at(at_)) return rest_of_word(false);
    std::size_t bytes = 0;
    rune_at(at_, bytes);
    at_ += bytes;
    return done(Lexeme::kUnknown);
  }
  return sign(c);
}

SqlLexeme SqlLexer::sign(char c) {
  const char then = ahead(1);
  switch (c) {
    case '"': return dbms_ == Dbms::kMysql ? string('"') : quoted_word('"');
    case '\'': return string('\'');
    case '`':
      if (dbms_ == Dbms::kMysql) return quoted_word('`');
      ++at_;
      return done(Lexeme::kUnknown);
    case '-':
      if (then == '-') return line_comment();
      [[fallthrough]];
    case '+': return is(then, kDigit) || then == '.' ? (++at_, decimal()) : op();
    case '/': return then == '*' ? block_comment() : op();
    case '*': return ++at_, done(Lexeme::kStar);
    case '$': return dollar();
    case ':': return dbms_ == Dbms::kOracle && is_letter_or_number_at(at_ + 1) ? bind(Lexeme::kBind, 1) : op();
    case '#':
      if (dbms_ == Dbms::kMssql) return rest_of_word(true);
      return dbms_ == Dbms::kMysql ? line_comment() : op();
    case '@': return at_sign();
    case '[':
      if (dbms_ == Dbms::kMssql) return quoted_word('[');
      [[fallthrough]];
    default:
      if (is(c, kOperator)) return op();
      ++at_;
      return done(is(c, kPunctuation) ? Lexeme::kPunctuation : Lexeme::kUnknown);
  }
}

// One of SQL's words is one only where something else begins behind it.
SqlLexeme SqlLexer::word() {
  skip_while([](char c) { return is(c, kLetter); });
  const char behind = ahead();
  if (at_ == text_.size() || is(behind, kPunctuation | kSpace) || (behind == '/' && ahead(1) == '*')) {
    bool before_table = false;
    const Lexeme kind = sql_word(so_far(), before_table);
    if (kind != Lexeme::kWord) return {.kind = kind, .text = so_far(), .before_table = before_table};
  }
  return rest_of_word(true);
}

SqlLexeme SqlLexer::rest_of_word(bool ascii) {
  bool digits = false;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    std::size_t bytes = 1;
    if (is(c, kBeyond)) {
      if (!runes::is_letter(rune_at(at_, bytes))) break;
    } else if (!is(c, kPartOfWord)) {
      break;
    }
    digits = digits || is(c, kDigit);
    at_ += bytes;
  }
  return {.kind = ascii && ahead() == '(' ? Lexeme::kFunction : Lexeme::kWord, .text = so_far(), .has_digits = digits};
}

// "a"."b" is one.
SqlLexeme SqlLexer::quoted_word(char opening) {
  const char closing = opening == '[' ? ']' : opening;
  bool plain = true, digits = false;
  for (++at_; ahead() != closing || (ahead(1) == '.' && ahead(2) == opening);) {
    if (at_ == text_.size()) return done(Lexeme::kOpen);
    if (ahead() == closing) {
      plain = false;
      at_ += 3;
      continue;
    }
    plain = plain && (at_ == start_ + 1 ? is_letter_at(at_) : is_letter_or_number_at(at_));
    digits = digits || is(text_[at_], kDigit);
    std::size_t bytes = 0;
    rune_at(at_, bytes);
    at_ += bytes;
  }
  const bool empty = at_ == start_ + 1;
  ++at_;
  return {.kind = Lexeme::kQuotedWord, .text = so_far(), .has_digits = digits, .is_plain = plain && !empty};
}

SqlLexeme SqlLexer::string(char delimiter) {
  const bool escapes = dbms_ != Dbms::kMssql && dbms_ != Dbms::kOracle;
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == delimiter) return ++at_, done(Lexeme::kString);
    if (text_[at_] == '\\' && escapes) ++at_;
  }
  at_ = text_.size();
  return done(Lexeme::kString);
}

SqlLexeme SqlLexer::at_sign() {
  const char then = ahead(1);
  if (then == '@') return is_letter_or_number_at(at_ + 2) ? bind(Lexeme::kSystemVariable, 2) : json_operator(2);
  if (is_letter_or_number_at(at_ + 1)) return dbms_ == Dbms::kSnowflake ? rest_of_word(true) : bind(Lexeme::kBind, 1);
  return then == '?' || then == '>' ? json_operator(2) : op();
}

SqlLexeme SqlLexer::bind(Lexeme kind, std::size_t prefix) {
  at_ += prefix;
  skip_letters_and_numbers();
  return done(kind);
}

SqlLexeme SqlLexer::decimal() {
  while (is(ahead(), kDigit) || ahead() == '.' || (ahead() | 0x20) == 'e') {
    const bool exponent = (text_[at_++] | 0x20) == 'e';
    if (exponent && (ahead() == '+' || ahead() == '-')) ++at_;
  }
  return done(Lexeme::kNumber);
}

SqlLexeme SqlLexer::number() {
  const char then = ahead(1);
  if (text_[at_] == '0' && (then == 'x' || then == 'X')) {
    at_ += 2;
    skip_while(is_hex);
    return done(Lexeme::kNumber);
  }
  if (text_[at_] == '0' && then >= '0' && then <= '7') {
    at_ += 2;
    skip_while([](char c) { return c >= '0' && c <= '7'; });
    return done(Lexeme::kNumber);
  }
  return decimal();
}

SqlLexeme SqlLexer::dollar() {
  if (ahead(1) == '?') return at_ += 2, done(Lexeme::kPositional);  // begins no text that anybody ends
  if (is(ahead(1), kDigit)) {
    ++at_;
    skip_while([](char c) { return is(c, kDigit); });
    return done(Lexeme::kPositional);
  }
  if (dbms_ == Dbms::kMssql && is_letter_at(at_ + 1)) return rest_of_word(true);
  const std::size_t tag_end = text_.find('$', at_ + 1);
  const std::string_view tag = tag_end == text_.npos ? text_.substr(at_) : text_.substr(at_, tag_end + 1 - at_);
  const std::size_t end = tag_end == text_.npos ? text_.npos : text_.find(tag, tag_end + 1);
  at_ = end == text_.npos ? text_.size() : end + tag.size();
  if (end == text_.npos) return done(Lexeme::kOpen);
  return done(tag == "$func$" ? Lexeme::kDollarFunction : Lexeme::kDollarString);
}

SqlLexeme SqlLexer::json_operator(std::size_t bytes) {
  at_ += bytes;
  return done(Lexeme::kJsonOperator);
}

SqlLexeme SqlLexer::op() {
  char last = text_[at_];
  const char then = ahead(1);
  if ((last == '-' || last == '#') && then == '>') return json_operator(ahead(2) == '>' ? 3 : 2);
  if ((last == '#' && then == '-') || (last == '?' && (then == '|' || then == '&')) || (last == '<' && then == '@'))
    return json_operator(2);
  for (++at_; is(ahead(), kOperator) && !(last == '=' && (ahead() == '?' || ahead() == '@')); ++at_) last = text_[at_];
  return done(Lexeme::kOperator);
}

SqlLexeme SqlLexer::line_comment() {
  at_ = std::min(text_.find('\n', at_), text_.size());
  return done(Lexeme::kComment);
}

SqlLexeme SqlLexer::block_comment() {
  const std::size_t end = text_.find("*/", at_ + 2);
  at_ = end == text_.npos ? text_.size() : end + 2;
  return done(end == text_.npos ? Lexeme::kOpen : Lexeme::kComment);
}

}  // namespace traces
