#include <array>
#include <cstring>
#include <utility>

#include "json_blocks.hpp"
#include "json_scan.hpp"
#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Which array or object is open at which level: one bit each, set for objects.
class Nesting {
 public:
  unsigned level() const { return level_; }
  bool push(bool object, unsigned level_max) {
    if (level_ >= level_max) return false;
    const std::uint64_t bit = std::uint64_t{1} << (level_ % 64);
    std::uint64_t& word = objects_[level_ / 64];
    word = object ? word | bit : word & ~bit;
    ++level_;
    return true;
  }
  void pop() { --level_; }
  bool in_object() const { return (objects_[(level_ - 1) / 64] >> ((level_ - 1) % 64) & 1u) != 0; }

 private:
  std::array<std::uint64_t, kDepthMax / 64> objects_;
  unsigned level_ = 0;
};

// Behind the escape whose backslash is at `at`; nullptr: there is no such escape, or it is cut off.
const char* escape_end(const char* at, const char* end, std::uint8_t& traits) {
  if (end - at < 2) return nullptr;
  traits |= kEscaped;
  switch (at[1]) {
    case '"':
    case '\\':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return at + 2;
    case '/': traits |= kLoose; return at + 2;
    case 'u':
      if (end - at < 6 || !is_hex(at[2]) || !is_hex(at[3]) || !is_hex(at[4]) || !is_hex(at[5])) return nullptr;
      traits |= kLoose;
      return at + 6;
    default: return nullptr;
  }
}

struct StringEnd {
  const char* at = nullptr;  // behind the closing quote; nullptr: malformed
  std::uint8_t traits = 0;
};

bool check_escape(const char* backslash, const char* end, void* traits) {
  return escape_end(backslash, end, *static_cast<std::uint8_t*>(traits)) != nullptr;
}

// From inside a string in small steps, until it is closed or `near` is reached or passed.
struct NearPass {
  const char* at = nullptr;  // behind the closing quote, else where to go on; nullptr: malformed
  bool closed = false;
};
[[gnu::always_inline]] inline NearPass pass_near(const char* at, const char* near, const char* end,
                                                 std::uint8_t& traits, std::uint32_t& non_ascii) {
  while (at < near) {
    at = scan::special(at, near, non_ascii);
    if (at == near) break;
    if (*at == '"') return {at + 1, true};
    if (*at != '\\' || (at = escape_end(at, end, traits)) == nullptr) return {};
  }
  return {at, false};
}

// No escape is open at `at`.
StringEnd very_long_string_end(const char* at, const char* end, std::uint8_t traits, std::uint32_t non_ascii) {
  blocks::StringPass pass{at};
  const blocks::Pass passed = blocks::pass_string(pass, end, check_escape, &traits);
  if (passed == blocks::Pass::kBad) return {};
  at = pass.at;
  if (pass.has_escapes) traits |= kEscaped;
  if (pass.has_non_ascii) non_ascii = 1;
  if (pass.escaped && (at = escape_end(at - 1, end, traits)) == nullptr) return {};
  const NearPass rest = pass_near(at, end, end, traits, non_ascii);
  if (!rest.closed) return {};
  if (non_ascii != 0) traits |= kNonAscii;
  return {rest.at, traits};
}

// What is long is worth the machinery for blocks of 64 bytes.
constexpr std::ptrdiff_t kLongString = 128;

// `at` is behind the opening quote.
StringEnd long_string_end(const char* at, const char* end) {
  std::uint8_t traits = 0;
  std::uint32_t non_ascii = 0;
  const char* const near = end - at > kLongString ? at + kLongString : end;
  const NearPass pass = pass_near(at, near, end, traits, non_ascii);
  if (pass.at == nullptr) return {};
  if (!pass.closed) return very_long_string_end(pass.at, end, traits, non_ascii);
  if (non_ascii != 0) traits |= kNonAscii;
  return {pass.at, traits};
}

