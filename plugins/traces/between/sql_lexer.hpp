// The tokens of an SQL text as the engine behind `sql_obfuscation_mode` cuts them: white space and comments are tokens
// too, so that a text can be put together again from them.
//
// One pass over valid UTF-8, nothing is copied. It never fails: what is open at the end is a token of its own kind.
// Called by sql_modes.
#pragma once

#include <cstdint>
#include <string_view>

#include "sql.hpp"

namespace traces {

enum class Lexeme : std::uint8_t {
  kEnd,
  kSpace,
  kComment,
  kString,  // open ones, too
  kNumber,
  kWord,
  kQuotedWord,
  kFunction,  // a word before a parenthesis
  kSystemVariable,
  kOperator,
  kJsonOperator,
  kStar,
  kPunctuation,
  kDollarFunction,
  kDollarString,
  kPositional,  // $1
  kBind,        // @name, :name
  kCommand,
  kKeyword,
  kBoolean,
  kNull,
  kProcedure,
  kWith,
  kAs,
  kOpen,    // what should have ended and did not
  kUnknown  // a character that begins nothing
};

struct SqlLexeme {
  Lexeme kind = Lexeme::kEnd;
  std::string_view text;
  bool before_table = false;  // a word behind which a table's name stands
  bool has_digits = false;
  bool is_plain = false;  // a quoted word that would be one without its quotes

  // The text where it is one character, else 0.
  char sign() const { return text.size() == 1 ? text[0] : '\0'; }
};

class SqlLexer {
 public:
  SqlLexer(std::string_view text, Dbms dbms) : text_(text.substr(0, text.find('\0'))), dbms_(dbms) {}

  SqlLexeme next();

 private:
  // The byte so many places ahead; 0: there is none.
  char ahead(std::size_t n = 0) const { return at_ + n < text_.size() ? text_[at_ + n] : '\0'; }
  std::uint32_t rune_at(std::size_t at, std::size_t& bytes) const;
  bool is_letter_at(std::size_t at) const;
  bool is_letter_or_number_at(std::size_t at) const;
  void skip_letters_and_numbers();
  template <class Predicate>
  void skip_while(Predicate predicate) {
    while (at_ < text_.size() && predicate(text_[at_])) ++at_;
  }
  std::string_view so_far() const { return text_.substr(start_, at_ - start_); }
  SqlLexeme done(Lexeme kind) const { return {.kind = kind, .text = so_far()}; }

  SqlLexeme word();
  SqlLexeme rest_of_word(bool ascii);
  SqlLexeme quoted_word(char opening);
  SqlLexeme string(char delimiter);
  SqlLexeme sign(char c);
  SqlLexeme at_sign();
  SqlLexeme decimal();
  SqlLexeme number();
  SqlLexeme dollar();
  SqlLexeme op();
  SqlLexeme json_operator(std::size_t bytes);
  SqlLexeme line_comment();
  SqlLexeme block_comment();
  SqlLexeme bind(Lexeme kind, std::size_t prefix);

  std::string_view text_;
  std::size_t at_ = 0, start_ = 0;
  Dbms dbms_;
};

}  // namespace traces
