#include "sql_tokens.hpp"

#include <array>

#include "runes.hpp"

namespace traces {
namespace {

enum Trait : std::uint8_t { kBlank = 1, kNameStart = 2, kNamePart = 4, kDigit = 8, kBeyondAscii = 16 };

constexpr std::array<std::uint8_t, 256> kTraits = [] {
  std::array<std::uint8_t, 256> out{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
    const bool digit = c >= '0' && c <= '9';
    if (c == ' ' || (c >= '\t' && c <= '\r')) out[c] = kBlank;
    if (letter) out[c] = kNameStart | kNamePart;
    if (digit) out[c] = kDigit | kNamePart;
    if (c == '#' || c == '.' || c == '*' || c == '$') out[c] = kNamePart;
    if (c >= 0x80) out[c] = kBeyondAscii;
  }
  return out;
}();

std::uint8_t traits_of(char c) { return kTraits[static_cast<unsigned char>(c)]; }

struct Keyword {
  std::string_view word;  // in lower case
  SqlToken token;
};
// By length; behind the last of a length begins the next.
constexpr std::array kKeywords = std::to_array<Keyword>({
    {"as", SqlToken::kAs},          {"null", SqlToken::kNull},        {"true", SqlToken::kBoolean},
    {"from", SqlToken::kFrom},      {"into", SqlToken::kInto},        {"join", SqlToken::kJoin},
    {"drop", SqlToken::kKeyword},   {"false", SqlToken::kBoolean},    {"limit", SqlToken::kKeyword},
    {"alter", SqlToken::kKeyword},  {"grant", SqlToken::kKeyword},    {"begin", SqlToken::kKeyword},
    {"select", SqlToken::kSelect},  {"update", SqlToken::kUpdate},    {"delete", SqlToken::kDelete},
    {"insert", SqlToken::kKeyword}, {"create", SqlToken::kKeyword},   {"revoke", SqlToken::kKeyword},
    {"commit", SqlToken::kKeyword}, {"truncate", SqlToken::kKeyword}, {"savepoint", SqlToken::kSavepoint},
});
constexpr std::size_t kKeywordBytesMax = 9;

// Per first letter, the lengths of the keywords that begin with it: most words are known to be none by one look.
constexpr std::array<std::uint16_t, 32> kKeywordLengths = [] {
  std::array<std::uint16_t, 32> out{};
  for (const Keyword& each : kKeywords) out[each.word[0] & 31] |= static_cast<std::uint16_t>(1u << each.word.size());
  return out;
}();

SqlToken keyword_or_id(std::string_view word) {
  if (word.size() > kKeywordBytesMax || (kKeywordLengths[word[0] & 31] >> word.size() & 1) == 0) return SqlToken::kId;
  for (const Keyword& each : kKeywords) {
    if (each.word.size() != word.size() || each.word[0] != (word[0] | 0x20)) continue;
    std::size_t i = 1;
    while (i < word.size() && (word[i] | 0x20) == each.word[i]) ++i;
    if (i == word.size()) return each.token;
  }
  return SqlToken::kId;
}
// Letters whose upper case is one of ASCII make a keyword as well.
SqlToken keyword_or_id_beyond_ascii(std::string_view word) {
  std::string upper;
  if (word.size() <= 2 * kKeywordBytesMax) runes::append_upper(word, upper);
  return upper.empty() ? SqlToken::kId : keyword_or_id(upper);
}

bool is_hex(int c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

}  // namespace

std::uint32_t SqlTokens::rune_ahead(std::uint32_t& bytes) const {
  bytes = 0;
  if (at_ == end_) return runes::kBad;
  const runes::Rune rune = runes::next({at_, static_cast<std::size_t>(end_ - at_)});
  bytes = rune.bytes;
  return rune.code;
}

std::uint32_t SqlTokens::rune_bytes() const {
  std::uint32_t bytes = 0;
  rune_ahead(bytes);
  return bytes;
}

bool SqlTokens::is_name_ahead(std::uint32_t& bytes) const {
  const std::uint32_t code = rune_ahead(bytes);
  return code == '_' || code == '@' || code == '#' || (code != runes::kBad && runes::is_letter(code));
}

bool SqlTokens::is_space_ahead() const {
  std::uint32_t bytes = 0;
  const std::uint32_t code = rune_ahead(bytes);
  return code != runes::kBad && runes::is_space(code);
}

void SqlTokens::skip_blanks() {
  while (at_ != end_) {
    if ((traits_of(*at_) & kBlank) != 0) {
      ++at_;
      continue;
    }
    if ((traits_of(*at_) & kBeyondAscii) == 0) return;
    std::uint32_t bytes = 0;
    if (!runes::is_space(rune_ahead(bytes))) return;
    at_ += bytes;
  }
}

SqlToken SqlTokens::next() {
  if (at_ != begin_ && peek() == 0) ++at_;
  skip_blanks();
  start_ = at_;
  if (at_ == end_) return done(SqlToken::kEnd);
  const std::uint8_t traits = traits_of(*at_);
  if ((traits & kNameStart) != 0 && !(*at_ == '@' && dbms_ == Dbms::kPostgresql)) return identifier();
  if ((traits & kDigit) != 0) return number();
  if ((traits & kBeyondAscii) != 0) {
    std::uint32_t bytes = 0;
    return is_name_ahead(bytes) ? identifier() : SqlToken::kError;
  }
  return sign(static_cast<unsigned char>(*at_++));
}

SqlToken SqlTokens::sign(unsigned char c) {
  switch (c) {
    case ',': return done(SqlToken::kComma);
    case '=': return done(SqlToken::kEquals);
    case '(': return done(SqlToken::kOpen);
    case ')': return done(SqlToken::kClose);
    case ';': return done(SqlToken::kSemicolon);
    case '\'': return quoted('\'', SqlToken::kString);
    case '"': return quoted('"', SqlToken::kDoubleQuoted);
    case '`': return quoted('`', SqlToken::kId);
    case '[': return dbms_ == Dbms::kMssql ? quoted(']', SqlToken::kDoubleQuoted) : done(SqlToken::kOpenBracket);
    case ']': return done(SqlToken::kCloseBracket);
    case '?':
      if (dbms_ != Dbms::kPostgresql) return done(SqlToken::kQuestion);
      take('|') || take('&');
      return done(SqlToken::kSign);
    case '+':
    case '*':
    case '&':
    case '|':
    case '^': return done(SqlToken::kSign);
    case '.': return is_digit_ahead() ? (digits(), exponent()) : done(SqlToken::kSign);
    case '-': return minus();
    case ':': return colon();
    case '~': return take('*'), done(SqlToken::kSign);
    case '!': return exclamation();
    case '<': return less();
    case '>': return take('='), done(SqlToken::kSign);
    case '%': return percent();
    case '/': return take('/') ? line_comment() : take('*') ? block_comment() : done(SqlToken::kSign);
    case '#': return hash();
    case '$': return dollar();
    case '@': return take('>'), done(SqlToken::kSign);  // of PostgreSQL; elsewhere it begins a name
    case '{': return brace();
    case '}':
      if (braces_ == 0) return SqlToken::kError;
      --braces_;
      return done(SqlToken::kSign);
    default: return SqlToken::kError;
  }
}

SqlToken SqlTokens::identifier() {
  bool ascii = true;
  while (at_ != end_) {
    const std::uint8_t traits = traits_of(*at_);
    if ((traits & kNamePart) != 0) {
      ++at_;
      continue;
    }
    std::uint32_t bytes = 0;
    if ((traits & kBeyondAscii) == 0 || !is_name_ahead(bytes)) break;
    ascii = false;
    at_ += bytes;
  }
  done(SqlToken::kId);
  return ascii ? keyword_or_id(text_) : keyword_or_id_beyond_ascii(text_);
}

SqlToken SqlTokens::number() {
  if (!take('0')) {
    digits();
    return fraction();
  }
  if (take('x') || take('X')) {
    while (is_hex(peek())) ++at_;
    return done(SqlToken::kNumber);
  }
  digits();  // octal, or decimal after all
  return fraction();
}
SqlToken SqlTokens::fraction() {
  if (take('.')) digits();
  return exponent();
}
SqlToken SqlTokens::exponent() {
  if (take('e') || take('E')) {
    take('+') || take('-');
    digits();
  }
  return done(SqlToken::kNumber);
}

SqlToken SqlTokens::minus() {
  if (take('-')) return line_comment();
  if (peek() == '>') {
    if (dbms_ != Dbms::kPostgresql) return done(SqlToken::kNumber);
    ++at_;
    take('>');
    return done(SqlToken::kSign);
  }
  if (is_digit_ahead()) return number();
  if (end_ - at_ >= 2 && at_[0] == '.' && at_[1] >= '0' && at_[1] <= '9') {
    ++at_;
    digits();
    return exponent();
  }
  return done(SqlToken::kSign);
}

SqlToken SqlTokens::colon() {
  if (take(':')) return done(SqlToken::kSign);
  const int c = peek();
  if (c == '=' || c == ']' || c == '$' || is_space_ahead()) return done(SqlToken::kColon);
  std::uint32_t bytes = 0;
  if (!is_name_ahead(bytes) && !is_digit_ahead()) return SqlToken::kError;
  while (is_name_ahead(bytes) || is_digit_ahead() || peek() == '.') at_ += bytes;
  return done(SqlToken::kBind);
}

SqlToken SqlTokens::exclamation() {
  if (take('=')) return done(SqlToken::kSign);
  if (take('~')) return take('*'), done(SqlToken::kSign);
  const int c = peek();
  std::uint32_t bytes = 0;
  const bool expected = c == '(' || c == '`' || c == '\'' || c == '"' || c == '+' || c == '-' || is_digit_ahead();
  return expected || is_name_ahead(bytes) || is_space_ahead() ? done(SqlToken::kSign) : SqlToken::kError;
}

SqlToken SqlTokens::less() {
  if (take('='))
    take('>');
  else if (!take('>') && dbms_ == Dbms::kPostgresql)
    take('@');
  return done(SqlToken::kSign);
}

SqlToken SqlTokens::percent() {
  std::uint32_t bytes = 0;
  if (peek() == '(') {
    while (at_ != end_ && *at_ != ')') ++at_;
    if (at_ != end_) ++at_;
    if (!is_name_ahead(bytes)) return SqlToken::kError;
  } else if (!is_name_ahead(bytes)) {
    return done(SqlToken::kSign);
  }
  at_ += bytes;
  return done(SqlToken::kVariable);
}

SqlToken SqlTokens::hash() {
  if (dbms_ == Dbms::kMssql) {
    // What stands behind belongs to the name, as with the agent, unless it may begin a literal.
    if (at_ != end_ && std::string_view("'\"`[${").find(*at_) == std::string_view::npos) at_ += rune_bytes();
    return identifier();
  }
  if (dbms_ == Dbms::kPostgresql) {
    if (take('>'))
      take('>');
    else
      take('-');
    return done(SqlToken::kSign);
  }
  if (at_ != end_) at_ += rune_bytes();  // as the agent does, even if it is the line's end
  return line_comment();
}

SqlToken SqlTokens::dollar() {
  if (take('?')) return done(SqlToken::kPrepared);
  if (is_digit_ahead()) return number(), done(SqlToken::kPrepared);
  std::uint32_t bytes = 0;
  if (dbms_ == Dbms::kMssql && is_name_ahead(bytes)) return identifier();
  return dollar_quoted();
}

// $tag$…$tag$; the tag is read as a quoted text is, doubled and escaped dollars included.
SqlToken SqlTokens::dollar_quoted() {
  if (quoted('$', SqlToken::kId) == SqlToken::kError) return SqlToken::kError;
  std::string delimiter(text_);
  if (delimiter != "$$") delimiter.insert(0, 1, '$').push_back('$');
  const char* const body = at_;
  std::size_t matched = 0;
  while (matched < delimiter.size()) {
    if (at_ == end_) return SqlToken::kError;
    matched = *at_++ == delimiter[matched] ? matched + 1 : 0;
  }
  text_ = std::string_view(body, static_cast<std::size_t>(at_ - body) - delimiter.size());
  return dollar_quoted_func_ && delimiter == "$func$" ? SqlToken::kDollarFunc : SqlToken::kDollarQuoted;
}

// A statement that is one escape, {call name(…)}, is kept; an escape inside of a statement is a literal.
SqlToken SqlTokens::brace() {
  if (braces_ > 0 || (start_ == begin_ && peek() < 0x80)) {
    ++braces_;
    return done(SqlToken::kSign);
  }
  while (at_ != end_ && *at_ != '}') ++at_;
  return take('}') ? done(SqlToken::kEscape) : SqlToken::kError;
}

SqlToken SqlTokens::quoted(char delimiter, SqlToken token) {
  const char* piece = at_;  // what was not copied yet
  spare_.clear();
  const auto copy_until = [&](const char* end) { spare_.append(piece, static_cast<std::size_t>(end - piece)); };
  while (true) {
    if (at_ == end_) return SqlToken::kError;
    const char c = *at_++;
    if (c == delimiter) {
      if (!take(delimiter)) break;
      copy_until(at_ - 1);
      piece = at_;
    } else if (c == '\\') {
      seen_backslash_ = true;
      if (literal_escapes_) continue;
      if (at_ == end_) return SqlToken::kError;
      copy_until(at_ - 1);
      piece = at_++;
    }
  }
  if (spare_.empty()) {
    text_ = std::string_view(piece, static_cast<std::size_t>(at_ - 1 - piece));
  } else {
    copy_until(at_ - 1);
    text_ = spare_;
  }
  if (token == SqlToken::kString || !runes::trimmed(text_).empty()) return token;
  text_ = spare_.assign(2, delimiter);  // nothing but blanks: the quotes stay, or the statement would make no sense
  return token;
}

SqlToken SqlTokens::line_comment() {
  while (at_ != end_ && *at_ != '\n') ++at_;
  return done(SqlToken::kComment);
}

SqlToken SqlTokens::block_comment() {
  for (; at_ != end_; ++at_) {
    if (*at_ != '*' || end_ - at_ < 2 || at_[1] != '/') continue;
    at_ += 2;
    return done(SqlToken::kComment);
  }
  return SqlToken::kError;
}

}  // namespace traces