// The same. Most strings are names and words that end within one block.
[[gnu::always_inline]] inline StringEnd string_end(const char* at, const char* end) {
  const scan::Stop stop = scan::first_block(at, end);
  if (stop.at == nullptr || *stop.at != '"') return long_string_end(at, end);
  return {stop.at + 1, static_cast<std::uint8_t>(stop.non_ascii ? kNonAscii : 0)};
}

// Steps over validated pieces of a text. Each step returns false at what is malformed or cut off.
class Walk {
 public:
  Walk(const char* at, const char* end) : at_(at), end_(end) {}

  const char* at() const { return at_; }
  std::uint8_t traits() const { return traits_; }

  // Stands before the opening quote.
  bool string() {
    const StringEnd string = string_end(at_ + 1, end_);
    if (string.at == nullptr) return false;
    traits_ |= string.traits;
    at_ = string.at;
    return true;
  }

  bool scalar() {
    if (at_ == end_) return false;
    switch (*at_) {
      case '"': return string();
      case 't': return literal("true");
      case 'f': return literal("false");
      case 'n': return literal("null");
      default: return number();
    }
  }

  // Stands before the opening bracket of an array or object. Never recurses.
  bool nested(unsigned level_max) {
    Nesting open;
    for (;;) {
      if (at_ != end_ && (*at_ == '{' || *at_ == '[')) {
        if (!open.push(*at_ == '{', level_max)) return false;
        ++at_;
        blanks();
        if (at_ == end_) return false;
        if (*at_ != (open.in_object() ? '}' : ']')) {
          if (open.in_object() && !name()) return false;
          continue;
        }
      } else if (!scalar()) {
        return false;
      }
      if (!leave(open)) return false;
      if (open.level() == 0) return true;
    }
  }

 private:
  void blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
      traits_ |= kLoose;
      ++at_;
    }
  }

  // A member's name and colon, up to its value.
  bool name() {
    if (at_ == end_ || *at_ != '"' || !string()) return false;
    blanks();
    if (at_ == end_ || *at_ != ':') return false;
    ++at_;
    blanks();
    return true;
  }

  // Behind a value: closes what ends here, and goes on to the next value where there is one.
  bool leave(Nesting& open) {
    for (;;) {
      blanks();
      if (at_ == end_) return false;
      if (*at_ == ',') {
        ++at_;
        blanks();
        return !open.in_object() || name();
      }
      if (*at_ != (open.in_object() ? '}' : ']')) return false;
      ++at_;
      open.pop();
      if (open.level() == 0) return true;
    }
  }

  bool literal(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::memcmp(at_, word.data(), word.size()) != 0) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  bool digits() {
    const char* const first = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  }

  bool number() {
    if (*at_ == '-') ++at_;
    if (at_ == end_) return false;
    if (*at_ == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!digits()) return false;
    }
    return true;
  }

  const char* at_;
  const char* const end_;
  std::uint8_t traits_ = 0;
};

Kind kind_of(char first) {
  switch (first) {
    case '{': return Kind::kObject;
    case '[': return Kind::kArray;
    case '"': return Kind::kString;
    case 't': return Kind::kTrue;
    case 'f': return Kind::kFalse;
    case 'n': return Kind::kNull;
    default: return is_digit(first) || first == '-' ? Kind::kNumber : Kind::kNone;
  }
}

// Behind the closing quote of the string whose opening quote is at `at`, whatever stands in it; `end` when it
// has none.
const char* past_string(const char* at, const char* end) {
  std::uint32_t ignored = 0;
  for (++at;;) {
    at = scan::special(at, end, ignored);
    if (at == end) return end;
    if (*at == '"') return at + 1;
    at += *at == '\\' && end - at > 1 ? 2 : 1;
  }
}

// Closes what `bracket` closes: the innermost that matches it with all that is open inside, else the
// innermost.
void close(Nesting& open, char bracket) {
  Nesting outer = open;
  while (outer.level() > 0 && outer.in_object() != (bracket == '}')) outer.pop();
  if (outer.level() > 0) open = outer;
  open.pop();
}

}  // namespace

