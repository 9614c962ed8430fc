#include "sql_modes.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "runes.hpp"
#include "sql_legacy.hpp"
#include "sql_words.hpp"

namespace traces {
namespace {

constexpr std::string_view kReplaced = "?", kFunc = "$func$";

bool is_beside_the_point(Lexeme kind) { return kind == Lexeme::kSpace || kind == Lexeme::kComment; }
bool is_name(Lexeme kind) { return kind == Lexeme::kWord || kind == Lexeme::kQuotedWord; }

bool is_extract(const SqlLexeme& lexeme) {
  constexpr std::string_view kExtract = "extract";
  return lexeme.kind == Lexeme::kFunction
         && std::equal(lexeme.text.begin(), lexeme.text.end(), kExtract.begin(), kExtract.end(),
                       [](char a, char b) { return (a | 0x20) == b; });
}

// Replaces the literals of one lexeme after another.
class Literals {
 public:
  Literals(const SqlModes& modes, const SqlRules& rules, Dbms dbms) : modes_(modes), rules_(rules), dbms_(dbms) {}

  void replace(SqlLexeme& lexeme, Lexeme last) {
    if (is_literal(lexeme, last))
      lexeme.text = kReplaced;
    else if (lexeme.kind == Lexeme::kDollarFunction)
      replace_inside(lexeme);
    else if (rules_.replace_digits && is_name(lexeme.kind) && lexeme.has_digits)
      replace_digits(lexeme);
    if (is_beside_the_point(lexeme.kind)) return;
    follow(lexeme);
  }

 private:
  bool is_literal(const SqlLexeme& lexeme, Lexeme last) const {
    switch (lexeme.kind) {
      case Lexeme::kNumber:
      case Lexeme::kString:
      case Lexeme::kDollarString: return !(rules_.keep_json_path && last == Lexeme::kJsonOperator);
      case Lexeme::kOpen: return true;
      case Lexeme::kDollarFunction: return !rules_.dollar_quoted_func;
      case Lexeme::kPositional: return !rules_.keep_positional_parameter;
      case Lexeme::kBind: return rules_.replace_bind_parameter;
      case Lexeme::kBoolean: return !rules_.keep_boolean;
      case Lexeme::kNull: return !rules_.keep_null;
      case Lexeme::kWord:
      case Lexeme::kKeyword: return in_extract_ == 2 && is_field_of_time(lexeme.text);
      default: return false;
    }
  }
  void replace_inside(SqlLexeme& lexeme) {
    SqlOutput inside;
    modes_.obfuscate(lexeme.text.substr(kFunc.size(), lexeme.text.size() - 2 * kFunc.size()), dbms_, inside);
    std::string& spare = next_spare();
    spare.assign(kFunc).append(runes::trimmed(inside.view())).append(kFunc);
    lexeme.text = spare;
  }
  void replace_digits(SqlLexeme& lexeme) {
    SqlOutput name;
    append_without_digits(lexeme.text, name);
    lexeme.text = next_spare().assign(name.view());
  }
  // EXTRACT, then its parenthesis.
  void follow(const SqlLexeme& lexeme) {
    if (is_extract(lexeme))
      in_extract_ = 1;
    else
      in_extract_ = in_extract_ == 1 && lexeme.sign() == '(' ? 2 : 0;
  }
  // The text of the lexeme before must outlive the one at hand.
  std::string& next_spare() { return spares_[turn_ ^= 1]; }

  const SqlModes& modes_;
  const SqlRules& rules_;
  Dbms dbms_;
  std::array<std::string, 2> spares_;
  std::size_t turn_ = 0;
  int in_extract_ = 0;
};

// Brings one lexeme after another into shape.
class Shape {
 public:
  Shape(const SqlModes& modes, const SqlRules& rules, SqlOutput& out, std::string& tables)
      : modes_(modes), rules_(rules), out_(out), tables_(tables) {}

