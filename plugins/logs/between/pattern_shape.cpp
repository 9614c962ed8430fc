#include "between/pattern_shape.hpp"

#include <algorithm>
#include <array>

namespace logs {

namespace {

using Times = ShapeItem::Times;
using Items = std::vector<ShapeItem>;

constexpr std::size_t kItemsMax = 2048;       // a longer shape is given up
constexpr std::size_t kCopiesMax = 16;        // of a counted repetition; what is beyond becomes a run
constexpr std::uint64_t kCertainSize = 1000;  // of a pattern written out; the engine takes much more
constexpr int kDepthMax = 50;
constexpr int kRepeatMax = 1000;  // the engine's own bound

constexpr ByteSet kAscii = ByteSet::range(0, 127);
constexpr ByteSet kLead = ByteSet::range(0xC2, 0xF4);
constexpr ByteSet kTrail = ByteSet::range(0x80, 0xBF);

constexpr ByteSet members(std::string_view text) {
  ByteSet set;
  for (const char c : text) set.add(static_cast<unsigned char>(c));
  return set;
}

constexpr ByteSet operator|(ByteSet a, const ByteSet& b) { return a |= b; }

constexpr ByteSet kDigit = ByteSet::range('0', '9');
constexpr ByteSet kLower = ByteSet::range('a', 'z');
constexpr ByteSet kUpper = ByteSet::range('A', 'Z');
constexpr ByteSet kWord = kDigit | kLower | kUpper | members("_");
constexpr ByteSet kPerlSpace = members("\t\n\f\r ");
// (?i) makes k match U+212A and s match U+017F, and the other way round.
constexpr ByteSet kFoldedBeyondAscii = members("kKsS");

struct NamedSet {
  std::string_view name;
  ByteSet set;
};
constexpr std::array kPosix = {
    NamedSet{"alnum", kDigit | kLower | kUpper},
    NamedSet{"alpha", kLower | kUpper},
    NamedSet{"ascii", kAscii},
    NamedSet{"blank", members("\t ")},
    NamedSet{"cntrl", ByteSet::range(0, 31) | ByteSet::range(127, 127)},
    NamedSet{"digit", kDigit},
    NamedSet{"graph", ByteSet::range('!', '~')},
    NamedSet{"lower", kLower},
    NamedSet{"print", ByteSet::range(' ', '~')},
    NamedSet{"punct",
             ByteSet::range('!', '/') | ByteSet::range(':', '@') | ByteSet::range('[', '`') | ByteSet::range('{', '~')},
    NamedSet{"space", members("\t\n\v\f\r ")},
    NamedSet{"upper", kUpper},
    NamedSet{"word", kWord},
    NamedSet{"xdigit", kDigit | ByteSet::range('a', 'f') | ByteSet::range('A', 'F')},
};

bool is_letter(unsigned c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(unsigned c) { return c >= '0' && c <= '9'; }
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

ByteSet folded(const ByteSet& set) {
  ByteSet out = set;
  set.for_each([&](unsigned b) {
    if (is_letter(b)) out.add(b ^ 0x20);
  });
  return out;
}

bool takes_part_in_folding_beyond_ascii(const ByteSet& set) {
  return set.has('k') || set.has('K') || set.has('s') || set.has('S');
}

// One character of a set: an ASCII one, or one of several bytes.
struct CharacterSet {
  ByteSet ascii;
  bool beyond = false;  // holds, or may hold, characters beyond ASCII
  bool vague = false;   // `ascii` may hold more than the pattern's set does
};

class ShapeReader {
 public:
  ShapeReader(std::string_view pattern, PatternShape& shape) : pattern_(pattern), shape_(shape) {}

  // With one alternative alone of the group that splits() names; -1: with all.
  void only(std::size_t group_begin, int branch) {
    split_ = group_begin;
    branch_ = branch;
  }

  void read() {
    const Part part = alternatives(0);
    if (at_ != pattern_.size()) fail();  // a ')' too many
    if (failed_) {
      shape_.items.clear();
      return;
    }
    shape_.known = true;
    shape_.certain = certain_ && part.size <= kCertainSize;
    shape_.branches = found_.branches <= PatternShape::kBranchesMax ? found_.branches : 0;
    shape_.items.assign(stack_.begin(), stack_.end());
  }
  // Where the group begins whose alternatives can be told apart.
  std::size_t split() const { return found_.begin; }

 private:
  // The first group with several alternatives; one that may come twice is none, since it may come differently.
  struct Split {
    std::size_t begin = 0;
    int branches = 0;
  };

  // A piece of the pattern is a piece of stack_, from `begin` to its end; `size` is what it is written out.
  struct Part {
    std::size_t begin = 0;
    std::uint64_t size = 0;
  };
  struct Flags {
    bool fold = false, dot_takes_newline = false;
  };

  bool more() const { return at_ < pattern_.size() && !failed_; }
  char peek() const { return pattern_[at_]; }
  bool looking_at(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  bool skip(std::string_view text) {
    if (!looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  void fail() { failed_ = true; }

  void push(const ByteSet& bytes, Times times = Times::kOnce) {
    if (stack_.size() >= kItemsMax) return fail();
    stack_.push_back({bytes, times});
  }

  // One after another until '|', ')' or the end.
  Part sequence(int depth) {
    Part all{stack_.size(), 0};
    while (more() && peek() != '|' && peek() != ')') {
      Part piece{stack_.size(), 0};
      bool repeatable = true;
      const Split before = found_;
      atom(depth, piece, repeatable);
      if (failed_) break;
      const bool may_come_twice = repetition(piece, repeatable);
      if (may_come_twice || before.branches > 0) found_ = before;
      all.size += piece.size;
    }
    return all;
  }

  Part alternatives(int depth) {
    if (depth > kDepthMax) {
      fail();
      return {};
    }
    const Flags outer = flags_;
    const std::size_t begin = at_;
    const bool alone = branch_ >= 0 && begin == split_;
    Part all = sequence(depth);
    if (alone && branch_ != 0) stack_.resize(all.begin);
    int branches = 1;
    for (; more() && peek() == '|'; ++branches) {
      ++at_;
      const Part next = sequence(depth);
      all.size += next.size;
      if (!alone) {
        lay_over(all.begin, next.begin);
      } else if (branches != branch_) {
        stack_.resize(next.begin);
      }
    }
    // Groups inside have been seen before; the outermost one is the one that says most.
    if (branches > 1) found_ = {begin, branches};
    flags_ = outer;
    return all;
  }

  // The items from `second` on are an alternative to those between `first` and `second`.
  void lay_over(std::size_t first, std::size_t second) {
    const std::size_t ours = second - first, theirs = stack_.size() - second;
    for (std::size_t i = 0; i < std::max(ours, theirs); ++i) {
      ShapeItem& target = stack_[first + i];
      if (i >= ours) {
        target = stack_[second + i];
        if (target.times == Times::kOnce) target.times = Times::kMaybe;
      } else if (i >= theirs) {
        if (target.times == Times::kOnce) target.times = Times::kMaybe;
      } else {
        const ShapeItem& other = stack_[second + i];
        target.bytes |= other.bytes;
        target.times = std::max(target.times, other.times);
      }
    }
    stack_.resize(first + std::max(ours, theirs));
  }

  void atom(int depth, Part& piece, bool& repeatable) {
    piece.size = 1;
    switch (const char c = peek()) {
      case '(': return group(depth, piece, repeatable);
      case '[': return push_set(bracket());
      case '.':
        ++at_;
        return push_set({flags_.dot_takes_newline ? kAscii : members("\n").ascii_complement(), true, false});
      case '^':
      case '$':
        ++at_;
        repeatable = false;
        return;
      case '\\': return escape(piece, repeatable);
      case '*':
      case '+':
      case '?': return fail();
      case '{': {
        int nothing = 0;
        if (counted(nothing, nothing)) return fail();
        [[fallthrough]];
      }
      default:
        if (static_cast<unsigned char>(c) >= 0x80) return push_character(character());
        ++at_;
        push_ascii(static_cast<unsigned char>(c));
    }
  }

  void group(int depth, Part& piece, bool& repeatable) {
    ++at_;
    const Flags outer = flags_;
    if (skip("?")) {
      if (skip(":")) {
        // only brackets
      } else if (skip("P<") || skip("<")) {
        if (!group_name()) return fail();
      } else if (!group_flags()) {
        return fail();
      } else if (skip(")")) {
        repeatable = false;  // the flags hold until the end of the group around
        return;
      } else if (!skip(":")) {
        return fail();
      }
    }
    const Part inside = alternatives(depth + 1);
    if (!skip(")")) return fail();
    flags_ = outer;
    piece.size += inside.size;
  }

  bool group_name() {
    const std::size_t end = pattern_.find('>', at_);
    if (end == std::string_view::npos || end == at_) return false;
    const std::string_view name = pattern_.substr(at_, end - at_);
    for (const char c : name) {
      if (static_cast<unsigned char>(c) >= 0x80 || !kWord.has(static_cast<unsigned char>(c))) return false;
    }
    if (std::find(names_.begin(), names_.end(), name) != names_.end()) return false;
    names_.push_back(name);
    at_ = end + 1;
    return true;
  }

  bool group_flags() {
    bool on = true, any = false;
    for (; more(); ++at_) {
      switch (peek()) {
        case 'i': flags_.fold = on; break;
        case 's': flags_.dot_takes_newline = on; break;
        case 'm':
        case 'U': break;
        case '-':
          if (!on) return false;
          on = false;
          any = false;
          continue;
        default: return any;
      }
      any = true;
    }
    return false;
  }

  void escape(Part& piece, bool& repeatable) {
    if (at_ + 1 >= pattern_.size()) return fail();
    const char c = pattern_[at_ + 1];
    switch (c) {
      case 'b':
      case 'B':
      case 'A':
      case 'z':
        at_ += 2;
        repeatable = false;
        return;
      case 'Q': repeatable = false; return quoted(piece);
      default: break;
    }
    CharacterSet set;
    if (class_escape(set)) {
      if (flags_.fold) fold(set);
      return push_set(set);
    }
    std::uint32_t character = 0;
    if (!character_escape(character)) return fail();
    push_character(character);
  }

  void quoted(Part& piece) {
    at_ += 2;
    const std::size_t end = std::min(pattern_.find("\\E", at_), pattern_.size());
    piece.size = end - at_ + 1;
    while (at_ < end && !failed_) push_character(character());
    skip("\\E");
  }

  // \d \w \s, their complements, and the classes of Unicode.
  bool class_escape(CharacterSet& set) {
    const char c = pattern_[at_ + 1];
    switch (c) {
      case 'd': set = {kDigit, false, false}; break;
      case 'w': set = {kWord, false, false}; break;
      case 's': set = {kPerlSpace, false, false}; break;
      case 'D': set = {kDigit.ascii_complement(), true, true}; break;
      case 'W': set = {kWord.ascii_complement(), true, true}; break;
      case 'S': set = {kPerlSpace.ascii_complement(), true, true}; break;
      case 'p':
      case 'P': {
        if (at_ + 2 >= pattern_.size()) return false;
        const bool braced = pattern_[at_ + 2] == '{';
        const std::size_t end = braced ? pattern_.find('}', at_) : at_ + 2;
        if (end == std::string_view::npos) return false;
        at_ = end + 1;
        certain_ = false;  // the engine has the names
        set = {kAscii, true, true};
        return true;
      }
      default: return false;
    }
    at_ += 2;
    return true;
  }

  bool character_escape(std::uint32_t& character) {
    const char c = pattern_[at_ + 1];
    at_ += 2;
    switch (c) {
      case 'a': character = '\a'; return true;
      case 'f': character = '\f'; return true;
      case 'n': character = '\n'; return true;
      case 'r': character = '\r'; return true;
      case 't': character = '\t'; return true;
      case 'v': character = '\v'; return true;
      case 'x': return hex_escape(character);
      default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || byte < ' ' || byte == 0x7F || is_letter(byte) || is_digit(byte)) return false;
    character = byte;
    return true;
  }

  bool hex_escape(std::uint32_t& character) {
    const bool braced = skip("{");
    const std::size_t end = braced ? pattern_.find('}', at_) : at_ + 2;
    if (end > pattern_.size() || end == at_ || end - at_ > 6) return false;
    character = 0;
    for (; at_ < end; ++at_) {
      const int digit = hex_digit(peek());
      if (digit < 0) return false;
      character = character * 16 + static_cast<std::uint32_t>(digit);
    }
    if (braced) ++at_;
    return character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
  }

  // The character at at_, behind which at_ then is.
  std::uint32_t character() {
    const auto lead = static_cast<unsigned char>(pattern_[at_]);
    if (lead < 0x80) {
      ++at_;
      return lead;
    }
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::uint32_t value = lead & (0x7FU >> bytes);
    if (lead < 0xC2 || lead > 0xF4 || at_ + bytes > pattern_.size()) {
      fail();
      return 0;
    }
    for (std::size_t i = 1; i < bytes; ++i) {
      const auto trail = static_cast<unsigned char>(pattern_[at_ + i]);
      if ((trail & 0xC0) != 0x80) fail();
      value = value << 6 | (trail & 0x3FU);
    }
    // what is written longer than it has to be, surrogates, and what lies beyond Unicode
    if ((bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000) || value > 0x10FFFF
        || (value >= 0xD800 && value <= 0xDFFF)) {
      fail();
    }
    at_ += bytes;
    return value;
  }

  CharacterSet bracket() {
    ++at_;
    const bool negated = skip("^");
    CharacterSet set;
    bool first = true;
    while (more() && (peek() != ']' || first)) {
      first = false;
      if (looking_at("[:")) {
        if (!posix(set)) fail();
        continue;
      }
      if (peek() == '\\' && at_ + 1 < pattern_.size()) {
        CharacterSet inner;
        if (class_escape(inner)) {
          set.ascii |= inner.ascii;
          set.beyond |= inner.beyond;
          set.vague |= inner.vague;
          continue;
        }
      }
      range(set);
    }
    if (!skip("]")) fail();
    // The complement of a set that may hold too much would hold too little.
    const bool vague = set.vague || (flags_.fold && set.beyond);
    if (flags_.fold) fold(set);
    if (negated) set = {vague ? kAscii : set.ascii.ascii_complement(), true, true};
    return set;
  }

  bool posix(CharacterSet& set) {
    at_ += 2;
    const bool negated = skip("^");
    for (const NamedSet& each : kPosix) {
      if (!looking_at(each.name) || !pattern_.substr(at_ + each.name.size()).starts_with(":]")) continue;
      at_ += each.name.size() + 2;
      set.ascii |= negated ? each.set.ascii_complement() : each.set;
      set.beyond |= negated;
      set.vague |= negated;
      return true;
    }
    return false;
  }

  void range(CharacterSet& set) {
    std::uint32_t low = 0;
    if (!set_member(low)) return fail();
    std::uint32_t high = low;
    if (looking_at("-") && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
      ++at_;
      if (!set_member(high) || high < low) return fail();
    }
    for (std::uint32_t c = low; c <= std::min<std::uint32_t>(high, 127); ++c) set.ascii.add(c);
    set.beyond |= high > 127;
  }

  // A bare '-' is a member only at the front and the end; what the engine says of others is its business.
  bool set_member(std::uint32_t& character_out) {
    if (!more()) return false;
    if (peek() == '\\') return at_ + 1 < pattern_.size() && character_escape(character_out);
    character_out = character();
    return !failed_;
  }

  static void fold(CharacterSet& set) {
    const bool reaches_out = takes_part_in_folding_beyond_ascii(set.ascii);
    set.ascii = folded(set.ascii);
    if (set.beyond) set.ascii |= kFoldedBeyondAscii;
    set.beyond |= reaches_out;
  }

  void push_ascii(unsigned byte) {
    ByteSet set;
    set.add(byte);
    if (!flags_.fold || !is_letter(byte)) return push(set);
    set.add(byte ^ 0x20);
    const unsigned lower = byte | 0x20;
    if (lower == 's') set.add(0xC5);  // the long s is C5 BF
    if (lower == 'k') set.add(0xE2);  // the sign of kelvin is E2 84 AA
    push(set);
    if (lower == 's') push(members("\xBF"), Times::kMaybe);
    if (lower == 'k') push(members("\x84\xAA"), Times::kAnyTimes);
  }

  void push_character(std::uint32_t character) {
    if (character < 0x80) return push_ascii(character);
    if (flags_.fold) return push_set({kFoldedBeyondAscii, true, true});
    char bytes[4];
    std::size_t n = 0;
    if (character < 0x800) {
      bytes[n++] = static_cast<char>(0xC0 | character >> 6);
    } else if (character < 0x10000) {
      bytes[n++] = static_cast<char>(0xE0 | character >> 12);
      bytes[n++] = static_cast<char>(0x80 | (character >> 6 & 0x3F));
    } else {
      bytes[n++] = static_cast<char>(0xF0 | character >> 18);
      bytes[n++] = static_cast<char>(0x80 | (character >> 12 & 0x3F));
      bytes[n++] = static_cast<char>(0x80 | (character >> 6 & 0x3F));
    }
    bytes[n++] = static_cast<char>(0x80 | (character & 0x3F));
    for (std::size_t i = 0; i < n; ++i) push(members({bytes + i, 1}));
  }

  // A character of several bytes is a first byte and a run of further ones.
  void push_set(const CharacterSet& set) {
    if (!set.beyond) return push(set.ascii);
    push(set.ascii | kLead);
    push(kTrail, Times::kAnyTimes);
  }

  // Whether the piece may come more than once.
  bool repetition(Part& piece, bool repeatable) {
    int least = 1, most = 1;
    if (!more() || !quantifier(least, most)) return false;
    skip("?");
    const std::size_t before = at_;
    int ignored = 0;
    if (!repeatable || (more() && quantifier(ignored, ignored))) {
      fail();
      return false;
    }
    at_ = before;
    repeat(piece, static_cast<std::size_t>(least), most < 0 ? kCopiesMax + 1 : static_cast<std::size_t>(most));
    piece.size = (piece.size + 1) * static_cast<std::uint64_t>(std::max({least + (most < 0 ? 1 : 0), most, 1}));
    if (piece.size > kCertainSize) {
      certain_ = false;
      piece.size = kCertainSize + 1;
    }
    return most < 0 || most > 1;
  }

  // `most` is -1 where there is no end. A '{' that begins no count is a character.
  bool quantifier(int& least, int& most) {
    switch (peek()) {
      case '*': least = 0, most = -1; break;
      case '+': least = 1, most = -1; break;
      case '?': least = 0, most = 1; break;
      case '{': return counted(least, most);
      default: return false;
    }
    ++at_;
    return true;
  }

  bool counted(int& least, int& most) {
    const std::size_t before = at_;
    ++at_;
    int low = 0, high = 0;
    bool understood = number(low);
    if (understood && skip(",")) {
      if (looking_at("}")) {
        high = -1;
      } else {
        understood = number(high);
      }
    } else {
      high = low;
    }
    if (!understood || !skip("}")) {
      at_ = before;
      return false;
    }
    if (low > kRepeatMax || high > kRepeatMax || (high >= 0 && high < low)) fail();
    least = low;
    most = high;
    return true;
  }

  bool number(int& value) {
    const std::size_t begin = at_;
    value = 0;
    for (; more() && is_digit(static_cast<unsigned char>(peek())); ++at_) {
      value = std::min(value * 10 + (peek() - '0'), kRepeatMax + 1);
    }
    // the engine reads a number with leading zeros otherwise
    return at_ > begin && (pattern_[begin] != '0' || at_ == begin + 1);
  }

  // What may be left out comes before what may not: so the last one that must be there stands beside what follows.
  void repeat(const Part& piece, std::size_t least, std::size_t most) {
    const Items body(stack_.begin() + static_cast<std::ptrdiff_t>(piece.begin), stack_.end());
    stack_.resize(piece.begin);
    if (body.empty()) return;
    const std::size_t copies = std::min(least, kCopiesMax);
    if (most - std::min(most, least) > kCopiesMax || most > kCopiesMax || copies < least) {
      ByteSet any;
      for (const ShapeItem& item : body) any |= item.bytes;
      push(any, Times::kAnyTimes);
    } else {
      for (std::size_t i = least; i < most; ++i) {
        for (const ShapeItem& item : body) push(item.bytes, std::max(item.times, Times::kMaybe));
      }
    }
    for (std::size_t i = 0; i < copies; ++i) {
      for (const ShapeItem& item : body) push(item.bytes, item.times);
    }
  }

  std::string_view pattern_;
  PatternShape& shape_;
  Items stack_;
  std::vector<std::string_view> names_;
  std::size_t at_ = 0;
  Flags flags_;
  bool failed_ = false;
  bool certain_ = true;
  Split found_;
  std::size_t split_ = 0;
  int branch_ = -1;
};

}  // namespace

void read_shape(std::string_view pattern, PatternShape& shape) {
  shape.known = shape.certain = false;
  shape.branches = 0;
  shape.items.clear();
  ShapeReader(pattern, shape).read();
}

void read_branch(std::string_view pattern, int branch, PatternShape& shape) {
  ShapeReader all(pattern, shape);
  all.read();
  if (branch >= shape.branches) return read_shape({}, shape);
  ShapeReader one(pattern, shape);
  one.only(all.split(), branch);
  one.read();
}

}  // namespace logs