Kind Cursor::kind() {
  skip_blanks();
  return at_ == end_ ? Kind::kNone : kind_of(*at_);
}

bool Cursor::enter(char bracket) {
  skip_blanks();
  if (failed_ || at_ == end_ || *at_ != bracket || depth_ >= kDepthMax) return fail();
  ++at_;
  ++depth_;
  fresh_ = true;
  return true;
}

bool Cursor::next(char bracket) {
  skip_blanks();
  if (failed_ || at_ == end_) return fail();
  if (*at_ == bracket) {
    ++at_;
    --depth_;
    return fresh_ = false;
  }
  if (fresh_) {
    fresh_ = false;
    return true;
  }
  if (*at_ != ',') return fail();
  ++at_;
  skip_blanks();
  return true;
}

bool Cursor::next_member(Value& key) {
  if (!next('}')) return false;
  const char* const begin = at_;
  if (begin == end_ || *begin != '"') return fail();
  const StringEnd string = string_end(begin + 1, end_);
  if (string.at == nullptr) return fail();
  key = {std::string_view(begin, static_cast<std::size_t>(string.at - begin)), Kind::kString, string.traits};
  traits_ |= string.traits;
  at_ = string.at;
  skip_blanks();
  if (at_ == end_ || *at_ != ':') return fail();
  ++at_;
  skip_blanks();
  return true;
}

bool Cursor::take(Value& out) {
  skip_blanks();
  const char* const begin = at_;
  if (failed_ || begin == end_) return fail();
  const Kind kind = kind_of(*begin);
  if (kind == Kind::kString) {
    const StringEnd string = string_end(begin + 1, end_);
    if (string.at == nullptr) return fail();
    return passed(out, kind, string.at, string.traits);
  }
  Walk walk(begin, end_);
  const bool nests = kind == Kind::kObject || kind == Kind::kArray;
  if (nests ? !walk.nested(kDepthMax - depth_) : !walk.scalar()) return fail();
  return passed(out, kind, walk.at(), walk.traits());
}

bool Cursor::pass_rest() {
  if (failed_ || depth_ == 0) return fail();
  fresh_ = false;
  traits_ |= kEscaped | kNonAscii | kLoose;  // who does not look may not say no
  blocks::NestingPass pass{at_};
  if (blocks::pass_nesting(pass, end_) == blocks::Pass::kTooFewLeft) {
    while (pass.depth > 0) {
      if (pass.at == end_) return fail();
      const char c = *pass.at++;
      if (std::exchange(pass.escaped, false)) continue;
      if (c == '\\')
        pass.escaped = true;
      else if (c == '"')
        pass.in_string = !pass.in_string;
      else if (!pass.in_string && (c == '[' || c == '{'))
        ++pass.depth;
      else if (!pass.in_string && (c == ']' || c == '}'))
        --pass.depth;
    }
  }
  at_ = pass.at;
  --depth_;
  return true;
}

bool Cursor::recover(const Mark& mark) {
  at_ = mark.at;
  depth_ = mark.depth;
  fresh_ = false;
  failed_ = false;
  Nesting open;
  unsigned unseen = 0;  // levels deeper than can be told apart
  while (at_ != end_) {
    const char c = *at_;
    if (open.level() == 0 && (c == ',' || c == ']')) return true;
    if (c == '"') {
      at_ = past_string(at_, end_);
      continue;
    }
    ++at_;
    if (c == '{' || c == '[') {
      unseen += open.push(c == '{', kDepthMax) ? 0u : 1u;
    } else if (c == '}' || c == ']') {
      if (unseen > 0) {
        --unseen;
      } else if (open.level() > 0) {
        close(open, c);
      }
    }
  }
  return fail();
}

bool parse(std::string_view text, Value& out) {
  Cursor cursor(text);
  return cursor.take(out) && cursor.at_end();
}

}  // namespace sls::json