  // The last lexeme is kEnd. True: the lexeme counts, and must stay until another one does.
  bool add(SqlLexeme& lexeme) {
    if (rules_.table_names) collect(lexeme);
    if (is_beside_the_point(lexeme.kind)) return false;
    write(lexeme);
    last_ = &lexeme;
    return true;
  }
  Lexeme last() const { return last_->kind; }

 private:
  // A statement in parentheses is a statement, the declaration of its parameters is left out.
  struct Head {
    bool begun = false, open = false, closed = false, alone = false, has_command = false;
    std::size_t depth = 0;
    SqlOutput out;
  };

  void collect(SqlLexeme& lexeme) {
    const bool parenthesis = (lexeme.sign() == '(' || lexeme.sign() == ')');
    if (parenthesis || lexeme.kind == Lexeme::kCommand || lexeme.kind == Lexeme::kKeyword) in_tables_ = false;
    if (!is_name(lexeme.kind) && lexeme.kind != Lexeme::kFunction) return;
    const bool quoted = lexeme.kind == Lexeme::kQuotedWord;
    if (quoted) strip_quotes(lexeme);
    const std::string_view name = quoted ? unquoted(lexeme.text, table_spare_) : lexeme.text;
    const bool next_of_list = in_tables_ && last_->sign() == ',';
    if (last_->kind == Lexeme::kWith) {
      add_table(name, with_names_);
    } else if (last_->before_table || next_of_list) {
      in_tables_ = true;
      if (!has_table(name, with_names_)) add_table(name, tables_);
    }
  }

  void write(SqlLexeme& lexeme) {
    if (lexeme.kind == Lexeme::kQuotedWord) strip_quotes(lexeme);
    if (!head_.begun) {
      head_.begun = true;
      if (is_sign(lexeme, '(')) {
        head_.open = head_.alone = true;
        head_.depth = 1;
        return head_.out.append(lexeme.text);
      }
    }
    if (lexeme.kind == Lexeme::kEnd) {
      if (head_.alone) out_.append(head_.out.view());
      return;
    }
    leave_head();
    if (lexeme.kind == Lexeme::kDollarFunction && lexeme.sign() != '?') shape_inside(lexeme);
    if (is_alias(lexeme)) return;
    if (is_repeated(lexeme)) return;
    if (head_.open)
      write_in_head(lexeme);
    else
      print(lexeme, out_);
    after_colon_ = lexeme.sign() == ':';
    if (after_colon_) before_colon_ = last_->kind;
  }

  void leave_head() {
    if (!head_.closed) return;
    if (head_.has_command) out_.append(head_.out.view());
    head_.alone = head_.closed = false;
  }
  void write_in_head(const SqlLexeme& lexeme) {
    print(lexeme, head_.out);
    head_.has_command = head_.has_command || lexeme.kind == Lexeme::kCommand;
    if (is_sign(lexeme, '(')) ++head_.depth;
    if (!is_sign(lexeme, ')') || --head_.depth != 0) return;
    head_.open = false;
    head_.closed = true;
  }
  void shape_inside(SqlLexeme& lexeme) {
    SqlOutput inside;
    std::string ignored;
    modes_.normalise(lexeme.text.substr(kFunc.size(), lexeme.text.size() - 2 * kFunc.size()), Dbms::kOther, false,
                     inside, ignored);
    std::string_view text = inside.view();
    if (!rules_.keep_trailing_semicolon && text.ends_with(';')) text.remove_suffix(1);
    std::string& spare = next_spare();
    spare.assign(kFunc).append(runes::trimmed(text)).append(kFunc);
    lexeme.text = spare;
  }

  // AS and what it names; what begins a statement behind it keeps it.
  bool is_alias(const SqlLexeme& lexeme) {
    if (rules_.keep_alias) return false;
    if (lexeme.kind == Lexeme::kAs) return true;
    if (last_->kind != Lexeme::kAs) return false;
    if (is_name(lexeme.kind)) return true;
    space_before(lexeme, out_);
    out_.append(last_->text);
    return false;
  }

