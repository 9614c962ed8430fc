#include "sql_legacy.hpp"

#include "runes.hpp"
#include "sql_tokens.hpp"

namespace traces {
namespace {

constexpr std::string_view kFunc = "$func$";
constexpr std::size_t kTableBytesMax = 5000;  // of all tables of a statement; more are left out

bool is_literal(SqlToken token) { return token >= SqlToken::kString && token <= SqlToken::kQuestion; }
bool is_groupable(SqlToken token) { return token >= SqlToken::kGroupable; }

// The judgement over one token after another.
class Filters {
 public:
  Filters(const SqlRules& rules, SqlOutput& out, std::string& tables) : rules_(rules), out_(out), tables_(tables) {}

  // False: the text makes no sense.
  bool judge(SqlToken token, std::string_view text) {
    token_ = token;
    text_ = text;
    printed_ = true;
    digits_stay_ = true;
    if (rules_.table_names) find_table();
    if (!discard()) return false;
    replace();
    const bool opens = group();
    if (printed_) print(opens);
    last_ = token_;
    return true;
  }

 private:
  void find_table() {
    if (token_ != SqlToken::kId && token_ != SqlToken::kDoubleQuoted) return;
    if (last_ == SqlToken::kFrom || last_ == SqlToken::kJoin) {
      if (text_.empty() || !runes::is_letter(runes::next(text_).code)) return;
    } else if (last_ != SqlToken::kUpdate && last_ != SqlToken::kInto) {
      return;
    }
    token_ = SqlToken::kTable;
    if (!rules_.replace_digits) return add_table(text_, tables_);
    SqlOutput name;
    append_without_digits(text_, name);
    add_table(name.view(), tables_);
  }

  // Comments and aliases.
  bool discard() {
    const bool in_bracket = last_ == SqlToken::kFilteredBracket;
    if (in_bracket && token_ != SqlToken::kCloseBracket) {
      if (token_ != SqlToken::kId) return false;
      drop(SqlToken::kFilteredBracket);
    } else if (in_bracket || last_ == SqlToken::kAs) {
      if (token_ == SqlToken::kOpenBracket)
        drop(SqlToken::kFilteredBracket);
      else if (!rules_.keep_alias || token_ == SqlToken::kComment)
        drop(SqlToken::kFiltered);
    } else if (token_ == SqlToken::kComment) {
      drop(SqlToken::kFiltered);
    } else if (token_ == SqlToken::kSemicolon) {
      drop(SqlToken::kGroupable);
    } else if (token_ == SqlToken::kAs && !rules_.keep_alias) {
      drop(SqlToken::kAs);
    }
    return true;
  }

  void replace() {
    const bool named = last_ == SqlToken::kSavepoint;
    const bool assigned = last_ == SqlToken::kEquals && token_ == SqlToken::kDoubleQuoted;
    if (named || assigned
        || (is_literal(token_) && token_ != SqlToken::kDoubleQuoted && token_ != SqlToken::kDollarFunc)) {
      token_ = token_ == SqlToken::kOpen ? SqlToken::kGroupableOpen : SqlToken::kGroupable;
      text_ = "?";
      printed_ = true;
    } else if (rules_.replace_digits && (token_ == SqlToken::kId || token_ == SqlToken::kTable)) {
      digits_stay_ = false;
    }
  }

  // Of (?, ?, ?), (?, ?) one ( ? ) is left. True: the token opens a subquery, whose parenthesis was dropped.
  bool group() {
    if ((last_ == SqlToken::kOpen && is_groupable(token_)) || (token_ == SqlToken::kOpen && groups_ > 0)) ++groups_;
    const bool begins = token_ == SqlToken::kSelect || token_ == SqlToken::kDelete || token_ == SqlToken::kUpdate
                        || token_ == SqlToken::kId;
    if (groups_ > 0 && last_ == SqlToken::kGroupableOpen && begins) return leave_groups(), true;
    if (is_groupable(token_)) {
      if (++values_ > 1) drop(SqlToken::kGroupable);
    } else if (values_ > 0 && token_ == SqlToken::kComma) {
      drop(SqlToken::kGroupable);
    } else if (groups_ > 1) {
      drop(token_ == SqlToken::kOpen ? SqlToken::kGroupableOpen : SqlToken::kGroupable);
    } else if (token_ != SqlToken::kComma && token_ != SqlToken::kOpen && token_ != SqlToken::kClose) {
      leave_groups();
    }
    return false;
  }

  void print(bool opens) {
    const bool close = token_ == SqlToken::kComma || (token_ == SqlToken::kEquals && last_ == SqlToken::kColon);
    if (!out_.empty() && !close) out_.append(' ');
    if (opens) out_.append("( ");
    if (digits_stay_)
      out_.append(text_);
    else
      append_without_digits(text_, out_);
  }
  void drop(SqlToken token) {
    token_ = token;
    printed_ = false;
  }
  void leave_groups() { groups_ = values_ = 0; }

  const SqlRules& rules_;
  SqlOutput& out_;
  std::string& tables_;
  // Not beside each other: a compiler that asks for both in one load waits for the two stores that came before.
  SqlToken token_ = SqlToken::kEnd;
  std::string_view text_;
  SqlToken last_ = SqlToken::kEnd;
  std::size_t groups_ = 0, values_ = 0;
  bool printed_ = true, digits_stay_ = true;
};

}  // namespace

void append_without_digits(std::string_view name, SqlOutput& out) {
  std::size_t written = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] < '0' || name[i] > '9') continue;
    out.append(name.substr(written, i - written));
    out.append('?');
    while (i < name.size() && name[i] >= '0' && name[i] <= '9') ++i;
    written = i;
  }
  out.append(name.substr(written));
}

bool has_table(std::string_view name, std::string_view tables) {
  for (std::size_t at = tables.find(name); at != tables.npos; at = tables.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || tables[at - 1] == ',') && (end == tables.size() || tables[end] == ',')) return true;
  }
  return false;
}

void add_table(std::string_view name, std::string& tables) {
  if (name.empty() || has_table(name, tables) || tables.size() + name.size() >= kTableBytesMax) return;
  if (!tables.empty()) tables.push_back(',');
  tables.append(name);
}

LegacySql::Outcome LegacySql::obfuscate(std::string_view text, bool literal_escapes, SqlOutput& out,
                                        std::string& tables) const {
  return run(text, literal_escapes, rules_.dollar_quoted_func, out, tables);
}

LegacySql::Outcome LegacySql::run(std::string_view text, bool literal_escapes, bool functions, SqlOutput& out,
                                  std::string& tables) const {
  out.clear();
  tables.clear();
  SqlTokens tokens(text, dbms_, literal_escapes, functions);
  Filters filters(rules_, out, tables);
  SqlOutput function;
  while (!out.full()) {
    SqlToken token = tokens.next();
    std::string_view shown = tokens.text();
    if (token == SqlToken::kEnd) break;
    if (token == SqlToken::kDollarFunc) {
      std::string ignored;
      if (run(shown, literal_escapes, false, function, ignored).understood)
        shown = function.bytes().insert(0, kFunc).append(kFunc);
      else
        token = SqlToken::kDollarQuoted;
    }
    if (token == SqlToken::kError || !filters.judge(token, shown)) return {false, tokens.seen_backslash()};
  }
  return {!out.empty(), tokens.seen_backslash()};
}

}  // namespace traces
