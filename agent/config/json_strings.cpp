#include <algorithm>
#include <charconv>

#include "config/value_text.hpp"

namespace agent {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Walks over an array that this room has made itself, or that a plugin gave as its fallback: so it is
// lenient, and what is no JSON gives fewer strings.
class ArrayReader {
 public:
  explicit ArrayReader(std::string_view text) : text_(text) {}

  std::vector<std::string> read() {
    std::vector<std::string> strings;
    blanks();
    if (!take('[')) return strings;
    for (blanks(); at_ < text_.size() && text_[at_] != ']'; blanks()) {
      strings.push_back(text_[at_] == '"' ? string() : other());
      blanks();
      if (!take(',')) break;
    }
    return strings;
  }

 private:
  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) <= ' ') ++at_;
  }

  std::string string() {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"';) {
      if (text_[at_] == '\\')
        escape(out);
      else
        out += text_[at_++];
    }
    take('"');
    return out;
  }

  void escape(std::string& out) {
    const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\\';
    at_ += 2;
    switch (letter) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'u': append_utf8(out, code_point()); break;
      default: out += letter;
    }
  }

  std::uint32_t four_digits() {
    std::uint32_t code = 0xFFFD;
    const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
    std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    at_ += digits.size();
    return code;
  }
  std::uint32_t code_point() {
    const std::uint32_t high = four_digits();
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high > 0xDBFF || text_.substr(std::min(at_, text_.size()), 2) != "\\u") return 0xFFFD;
    at_ += 2;
    const std::uint32_t low = four_digits();
    return low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
  }

  // A number, a word, or a nested value, as it stands.
  std::string other() {
    const std::size_t begin = at_;
    for (int depth = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        string();
        --at_;
      } else if (c == '[' || c == '{') {
        ++depth;
      } else if ((c == ']' || c == '}') && depth-- == 0) {
        break;
      } else if (c == ',' && depth == 0) {
        break;
      }
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> json_strings(std::string_view array) { return ArrayReader(array).read(); }

}  // namespace agent
