// The tokens of an SQL text, as the agent's own engine cuts them.
//
// One pass over valid UTF-8, nothing is copied but the text of a quoted name with escapes in it. It refuses to know
// grammar: what tokens mean together is judged by sql_legacy, which is the only caller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql.hpp"

namespace traces {

enum class SqlToken : std::uint8_t {
  kEnd,
  kError,
  // words
  kId,
  kAs,
  kSavepoint,
  kSelect,
  kFrom,
  kUpdate,
  kDelete,
  kInto,
  kJoin,
  kKeyword,  // another one
  // literals and what stands for them
  kString,
  kDoubleQuoted,
  kDollarQuoted,
  kDollarFunc,  // the text of $func$…$func$
  kNumber,
  kNull,
  kBoolean,
  kVariable,  // %s, %(name)s
  kPrepared,  // $1, $?
  kEscape,    // {…}
  kQuestion,
  kBind,  // :name
  // signs
  kComma,
  kEquals,
  kSemicolon,
  kOpen,
  kClose,
  kOpenBracket,
  kCloseBracket,
  kColon,
  kSign,  // another one
  kComment,
  // what sql_legacy makes of them
  kTable,
  kFiltered,
  kFilteredBracket,
  kGroupable,
  kGroupableOpen
};

class SqlTokens {
 public:
  SqlTokens(std::string_view text, Dbms dbms, bool literal_escapes, bool dollar_quoted_func)
      : begin_(text.data()),
        at_(begin_),
        end_(begin_ + text.size()),
        dbms_(dbms),
        literal_escapes_(literal_escapes),
        dollar_quoted_func_(dollar_quoted_func) {}

  // kEnd and kError are final.
  SqlToken next();
  // Of the last token, without quotes; until the next one. Of a literal that is not a name it may be anything.
  std::string_view text() const { return text_; }
  bool seen_backslash() const { return seen_backslash_; }

 private:
  int peek() const { return at_ == end_ ? -1 : static_cast<unsigned char>(*at_); }
  std::uint32_t rune_ahead(std::uint32_t& bytes) const;
  std::uint32_t rune_bytes() const;                // of the one ahead
  bool is_name_ahead(std::uint32_t& bytes) const;  // a letter, _ @ #
  bool is_space_ahead() const;
  bool is_digit_ahead() const { return at_ != end_ && *at_ >= '0' && *at_ <= '9'; }
  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks();
  SqlToken done(SqlToken token) {
    text_ = std::string_view(start_, static_cast<std::size_t>(at_ - start_));
    return token;
  }

  SqlToken sign(unsigned char c);
  SqlToken identifier();
  SqlToken number();
  SqlToken fraction();
  SqlToken exponent();
  SqlToken minus();
  SqlToken colon();
  SqlToken exclamation();
  SqlToken less();
  SqlToken percent();
  SqlToken hash();
  SqlToken dollar();
  SqlToken dollar_quoted();
  SqlToken brace();
  SqlToken quoted(char delimiter, SqlToken token);
  SqlToken line_comment();
  SqlToken block_comment();
  void digits() {
    while (is_digit_ahead()) ++at_;
  }

  const char *begin_, *at_, *end_;
  const char* start_ = nullptr;  // of the token at hand
  std::string_view text_;
  std::string spare_;
  unsigned braces_ = 0;
  Dbms dbms_;
  bool literal_escapes_, dollar_quoted_func_, seen_backslash_ = false;
};

}  // namespace traces