  // Of (?, ?, ?) one ( ? ) is left.
  bool is_repeated(const SqlLexeme& lexeme) {
    const char sign = lexeme.sign(), last = last_->sign();
    if (sign == '?' && (last == '(' || last == '[')) in_values_ = true;
    if (!in_values_) return false;
    if ((sign == '?' && last == ',') || (sign == ',' && last == '?')) return true;
    if (sign == ')' || sign == ']')
      in_values_ = false;
    else if (sign != '?' && last == ',')
      out_.append(last_->text);
    return false;
  }

  void print(const SqlLexeme& lexeme, SqlOutput& out) {
    space_before(lexeme, out);
    out.append(lexeme.text);
  }
  void space_before(const SqlLexeme& lexeme, SqlOutput& out) {
    const char sign = lexeme.sign(), last = last_->sign();
    if (rules_.remove_space_between_parentheses
        && (sign == ')' || sign == ']' || last == '(' || last == '[' || last_->kind == Lexeme::kFunction))
      return;
    if (is_name(lexeme.kind)) {
      if (last_->text.size() > 1 && last_->text.ends_with('.')) return;
      // A parameter's name, not what a label stands before.
      if (last == ':' && after_colon_ && !is_name(before_colon_)) return;
    }
    if (sign != ',' && sign != ';' && !(sign == '=' && last == ':')) out.append(' ');
  }

  void strip_quotes(SqlLexeme& lexeme) {
    if (rules_.keep_identifier_quotation || (last_->kind == Lexeme::kAs && !lexeme.is_plain)
        || std::any_of(lexeme.text.begin(), lexeme.text.end(),
                       [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }))
      return;
    lexeme.text = unquoted(lexeme.text, next_spare());
    lexeme.kind = Lexeme::kWord;
  }
  static std::string_view unquoted(std::string_view text, std::string& spare) {
    const auto is_quote = [](char c) { return c == '"' || c == '[' || c == ']' || c == '`'; };
    if (std::none_of(text.begin(), text.end(), is_quote)) return text;
    spare.clear();
    for (const char c : text)
      if (!is_quote(c)) spare.push_back(c);
    return spare;
  }
  static bool is_sign(const SqlLexeme& lexeme, char c) {
    return lexeme.kind == Lexeme::kPunctuation && lexeme.sign() == c;
  }
  std::string& next_spare() { return spares_[turn_ ^= 1]; }

  const SqlModes& modes_;
  const SqlRules& rules_;
  SqlOutput& out_;
  std::string& tables_;
  const SqlLexeme none_{};
  const SqlLexeme* last_ = &none_;
  Head head_;
  bool in_values_ = false, after_colon_ = false, in_tables_ = false;
  Lexeme before_colon_ = Lexeme::kEnd;
  std::string with_names_, table_spare_;
  std::array<std::string, 2> spares_;
  std::size_t turn_ = 0;
};

}  // namespace

void SqlModes::obfuscate(std::string_view text, Dbms dbms, SqlOutput& out) const {
  SqlLexer lexer(text, dbms);
  Literals literals(*this, rules_, dbms);
  Lexeme last = Lexeme::kEnd;
  while (!out.full()) {
    SqlLexeme lexeme = lexer.next();
    if (lexeme.kind == Lexeme::kEnd) break;
    literals.replace(lexeme, last);
    out.append(lexeme.text);
    if (!is_beside_the_point(lexeme.kind)) last = lexeme.kind;
  }
}

void SqlModes::normalise(std::string_view text, Dbms dbms, bool obfuscated, SqlOutput& out, std::string& tables) const {
  SqlLexer lexer(text, dbms);
  Literals literals(*this, rules_, dbms);
  Shape shape(*this, rules_, out, tables);
  // Written in place and never copied: a copy of what was just written in pieces costs more than all of its judgement.
  std::array<SqlLexeme, 2> lexemes;
  std::size_t turn = 0;
  while (!out.full()) {
    SqlLexeme& lexeme = *::new (&lexemes[turn]) SqlLexeme(lexer.next());
    if (obfuscated) literals.replace(lexeme, shape.last());
    if (shape.add(lexeme)) turn ^= 1;
    if (lexeme.kind == Lexeme::kEnd) return;
  }
}

}  // namespace traces
