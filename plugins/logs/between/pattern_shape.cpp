#include "between/pattern_shape.hpp"

#include <algorithm>

#include "between/pattern_reader.hpp"

namespace logs {

namespace {

using Times = ShapeItem::Times;
using Items = std::vector<ShapeItem>;

constexpr std::size_t kItemsMax = 2048;       // a longer shape is given up
constexpr std::size_t kCopiesMax = 16;        // of a counted repetition; what is beyond becomes a run
constexpr std::uint64_t kCertainSize = 1000;  // of a pattern written out; the engine takes much more
constexpr int kDepthMax = 50;

class ShapeReader : PatternReader {
 public:
  ShapeReader(std::string_view pattern, PatternShape& shape) : PatternReader(pattern), shape_(shape) {}

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
      case '[': return push_set(bracket(flags_.fold));
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

  PatternShape& shape_;
  Items stack_;
  std::vector<std::string_view> names_;
  Flags flags_;
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
