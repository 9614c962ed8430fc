#include "json_obfuscation.hpp"

#include <algorithm>
#include <cstdint>

#include "sls/codec/json.hpp"
#include "sls/codec/json_writer.hpp"

namespace traces {
namespace {

constexpr std::string_view kRest = "...";
constexpr std::string_view kReplaced = R"("?")";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

// How far a literal reaches and whether it is whole.
struct Literal {
  std::size_t bytes = 0;
  bool whole = false;
};

Literal scan_string(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return {i + 1, true};
    if (static_cast<unsigned char>(text[i]) < ' ') return {i, false};
    if (text[i] != '\\') continue;
    if (++i == text.size()) break;
    if (text[i] == 'u') {
      for (int digit = 0; digit < 4; ++digit)
        if (++i == text.size() || !is_hex(text[i])) return {i, false};
    } else if (std::string_view("bfnrt\\/\"").find(text[i]) == std::string_view::npos) {
      return {i, false};
    }
  }
  return {text.size(), false};
}

Literal scan_word(std::string_view text, std::string_view word) {
  std::size_t i = 0;
  while (i < word.size() && i < text.size() && text[i] == word[i]) ++i;
  return {i, i == word.size()};
}

Literal scan_number(std::string_view text) {
  std::size_t i = text[0] == '-' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i != begin;
  };
  if (i < text.size() && text[i] == '0')
    ++i;
  else if (!digits())
    return {i, false};
  if (i < text.size() && text[i] == '.' && (++i, !digits())) return {i, false};
  if (i < text.size() && (text[i] | 0x20) == 'e') {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return {i, false};
  }
  return {i, true};
}

Literal scan_literal(std::string_view text) {  // not empty; no bytes: there is none
  switch (text[0]) {
    case '"': return scan_string(text);
    case 't': return scan_word(text, "true");
    case 'f': return scan_word(text, "false");
    case 'n': return scan_word(text, "null");
    default: return text[0] == '-' || is_digit(text[0]) ? scan_number(text) : Literal{};
  }
}

bool contains(const std::vector<std::string>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// One walk over a text. Each step returns false when the text cannot be understood further.
class Walk {
 public:
  Walk(std::string_view text, std::string& out, const std::vector<std::string>& keep,
       const std::vector<std::string>& sql, SqlObfuscator& obfuscator)
      : rest_(text), out_(out), keep_(keep), sql_(sql), obfuscator_(obfuscator) {}

  void run() {
    do {
      if (skip_blanks() && step()) continue;
      if (!rest_.empty() || expected_ != Expected::kNextText) out_.append(kRest);
      return;
    } while (true);
  }

 private:
  enum class Expected : std::uint8_t { kValue, kValueOrEnd, kKey, kKeyOrEnd, kColon, kCommaOrEnd, kNextText };
  enum class Level : std::uint8_t { kArray, kObject };

  // False: nothing else is left. What stands behind a whole text is kept.
  bool skip_blanks() {
    std::size_t n = 0;
    while (n < rest_.size() && is_blank(rest_[n])) ++n;
    if (expected_ == Expected::kNextText) out_.append(rest_.substr(0, n));
    rest_.remove_prefix(n);
    return !rest_.empty();
  }
  bool step() {
    const char c = rest_[0];
    switch (expected_) {
      case Expected::kNextText:
      case Expected::kValue: return value(c);
      case Expected::kValueOrEnd: return c == ']' ? close(c) : value(c);
      case Expected::kKeyOrEnd:
        if (c == '}') return close(c);
        [[fallthrough]];
      case Expected::kKey: return key(c);
      case Expected::kColon:
        if (c != ':') return false;
        pass(1);
        expected_ = Expected::kValue;
        return true;
      case Expected::kCommaOrEnd: return comma_or_end(c);
    }
    return false;
  }
  bool value(char c) {
    if (c == '{' || c == '[') return open(c);
    const Literal literal = scan_literal(rest_);
    if (literal.bytes == 0) return false;
    write_value(rest_.substr(0, literal.bytes), literal.whole);
    rest_.remove_prefix(literal.bytes);
    if (!literal.whole) return rest_ = rest_.substr(0, 0), expected_ = Expected::kValue, false;
    value_ends();
    return true;
  }
  void write_value(std::string_view literal, bool whole) {
    if (is_sql_ && literal[0] == '"')
      whole ? write_sql(literal) : void();
    else if (kept_from_ != 0 && !is_sql_)
      out_.append(literal);
    else
      out_.append(kReplaced);
  }
  void write_sql(std::string_view literal) {
    std::string spare;
    const sls::json::Value value{literal, sls::json::Kind::kString, sls::json::kEscaped};
    const std::string_view text = sls::json::text_of(value, spare);
    const auto obfuscated = text.empty() ? text : obfuscator_.obfuscate(text, Dbms::kOther).value_or(kNonParsable);
    sls::json::append_quoted(out_, obfuscated);
  }
  bool open(char c) {
    if (levels_.size() == JsonObfuscator::kDepthMax) return false;
    levels_.push_back(c == '{' ? Level::kObject : Level::kArray);
    expected_ = c == '{' ? Expected::kKeyOrEnd : Expected::kValueOrEnd;
    is_sql_ = false;
    pass(1);
    return true;
  }
  bool close(char) {
    levels_.pop_back();
    pass(1);
    value_ends();
    return true;
  }
  void value_ends() {
    if (kept_from_ == levels_.size()) kept_from_ = 0;
    is_sql_ = false;
    expected_ = levels_.empty() ? Expected::kNextText : Expected::kCommaOrEnd;
  }
  bool comma_or_end(char c) {
    const bool object = levels_.back() == Level::kObject;
    if (c == (object ? '}' : ']')) return close(c);
    if (c != ',') return false;
    pass(1);
    expected_ = object ? Expected::kKey : Expected::kValue;
    return true;
  }
  bool key(char c) {
    if (c != '"') return false;
    const Literal literal = scan_string(rest_);
    const std::string_view text = rest_.substr(0, literal.bytes);
    pass(literal.bytes);
    if (!literal.whole) return rest_ = rest_.substr(0, 0), false;
    const std::string_view name = text.substr(1, text.size() - 2);
    if (kept_from_ == 0 && contains(keep_, name))
      kept_from_ = levels_.size();
    else
      is_sql_ = contains(sql_, name);
    expected_ = Expected::kColon;
    return true;
  }
  void pass(std::size_t n) {
    out_.append(rest_.substr(0, n));
    rest_.remove_prefix(n);
  }

  std::string_view rest_;
  std::string& out_;
  const std::vector<std::string>&keep_, &sql_;
  SqlObfuscator& obfuscator_;
  std::vector<Level> levels_;
  Expected expected_ = Expected::kValue;
  std::size_t kept_from_ = 0;  // the level whose member is kept; 0: nothing is
  bool is_sql_ = false;        // the next literal is
};

}  // namespace

JsonObfuscator::JsonObfuscator(std::vector<std::string> keep, std::vector<std::string> sql)
    : keep_(std::move(keep)), sql_(std::move(sql)) {}

void JsonObfuscator::obfuscate(std::string_view text, SqlObfuscator& sql, std::string& out) const {
  if (!text.empty()) Walk(text, out, keep_, sql_, sql).run();
}

}  // namespace traces
